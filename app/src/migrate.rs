//! `sportello migrate`: the schema brought up to date, or everything moved into another database.

use std::{process::ExitCode, time::Instant};

use base::Clock;
use database::{Compared, Database, Tally, Transfer, Tx};

use crate::{
    arguments::{Migrate, Place},
    house::migrations,
    machine::SystemClock,
    settings::database,
    terminal::{clear, counted, say, seconds},
    told::{self, without_password},
};

/// `sportello migrate`.
pub async fn run(migrate: Migrate) -> anyhow::Result<ExitCode> {
    match (&migrate.from, &migrate.to) {
        (Some(from), Some(to)) => transfer(from, to).await,
        _ => bring_up_to_date(&migrate.place).await,
    }
}

async fn bring_up_to_date(place: &Place) -> anyhow::Result<ExitCode> {
    let url = database(place);
    let database = Database::open(&url).await.map_err(|error| told::unusable(&url, &error))?;
    let migrated = database.migrate(&migrations(), SystemClock.now()).await;
    let applied = migrated.map_err(|error| told::unusable(&url, &error))?;
    database.close().await;
    say(format!("{applied} passi nuovi: lo schema è aggiornato."));
    Ok(ExitCode::SUCCESS)
}

async fn transfer(from: &str, to: &str) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    let sides = || format!("da {} a {}", without_password(from), without_password(to));
    let failed = |error| told::not_transferred(&sides(), &error);
    let transfer = Transfer::begin(from, to, &migrations(), SystemClock.now()).await;
    let mut transfer = transfer.map_err(failed)?;
    say(format!("Trasferisco il libro {}. Intanto nessun altro può scriverci.", sides()));
    transfer.copy(counted).await.map_err(failed)?;
    clear();
    let tables = transfer.compare().await.map_err(failed)?;
    let source = Book::read(transfer.source()).await.map_err(failed)?;
    let target = Book::read(&mut transfer.target().await.map_err(failed)?).await.map_err(failed)?;
    tables.iter().for_each(|table| say(line(table)));
    source.said(&target).into_iter().for_each(say);
    if source != target || !tables.iter().all(Compared::equal) {
        say("✗ Le due parti non sono uguali: la destinazione resta inutilizzabile, l’origine è intatta.");
        return Ok(ExitCode::FAILURE);
    }
    let finished = transfer.finish(to, SystemClock.now()).await;
    finished.map_err(|error| told::not_finished(&sides(), &error))?;
    say(format!(
        "✓ Tutto è uguale ({}). L’origine è chiusa: d’ora in poi avvia Sportello con --database {}",
        seconds(began.elapsed()),
        without_password(to)
    ));
    say("  Le chiavi restano nella cartella dei dati: non cambiarla. Prova del nove: sportello verify --book");
    Ok(ExitCode::SUCCESS)
}

/// `✓ acts  305 righe  3f9a…`, or both sides where they differ.
fn line(compared: &Compared) -> String {
    let side = |tally: &Tally| format!("{:>9} righe  {}", tally.rows, hex::encode(tally.digest));
    let Compared { table, source, target } = compared;
    if compared.equal() {
        format!("✓ {table:<24}{}", side(source))
    } else {
        format!("✗ {table:<24}{}\n  {:<24}{}", side(source), "  nella destinazione", side(target))
    }
}

/// What the rooms say of a book, beside the rows of its tables.
#[derive(Debug, PartialEq, Eq)]
struct Book {
    acts: i64,
    checkpoint: Option<notary::SignedCheckpoint>,
    followers: Vec<(String, i64)>,
}

impl Book {
    async fn read(tx: &mut Tx) -> database::Result<Self> {
        let (acts, followers) = (acts::count(tx).await?, acts::cursors(tx).await?);
        Ok(Self { acts, checkpoint: notary::newest_checkpoint(tx).await?, followers })
    }

    fn said(&self, other: &Self) -> [String; 3] {
        let mark = |equal: bool| if equal { '✓' } else { '✗' };
        let log = self.checkpoint.as_ref().map_or_else(
            || "nessun punto di controllo firmato".to_owned(),
            |signed| format!("ultimo punto di controllo firmato {}, radice {}", signed.size, hex::encode(&signed.root)),
        );
        let followers: Vec<_> = self.followers.iter().map(|(name, next)| format!("{name} {next}")).collect();
        [
            format!("{} Libro degli atti: {} atti", mark(self.acts == other.acts), self.acts),
            format!("{} Registro: {log}", mark(self.checkpoint == other.checkpoint)),
            format!("{} Seguono il libro fino a: {}", mark(self.followers == other.followers), followers.join(", ")),
        ]
    }
}
