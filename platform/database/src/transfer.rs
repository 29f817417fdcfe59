//! Everything from one database into another of either engine, with a proof that nothing changed on the way.

mod marks;
mod rows;
mod tables;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use base::Timestamp;
use sqlx::Connection as _;

pub(crate) use marks::{is_step, refuse_moved, refuse_unfinished};
pub use rows::Tally;
use rows::{Reader, insert};
use tables::Table;

use crate::{Database, Error, Migration, Result, Tx, params, privacy::private};

/// How long rows are written before they are committed.
const SHARED_COMMIT: Duration = Duration::from_millis(500);

/// How long connections may outlive their program.
const FAREWELL: Duration = Duration::from_secs(2);

/// What one table holds on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The table.
    pub table: String,
    /// What was read from the source.
    pub source: Tally,
    /// What was read back from the target, after all was written.
    pub target: Tally,
}

impl Compared {
    /// Whether both sides hold the same rows.
    #[must_use]
    pub fn equal(&self) -> bool {
        self.source == self.target
    }
}

/// A transfer under way. The source is held: nobody writes to it meanwhile. The target is marked as unfinished, and no
/// program serves it, until [`Transfer::finish`].
#[derive(Debug)]
pub struct Transfer {
    source: Tx,
    target: Database,
    tables: Vec<Table>,
    copied: Vec<Tally>,
    run: String,
}

impl Transfer {
    /// Opens both sides, takes hold of the source and prepares the target with the steps of the schema.
    ///
    /// # Errors
    /// [`Error::Unfit`] or [`Error::Migration`], in Italian, when the source is not there, in use, or of another
    /// version of the program; when the target is not empty. What the engines say otherwise.
    pub async fn begin(from: &str, to: &str, steps: &[Migration], now: Timestamp) -> Result<Self> {
        Self::into(take_hold(from, to, steps).await?, to, steps, now).await
    }

    /// Reads the source as it is at this moment, while others go on writing to it, and prepares a copy at `to`: not the
    /// place where the book goes on, so the source stays open.
    ///
    /// # Errors
    /// As [`Transfer::begin`], except that the source may be in use.
    pub(crate) async fn copy_of(source: &Database, to: &str, steps: &[Migration], now: Timestamp) -> Result<Self> {
        let mut source = source.read().await?;
        unhurried(&mut source).await?;
        marks::refuse_other_version(&mut source, steps).await?;
        Self::into(source, to, steps, now).await
    }

    async fn into(source: Tx, to: &str, steps: &[Migration], now: Timestamp) -> Result<Self> {
        let target = Database::open(to).await?;
        let run = format!("{} {now}", std::process::id());
        empty(&target).await?;
        marks::begin(&target, &run, now).await?;
        target.apply(steps, now).await?;
        let mut transfer = Self { source, target, tables: Vec::new(), copied: Vec::new(), run };
        transfer.compare_schemas().await?;
        Ok(transfer)
    }

    /// Ends a copy; the source is as it was.
    pub(crate) async fn leave(self) -> Result<()> {
        marks::finish(&self.target, &self.run).await?;
        drop(self.source);
        self.target.close().await;
        Ok(())
    }

    async fn compare_schemas(&mut self) -> Result<()> {
        let mut view = self.target.read().await?;
        let (here, mut there) = (tables::of(&mut self.source).await?, tables::of(&mut view).await?);
        // The order of the target counts: it takes the rows. By name they must be the same.
        let by_name = |tables: &[Table]| {
            let mut tables: Vec<_> = tables.iter().map(|table| (table.name.clone(), table.columns.clone())).collect();
            tables.sort_by(|one, other| one.0.cmp(&other.0));
            tables
        };
        if by_name(&here) != by_name(&there) {
            return Err(Error::Unfit("origine e destinazione non hanno le stesse tabelle e colonne".to_owned()));
        }
        there.retain(|table| table.name != marks::HISTORY);
        self.tables = there;
        Ok(())
    }

    /// Copies every table; `progress` is told the table and how many of its rows are there.
    ///
    /// # Errors
    /// What the engines refuse, and [`Error::Unfit`] for a value that its column cannot hold.
    pub async fn copy(&mut self, mut progress: impl FnMut(&str, u64)) -> Result<()> {
        self.forget_seeds().await?;
        for table in &self.tables {
            let mut reader = Reader::open(&mut self.source, table).await?;
            progress(&table.name, 0);
            let mut tx = self.target.begin().await?;
            let mut begun = Instant::now();
            loop {
                let rows = reader.next(&mut self.source).await?;
                if rows.is_empty() {
                    break;
                }
                insert(&mut tx, table, &rows).await?;
                if SHARED_COMMIT < begun.elapsed() {
                    tx.commit().await?;
                    progress(&table.name, reader.tally.rows);
                    tx = self.target.begin().await?;
                    begun = Instant::now();
                }
            }
            tx.commit().await?;
            self.copied.push(reader.tally);
        }
        Ok(())
    }

    /// Steps of the schema write first rows, such as a counter: the source has its own.
    async fn forget_seeds(&self) -> Result<()> {
        let mut tx = self.target.begin().await?;
        for table in self.tables.iter().rev() {
            tx.execute(&format!("DELETE FROM \"{}\"", table.name), params![]).await?;
        }
        tx.commit().await
    }

