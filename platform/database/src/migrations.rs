use std::time::{Duration, Instant};

use base::Timestamp;

use crate::{
    Database, Error, Result, Tx, params,
    transfer::{is_step, refuse_moved, refuse_unfinished},
};

/// Steps over a large book may take minutes.
const LONGEST_MIGRATION: Duration = Duration::from_secs(600);

/// One step in the history of the schema, owned by a room.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// `room/0001_what`: unique in the whole program.
    pub name: &'static str,
    /// Statements for both engines; `{blob}` stands for the type of bytes.
    pub sql: &'static str,
}

pub(crate) const CREATE_HISTORY: &str =
    "CREATE TABLE IF NOT EXISTS schema_history (name TEXT PRIMARY KEY, sql TEXT NOT NULL, applied_at TEXT NOT NULL)";

/// Writes a row as it is.
pub(crate) const PROBE: &str = "UPDATE schema_history SET applied_at = applied_at \
                                WHERE name = (SELECT MIN(name) FROM schema_history)";

impl Database {
    /// Brings the schema up to date, all steps in one transaction; those applied before are only checked. Programs that
    /// start at once on one PostgreSQL take turns, and the first applies.
    ///
    /// # Errors
    /// [`Error::Migration`] when two steps share a name, an applied step was edited since, the database has steps that
    /// this program does not know, or a statement fails; [`Error::Unfit`] for a side of a transfer that must not be used.
    pub async fn migrate(&self, steps: &[Migration], now: Timestamp) -> Result<usize> {
        let mut tx = self.turn_to_migrate().await?;
        refuse_unfinished(&mut tx).await?;
        refuse_moved(&mut tx).await?;
        drop(tx);
        self.apply(steps, now).await
    }

    /// Applies steps whatever transfers say.
    pub(crate) async fn apply(&self, steps: &[Migration], now: Timestamp) -> Result<usize> {
        refuse_doubles(steps)?;
        let mut tx = self.turn_to_migrate().await?;
        tx.script(CREATE_HISTORY).await?;
        refuse_newer(&mut tx, steps).await?;
        let mut applied = 0;
        for step in steps {
            applied += usize::from(apply(&mut tx, step, now).await?);
        }
        tx.commit().await?;
        Ok(applied)
    }

    /// A unit of work, for which a program on PostgreSQL waits longer than a person would: another one may be applying
    /// its steps. On SQLite there is no other one.
    async fn turn_to_migrate(&self) -> Result<Tx> {
        let began = Instant::now();
        loop {
            match self.begin().await {
                Err(Error::Busy) if self.is_postgres() && began.elapsed() < LONGEST_MIGRATION => {
                    tracing::warn!("another program holds the database: waiting for it");
                }
                outcome => return outcome,
            }
        }
    }

    /// # Errors
    /// [`Error::Unfit`] when a transfer to this database began and did not end.
    pub async fn refuse_unfinished(&self) -> Result<()> {
        refuse_unfinished(&mut self.read().await?).await
    }
}

async fn refuse_newer(tx: &mut Tx, steps: &[Migration]) -> Result<()> {
    let applied = tx.rows("SELECT name FROM schema_history ORDER BY name", params![]).await?;
    for row in applied {
        let name = row.text("name")?;
        if is_step(&name) && steps.iter().all(|step| step.name != name) {
            return Err(Error::Migration(format!(
                "è di una versione più nuova del programma, che ha aggiunto {name}: avvia quella, oppure ripristina la \
                 copia fatta prima dell’aggiornamento"
            )));
        }
    }
    Ok(())
}

fn refuse_doubles(steps: &[Migration]) -> Result<()> {
    let mut names: Vec<_> = steps.iter().map(|step| step.name).collect();
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(Error::Migration(format!("due passi dello schema si chiamano {}: rinominane uno", pair[0]))),
        None => Ok(()),
    }
}

async fn apply(tx: &mut Tx, step: &Migration, now: Timestamp) -> Result<bool> {
    let before = tx.row("SELECT sql FROM schema_history WHERE name = $1", params![step.name]).await?;
    if let Some(row) = before {
        return if row.text("sql")? == step.sql {
            Ok(false)
        } else {
            Err(Error::Migration(format!(
                "il passo {} è stato applicato con un altro testo: ripristinalo e aggiungi un passo nuovo",
                step.name
            )))
        };
    }
    let text = step.sql.replace("{blob}", if tx.is_postgres() { "BYTEA" } else { "BLOB" });
    tx.script(&text).await.map_err(|error| Error::Migration(format!("{}: {error}", step.name)))?;
    let sql = "INSERT INTO schema_history (name, sql, applied_at) VALUES ($1, $2, $3)";
    tx.execute(sql, params![step.name, step.sql, now]).await?;
    Ok(true)
}
