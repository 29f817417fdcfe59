use std::{
    path::PathBuf,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use sqlx::{
    PgPool, Postgres, Transaction,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::sync::watch;
use tracing::Instrument;

use crate::{
    Error, Result, Tx,
    error::{EngineError, is_cut_off},
    folder::make_folder,
    lane::{Lane, PATIENCE, Writer},
    latch::Latch,
    migrations::PROBE,
    params,
    privacy::{private, refused},
    sqlite,
    transaction::Inner,
};

/// Of PostgreSQL, for each process.
const READERS: u32 = 16;
/// What PostgreSQL is told of patience, in milliseconds: how long a group waits for the turn of another process, and
/// how long a process that sleeps (stopped, swapped out, cut off) may keep the others from theirs. Woken, it finds its
/// transaction ended.
const PATIENT: [(&str, &str); 2] = [("lock_timeout", "5000"), ("idle_in_transaction_session_timeout", "10000")];
/// After how many milliseconds a statement that only reads is ended: a page that asks too much keeps nobody waiting.
const SLOWEST: (&str, &str) = ("statement_timeout", "30000");
/// Whoever reads writes nothing, also by mistake.
const READ_ONLY: (&str, &str) = ("default_transaction_read_only", "on");
/// The first SQLite without the corruption at WAL reset.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// The database of the program: cheap to clone, shared by all rooms.
#[derive(Debug, Clone)]
pub struct Database {
    pub(crate) readers: Readers,
    lane: Lane,
    commits: watch::Sender<u64>,
    latch: Latch,
    busy: Arc<AtomicU64>,
}

#[derive(Debug, Clone)]
pub(crate) enum Readers {
    Sqlite(sqlite::Readers),
    Postgres(PgPool),
}

impl Database {
    /// Opens `sqlite:PATH` (created if absent) or `postgres://…`, and refuses settings that would lose acts.
    ///
    /// # Errors
    /// [`Error::Unfit`] for an unknown URL or an engine that is too old or not durable; what the engine says otherwise.
    pub async fn open(url: &str) -> Result<Self> {
        let (writer, readers) = match url.split_once(':') {
            Some(("sqlite", path)) => open_sqlite(path)?,
            Some(("postgres" | "postgresql", _)) => open_postgres(url).await?,
            _ => return Err(Error::Unfit("l’indirizzo deve cominciare con sqlite: o postgres://".to_owned())),
        };
        let latch = Latch::default();
        let lane = Lane::new(writer, latch.clone());
        let database = Self { readers, lane, commits: watch::Sender::new(0), latch, busy: Arc::default() };
        database.refuse_unfit().await?;
        Ok(database)
    }

    /// A view of one moment, for reading.
    ///
    /// # Errors
    /// [`Error::Busy`] when no connection comes free in five seconds.
    pub async fn read(&self) -> Result<Tx> {
        let inner = self.note_busy(self.view().await)?;
        Ok(self.tx(inner, None))
    }

    /// For one statement that reads: what it sees is of one moment by itself, and two journeys to a server are spared. Several
    /// that must agree are a [`Database::read`].
    ///
    /// # Errors
    /// See [`Database::read`].
    pub async fn glance(&self) -> Result<Tx> {
        let inner = match &self.readers {
            Readers::Sqlite(readers) => self.note_busy(readers.glance().await.map(Inner::SqliteView))?,
            Readers::Postgres(pool) => Inner::PostgresGlance(pool.clone(), Arc::clone(&self.busy)),
        };
        Ok(self.tx(inner, None))
    }

    async fn view(&self) -> Result<Inner> {
        match &self.readers {
            Readers::Sqlite(readers) => Ok(Inner::SqliteView(readers.view().await?)),
            Readers::Postgres(pool) => {
                let view = view_of_postgres(pool).await.map_err(EngineError::from);
                Ok(Inner::PostgresView(self.latch.judge(view)?))
            }
        }
    }

    /// A unit of work. It holds this process's turn to write until it ends, so it must be short, wait for nothing else
    /// and not begin another. [`Tx::commit`] comes back when the disk has it, by a commit that units share which follow
    /// one another closely.
    ///
    /// # Errors
    /// [`Error::Busy`] when the turn does not come in five seconds; [`Error::Broken`] once the storage failed.
    pub async fn begin(&self) -> Result<Tx> {
        self.latch.refuse_if_fallen()?;
        let waiting = tracing::debug_span!(target: "sportello::database", "wait for a turn to write");
        let unit = self.note_busy(self.lane.turn().instrument(waiting).await)?;
        Ok(self.tx(Inner::Unit(unit), Some(self.commits.clone())))
    }

    pub(crate) const fn is_postgres(&self) -> bool {
        matches!(self.readers, Readers::Postgres(_))
    }

    fn tx(&self, inner: Inner, committed: Option<watch::Sender<u64>>) -> Tx {
        Tx { inner, latch: self.latch.clone(), committed, spoiled: false }
    }

    /// Whether a commit comes through to the disk: makes one that changes nothing and wakes nobody.
    ///
    /// # Errors
    /// What a person who sends something would be told: [`Error::Busy`], [`Error::Full`], [`Error::Broken`] ….
    pub async fn probe(&self) -> Result<()> {
        let mut tx = Tx { committed: None, ..self.begin().await? };
        tx.execute(PROBE, params![]).await?;
        tx.commit().await
    }

    /// Changes whenever this process commits: what followers of the book of acts wait for.
    #[must_use]
    pub fn commits(&self) -> watch::Receiver<u64> {
        self.commits.subscribe()
    }

    /// How much this process has written, and in how many commits.
    #[must_use]
    pub fn written(&self) -> crate::Written {
        self.lane.written()
    }

    /// How often this process has told somebody that the database is busy, since it began.
    #[must_use]
    pub fn refused_as_busy(&self) -> u64 {
        self.busy.load(Ordering::Relaxed)
    }

    fn note_busy<T>(&self, outcome: Result<T>) -> Result<T> {
        if matches!(outcome, Err(Error::Busy)) {
            self.busy.fetch_add(1, Ordering::Relaxed);
        }
        outcome
    }

    #[cfg(feature = "testing")]
    pub(crate) const fn latch(&self) -> &Latch {
        &self.latch
    }

    /// Lets those who write finish and closes every connection, checkpointing the SQLite log.
    pub async fn close(&self) {
        match &self.readers {
            Readers::Sqlite(readers) => readers.close().await,
            Readers::Postgres(pool) => pool.close().await,
        }
        self.lane.close().await;
    }

    async fn refuse_unfit(&self) -> Result<()> {
        let mut tx = self.begin().await?;
        match &self.readers {
            Readers::Sqlite(_) => refuse_unfit_sqlite(&mut tx).await,
            Readers::Postgres(_) => refuse_unfit_postgres(&mut tx).await,
        }
    }
}

/// A connection is not asked before whether it is still good: that would be one journey more for each view. One that the
/// server cut off fails here, where nothing is lost yet, and the next is tried; at last one that is made anew.
async fn view_of_postgres(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    past_cut_offs(|| pool.begin_with("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")).await
}

/// Asks something that changes nothing again, as long as connections of the pool turn out to have been cut off.
pub(crate) async fn past_cut_offs<T, Asked: Future<Output = sqlx::Result<T>>>(
    ask: impl Fn() -> Asked,
) -> sqlx::Result<T> {
    for _ in 0..READERS {
        match ask().await {
            Err(error) if is_cut_off(&error) => {}
            answered => return answered,
        }
    }
    ask().await
}

async fn open_postgres(url: &str) -> Result<(Writer, Readers)> {
    let options = private(PgConnectOptions::from_str(url)?)?.options(PATIENT);
    let pool = || PgPoolOptions::new().acquire_timeout(PATIENCE);
    let writer = pool().max_connections(1).connect_with(options.clone()).await.map_err(refused)?;
    let readers = pool().max_connections(READERS).test_before_acquire(false);
    let readers = readers.connect_with(options.options([SLOWEST, READ_ONLY])).await?;
    Ok((Writer::Postgres(writer), Readers::Postgres(readers)))
}

fn open_sqlite(path: &str) -> Result<(Writer, Readers)> {
    let path = PathBuf::from(path.trim_start_matches("//"));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_folder(folder)
            .map_err(|error| Error::Unfit(format!("non posso creare la cartella {} ({error})", folder.display())))?;
    }
    // The writer first: it creates the file and turns on the write-ahead log for those who read.
    let connection = sqlite::open(&path, PATIENCE)?;
    let readers = sqlite::Readers::new(&path, PATIENCE);
    Ok((Writer::Sqlite(path, Some(connection)), Readers::Sqlite(readers)))
}

async fn refuse_unfit_sqlite(tx: &mut Tx) -> Result<()> {
    let version =
        tx.row("SELECT sqlite_version() AS v", params![]).await?.map_or(Ok(String::new()), |row| row.text("v"))?;
    let mut parts = version.split('.').map(|part| part.parse().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    if (part(), part(), part()) < OLDEST_SQLITE {
        return Err(Error::Unfit(format!(
            "SQLite {version} può danneggiare il proprio file: serve la 3.51.3 o una più nuova"
        )));
    }
    // On some network file systems SQLite stays in another mode and says nothing: readers would wait for writers.
    let mode =
        tx.row("PRAGMA journal_mode", params![]).await?.map_or(Ok(String::new()), |row| row.text("journal_mode"))?;
    if mode != "wal" {
        return Err(Error::Unfit(
            "SQLite deve lavorare con journal_mode=WAL: metti il database in un file, su un disco locale e non in rete"
                .to_owned(),
        ));
    }
    let synchronous = tx.row("PRAGMA synchronous", params![]).await?.map_or(Ok(0), |row| row.int("synchronous"))?;
    if synchronous < 2 {
        return Err(Error::Unfit(
            "SQLite deve lavorare con synchronous=FULL: un’interruzione di corrente farebbe perdere ricevute"
                .to_owned(),
        ));
    }
    Ok(())
}

async fn refuse_unfit_postgres(tx: &mut Tx) -> Result<()> {
    let sql = "SELECT current_setting('synchronous_commit') AS s, current_setting('fsync') AS f, \
               current_setting('full_page_writes') AS w, current_setting('server_encoding') AS e, \
               CAST(datcollate AS TEXT) AS c FROM pg_database WHERE datname = current_database()";
    let Some(row) = tx.row(sql, params![]).await? else { return Err(Error::Busy) };
    if row.text("s")? == "off" || row.text("f")? != "on" || row.text("w")? != "on" {
        return Err(Error::Unfit(
            "PostgreSQL deve lavorare con synchronous_commit, fsync e full_page_writes attivi: si perderebbero ricevute"
                .to_owned(),
        ));
    }
    // Byte order, as in SQLite: an order of a language changes with the system's libraries, and indexes break with it.
    if row.text("e")? != "UTF8" || !["C", "POSIX", "C.UTF-8", "C.utf8"].contains(&row.text("c")?.as_str()) {
        return Err(Error::Unfit(
            "il database PostgreSQL va creato con codifica UTF8 e ordine C: createdb --template=template0 \
             --encoding=UTF8 --locale=C NOME"
                .to_owned(),
        ));
    }
    Ok(())
}