    /// Reads the whole target back and holds it against what was read from the source.
    ///
    /// # Errors
    /// What the target refuses.
    pub async fn compare(&mut self) -> Result<Vec<Compared>> {
        let mut view = self.target.read().await?;
        unhurried(&mut view).await?;
        let mut compared = Vec::new();
        for (table, source) in self.tables.iter().zip(&self.copied) {
            let target = read_whole(&mut view, table).await?;
            compared.push(Compared { table: table.name.clone(), source: *source, target });
        }
        Ok(compared)
    }

    /// The source, for what rooms compare beside their tables.
    pub fn source(&mut self) -> &mut Tx {
        &mut self.source
    }

    /// A view of the target, for the same.
    ///
    /// # Errors
    /// See [`Database::read`].
    pub async fn target(&self) -> Result<Tx> {
        self.target.read().await
    }

    /// Closes the source for good, so that nobody goes on in two books, and then opens the target for use.
    ///
    /// # Errors
    /// What either side refuses. The target then stays unusable, the source may be closed already, and the transfer can
    /// be made again to the same target.
    pub async fn finish(mut self, to: &str, now: Timestamp) -> Result<()> {
        marks::moved(&mut self.source, to, now).await?;
        self.source.commit().await?;
        marks::finish(&self.target, &self.run).await?;
        self.target.close().await;
        Ok(())
    }
}

/// What every table holds, by name: equal for two databases, of whatever engine, only if they hold the same rows.
///
/// # Errors
/// What the database refuses.
pub async fn tallies(tx: &mut Tx) -> Result<Vec<(String, Tally)>> {
    unhurried(tx).await?;
    let mut tables = tables::of(tx).await?;
    tables.sort_by(|one, other| one.name.cmp(&other.name));
    let mut found = Vec::with_capacity(tables.len());
    for table in &tables {
        found.push((table.name.clone(), read_whole(tx, table).await?));
    }
    Ok(found)
}

/// Reading a whole book takes longer than a page may, and while one side is read the other rests.
async fn unhurried(tx: &mut Tx) -> Result<()> {
    if tx.is_postgres() {
        tx.script("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0").await?;
    }
    Ok(())
}

async fn read_whole(tx: &mut Tx, table: &Table) -> Result<Tally> {
    let mut reader = Reader::open(tx, table).await?;
    while !reader.next(tx).await?.is_empty() {}
    Ok(reader.tally)
}

/// The source as one unit of work that nobody else can write beside.
async fn take_hold(from: &str, to: &str, steps: &[Migration]) -> Result<Tx> {
    match from.split_once(':') {
        Some(("sqlite", path)) => refuse_used_file(path.trim_start_matches("//"))?,
        Some(("postgres" | "postgresql", _)) => refuse_used_server(from).await?,
        _ => {}
    }
    let database = Database::open(from).await?;
    let mut source = database.begin().await?;
    unhurried(&mut source).await?;
    marks::refuse_unfinished(&mut source).await?;
    marks::refuse_moved_elsewhere(&mut source, to).await?;
    marks::refuse_other_version(&mut source, steps).await?;
    Ok(source)
}

/// SQLite leaves the write-ahead log only when nobody else has the file open.
fn refuse_used_file(path: &str) -> Result<()> {
    if !Path::new(path).is_file() {
        return Err(Error::Unfit(format!("il file {path} non esiste: indica quello giusto con --from")));
    }
    let used = || Error::Unfit("è aperto da un altro programma: ferma Sportello e riprova".to_owned());
    let leave = || {
        let alone = rusqlite::Connection::open(path)?;
        alone.busy_timeout(Duration::ZERO)?;
        alone.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0))
    };
    match leave().map_err(Error::from) {
        Ok(mode) if mode == "delete" => Ok(()),
        Ok(_) | Err(Error::Busy) => Err(used()),
        Err(error) => Err(error),
    }
}

/// The server knows who is connected to this database.
async fn refuse_used_server(url: &str) -> Result<()> {
    let mut alone = sqlx::PgConnection::connect_with(&private(url.parse()?)?).await?;
    let sql = "SELECT count(*) FROM pg_stat_activity \
               WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
    let (began, mut others) = (Instant::now(), i64::MAX);
    // Connections of a program that has just ended are noticed a moment later.
    while others > 0 && began.elapsed() < FAREWELL {
        others = sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut alone).await?;
    }
    alone.close().await?;
    if others == 0 {
        return Ok(());
    }
    Err(Error::Unfit(format!("{others} altri programmi sono collegati: ferma ogni Sportello e riprova")))
}

/// Makes room for the tables, where there is nothing but the rest of a transfer that did not end.
async fn empty(target: &Database) -> Result<()> {
    let mut tx = target.begin().await?;
    let tables = tables::of(&mut tx).await?;
    if tables.is_empty() {
        return Ok(());
    }
    if !marks::unfinished(&mut tx).await? {
        return Err(Error::Unfit("la destinazione non è vuota: indica con --to un database senza tabelle".to_owned()));
    }
    for table in tables.iter().rev() {
        tx.script(&format!("DROP TABLE \"{}\"", table.name)).await?;
    }
    tx.commit().await
}
