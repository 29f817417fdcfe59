//! Getting rid of what was deleted also where the engine still keeps it.

use crate::{Database, Error, Result, error::EngineError, lane::PATIENCE, open::Readers, sqlite};

impl Database {
    /// Takes care that what was deleted is not kept beside the tables. SQLite: freed pages are overwritten as they
    /// come free; this writes the log into the file and empties it, for which those who write wait. PostgreSQL: `VACUUM`;
    /// what the server keeps beyond (its log, free space inside pages) docs/operations tells.
    ///
    /// # Errors
    /// [`Error::Busy`] while somebody reads what is older: to be tried again later.
    pub async fn scrub(&self) -> Result<()> {
        match &self.readers {
            Readers::Sqlite(readers) => empty_log(readers),
            Readers::Postgres(pool) => vacuum(pool).await,
        }
    }
}

fn empty_log(readers: &sqlite::Readers) -> Result<()> {
    let connection = sqlite::open(readers.path(), PATIENCE)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0))?;
    if busy == 0 { Ok(()) } else { Err(Error::Busy) }
}

/// On a connection of its own: it takes as long as it takes, and no transaction may be around it.
async fn vacuum(pool: &sqlx::PgPool) -> Result<()> {
    let mut connection = pool.acquire().await.map_err(EngineError::from)?.detach();
    for sql in ["SET statement_timeout = 0", "VACUUM"] {
        sqlx::raw_sql(sql).execute(&mut connection).await?;
    }
    Ok(())
}
