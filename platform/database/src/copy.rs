//! What a database holds at one moment, as one SQLite file, while others go on writing.

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt, path::Path, time::Duration};

use base::Timestamp;
use rusqlite::{
    Connection,
    backup::{Backup, StepResult},
};

use crate::{
    Database, Error, Migration, Result, Transfer,
    lane::PATIENCE,
    open::Readers,
    sqlite,
    transfer::{refuse_moved, refuse_unfinished},
};

/// Pages that are copied before somebody is told how far it is.
const STEP: i32 = 4096;
/// How long to wait for a page that somebody holds.
const PAUSE: Duration = Duration::from_millis(50);

impl Database {
    /// Writes what the database holds at this moment into the SQLite file `to`, which must not exist. Who writes
    /// meanwhile is not held up, and is not in the copy. SQLite is copied page by page, PostgreSQL row by row, with the
    /// rows read back and compared. `progress` is told what is copied and how much of it.
    ///
    /// # Errors
    /// What either side refuses; [`Error::Unfit`], in Italian, where the file exists, where the copy of a row is not
    /// the row, where the book went on elsewhere, or where the database has other steps than `steps` (PostgreSQL only).
    /// What was written until then stays.
    pub async fn copy_to(
        &self,
        to: &Path,
        steps: &[Migration],
        now: Timestamp,
        mut progress: impl FnMut(&str, u64),
    ) -> Result<()> {
        if to.exists() {
            return Err(Error::Unfit(format!("{} esiste già: scegli un altro nome", to.display())));
        }
        let mut tx = self.read().await?;
        refuse_unfinished(&mut tx).await?;
        refuse_moved(&mut tx).await?;
        drop(tx);
        // It holds what people sent: nobody else of this machine reads it.
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
        made.map_err(|error| Error::Unfit(format!("non posso scrivere {} ({error})", to.display())))?;
        match &self.readers {
            Readers::Sqlite(readers) => Ok(copy_pages(readers.path(), to, &mut progress)?),
            Readers::Postgres(_) => {
                let mut copying = Transfer::copy_of(self, &format!("sqlite:{}", to.display()), steps, now).await?;
                copying.copy(&mut progress).await?;
                if let Some(table) = copying.compare().await?.into_iter().find(|table| !table.equal()) {
                    return Err(Error::Unfit(format!("la copia della tabella {} non è uguale", table.table)));
                }
                copying.leave().await
            }
        }
    }
}

fn copy_pages(from: &Path, to: &Path, progress: &mut impl FnMut(&str, u64)) -> rusqlite::Result<()> {
    let source = sqlite::open(from, PATIENCE)?;
    // The view is held from here to the end: without it the copy would begin anew whenever somebody writes.
    source.execute_batch("BEGIN")?;
    source.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0))?;
    let mut target = Connection::open(to)?;
    let pages = Backup::new(&source, &mut target)?;
    loop {
        match pages.step(STEP)? {
            StepResult::Done => break,
            StepResult::More => {
                let told = pages.progress();
                progress("pagine", u64::try_from(told.pagecount - told.remaining).unwrap_or(0));
            }
            _ => std::thread::sleep(PAUSE),
        }
    }
    drop(pages);
    // One file, without a log beside it.
    target.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0))?;
    target.close().map_err(|(_, error)| error)
}
