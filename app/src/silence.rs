//! `sportello silence`: a registry does not answer, and what rests on it waits until it does.

use std::process::ExitCode;

use anyhow::ensure;
use base::{Clock, Language, Timestamp, long_timestamp};
use database::Database;
use registry::COMPANY_REGISTRY;

use crate::{
    arguments::{Silence, Switch},
    machine::SystemClock,
    settings::{database, refuse_absent},
    terminal::say,
    told,
};

/// Notes it in the database, where the next check of every process finds it.
pub async fn run(asked: Silence) -> anyhow::Result<ExitCode> {
    let Silence { switch, registry, place } = asked;
    ensure!(
        registry == COMPANY_REGISTRY,
        "nulla si ferma quando tace «{registry}»: si può segnalare il silenzio di {COMPANY_REGISTRY}"
    );
    refuse_absent(&place)?;
    let url = database(&place);
    let unusable = |error| told::unusable(&url, &error);
    let database = Database::open(&url).await.map_err(unusable)?;
    let since = turn(&database, &registry, switch).await.map_err(unusable)?;
    database.close().await;
    say(match since {
        Some(since) => format!(
            "«{registry}» non risponde dal {}: finché tace nessuno agisce per un’impresa, e i moduli inviati tornano a chi li ha \
             scritti. Quando risponde: sportello silence off",
            long_timestamp(since, Language::Italian)
        ),
        None => format!("«{registry}» risponde."),
    });
    Ok(ExitCode::SUCCESS)
}

async fn turn(database: &Database, registry: &str, switch: Switch) -> database::Result<Option<Timestamp>> {
    if switch != Switch::Status {
        let mut tx = database.begin().await?;
        match switch {
            Switch::On => registry::fall_silent(&mut tx, registry, SystemClock.now()).await?,
            _ => registry::answer_again(&mut tx, registry).await?,
        }
        tx.commit().await?;
    }
    registry::silent_since(&mut database.read().await?, registry).await
}
