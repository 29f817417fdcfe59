//! Getting rid of what was deleted also where the engine still keeps it.

use std::{path::Path, time::Duration};

use crate::{Database, Error, Result, error::EngineError, open::Readers, sqlite};

/// Who writes waits no longer than this for somebody who reads what is older: a copy of the book is made for minutes.
const SHORT: Duration = Duration::from_millis(100);

impl Database {
    /// Takes care that what was deleted is not kept beside the tables. SQLite: freed pages are overwritten as they
    /// come free; this writes the log into the file and empties it, for which those who write wait a moment. PostgreSQL: `VACUUM`;
    /// what the server keeps beyond (its log, free space inside pages) docs/operations tells.
    ///
    /// # Errors
    /// [`Error::Busy`] while somebody reads what is older: to be tried again later.
    pub async fn scrub(&self) -> Result<()> {
        match &self.readers {
            Readers::Sqlite(readers) => {
                let path = readers.path().to_owned();
                let emptied = tokio::task::spawn_blocking(move || empty_log(&path)).await;
                emptied.map_err(|error| Error::Other(error.to_string()))?
            }
            Readers::Postgres(pool) => vacuum(pool).await,
        }
    }
}

/// First beside those who write: what that leaves, somebody still reads, and then nobody is made to wait for it.
fn empty_log(path: &Path) -> Result<()> {
    let connection = sqlite::open(path, SHORT)?;
    let leaves = |sql| {
        connection.query_row(sql, [], |row| {
            let (busy, pages, written) = (row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?);
            Ok(busy != 0 || pages != written)
        })
    };
    let left = leaves("PRAGMA wal_checkpoint(PASSIVE)")? || leaves("PRAGMA wal_checkpoint(TRUNCATE)")?;
    if left { Err(Error::Busy) } else { Ok(()) }
}

/// On a connection of its own: it takes as long as it takes, and no transaction may be around it.
async fn vacuum(pool: &sqlx::PgPool) -> Result<()> {
    let mut connection = pool.acquire().await.map_err(EngineError::from)?.detach();
    for sql in ["SET statement_timeout = 0", "VACUUM"] {
        sqlx::raw_sql(sql).execute(&mut connection).await?;
    }
    Ok(())
}
