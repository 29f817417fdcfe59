use base::Timestamp;

use crate::{Database, Error, Result, Tx, params};

/// One step in the history of the schema, owned by a room.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// `room/0001_what`: unique in the whole program.
    pub name: &'static str,
    /// Statements for both engines; `{blob}` stands for the type of bytes.
    pub sql: &'static str,
}

const HISTORY: &str =
    "CREATE TABLE IF NOT EXISTS schema_history (name TEXT PRIMARY KEY, sql TEXT NOT NULL, applied_at TEXT NOT NULL)";

/// Writes a row as it is.
pub(crate) const PROBE: &str = "UPDATE schema_history SET applied_at = applied_at \
                                WHERE name = (SELECT MIN(name) FROM schema_history)";

impl Database {
    /// Brings the schema up to date, all steps in one transaction; those applied before are only checked.
    ///
    /// # Errors
    /// [`Error::Migration`] when two steps share a name, an applied step was edited since, or a statement fails.
    pub async fn migrate(&self, steps: &[Migration], now: Timestamp) -> Result<usize> {
        refuse_doubles(steps)?;
        let mut tx = self.begin().await?;
        tx.script(HISTORY).await?;
        let mut applied = 0;
        for step in steps {
            applied += usize::from(apply(&mut tx, step, now).await?);
        }
        tx.commit().await?;
        Ok(applied)
    }
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
    let text = step.sql.replace("{blob}", tx.blob_type());
    tx.script(&text).await.map_err(|error| Error::Migration(format!("{}: {error}", step.name)))?;
    let sql = "INSERT INTO schema_history (name, sql, applied_at) VALUES ($1, $2, $3)";
    tx.execute(sql, params![step.name, step.sql, now]).await?;
    Ok(true)
}
