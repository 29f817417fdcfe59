//! `sportello read-only`: nothing that people send is taken, while pages, receipts and proofs stay.

use std::process::ExitCode;

use base::{Clock, Language, long_timestamp};
use database::Database;

use crate::{
    arguments::{ReadOnly, Switch},
    machine::SystemClock,
    settings::{database, refuse_absent},
    terminal::say,
    told,
};

/// Turns the switch in the database, where every running process notices it.
pub async fn run(asked: ReadOnly) -> anyhow::Result<ExitCode> {
    refuse_absent(&asked.place)?;
    let url = database(&asked.place);
    let unusable = |error| told::unusable(&url, &error);
    let database = Database::open(&url).await.map_err(unusable)?;
    let since = turn(&database, asked.switch).await.map_err(unusable)?;
    database.close().await;
    let seconds = web::read_only::NOTICED_WITHIN.as_secs();
    say(match (asked.switch, since) {
        (Switch::Status, None) => "La sola lettura è spenta: le persone possono inviare.".to_owned(),
        (Switch::Off, _) => {
            format!("Sola lettura spenta: entro {seconds} secondi le persone possono di nuovo inviare.")
        }
        (Switch::On, Some(since)) => format!(
            "Sola lettura accesa dal {}: entro {seconds} secondi nessun processo accetta più invii. Consultazione, \
             ricevute, verifiche e accessi restano. Per spegnerla: sportello read-only off",
            long_timestamp(since, Language::Italian)
        ),
        (_, Some(since)) => format!("La sola lettura è accesa dal {}.", long_timestamp(since, Language::Italian)),
        (Switch::On, None) => "Qualcun altro ha appena spento la sola lettura.".to_owned(),
    });
    Ok(ExitCode::SUCCESS)
}

async fn turn(database: &Database, switch: Switch) -> database::Result<Option<base::Timestamp>> {
    if switch != Switch::Status {
        let now = SystemClock.now();
        let mut tx = database.begin().await?;
        let since = web::read_only::since(&mut tx).await?;
        web::read_only::switch(&mut tx, switch == Switch::On, now).await?;
        if let Some(since) = since.filter(|_| switch == Switch::Off) {
            waiting::put_off(&mut tx, since, now).await?;
        }
        tx.commit().await?;
    }
    web::read_only::since(&mut database.read().await?).await
}
