//! One writer at a time, and one journey to the disk for many of them.
//!
//! A commit that reaches the disk takes a millisecond; the statements of a unit of work take a tenth of one. So units
//! that wait for their turn share a transaction: each is a savepoint in it, and all are told that they are durable by
//! the one commit at its end (*group commit*). What a unit reads, it reads after those before it, as if each had
//! committed alone.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::PgPool;
use tokio::sync::{mpsc, oneshot};

use crate::{
    Error, Result,
    latch::Latch,
    session::{Connection, Outcome, Session},
    sqlite,
};

/// For how long units may join a group: those that came first wait for those that came last.
const OPEN_FOR: Duration = Duration::from_millis(8);
/// PostgreSQL keeps the state of 64 subtransactions at hand and looks further ones up on disk.
const MOST_UNITS: u32 = 64;
/// How long somebody waits for a turn to write before the person is asked to try again.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// All processes on one PostgreSQL take turns as the threads of one process do: positions in the book and protocol
/// numbers follow the order of commits, and no two groups can wait for each other's rows. The number says "sportello".
const POSTGRES_BEGIN: &str = "BEGIN; SELECT pg_advisory_xact_lock(8313731577)";

/// The connection that writes.
#[derive(Debug)]
pub(crate) enum Writer {
    /// The file, and the connection while nobody holds it.
    Sqlite(PathBuf, Option<rusqlite::Connection>),
    /// A pool of one.
    Postgres(PgPool),
}

impl Writer {
    async fn begin(&mut self) -> Outcome<Connection> {
        let (mut connection, begin) = match self {
            Self::Sqlite(path, idle) => {
                let connection = idle.take().map_or_else(|| sqlite::open(path, PATIENCE), Ok)?;
                (Connection::Sqlite(connection), "BEGIN IMMEDIATE")
            }
            Self::Postgres(pool) => (Connection::Postgres(pool.acquire().await?), POSTGRES_BEGIN),
        };
        match connection.session().script(begin).await {
            Ok(()) => Ok(connection),
            Err(error) => {
                connection.close().await;
                Err(error)
            }
        }
    }

    /// Takes back a connection on which nothing is open.
    fn keep(&mut self, connection: Connection) {
        if let (Self::Sqlite(_, idle), Connection::Sqlite(connection)) = (self, connection) {
            *idle = Some(connection);
        }
    }

    async fn close(&mut self) {
        match self {
            Self::Sqlite(_, idle) => {
                if let Some(connection) = idle.take() {
                    let _optimised = connection.execute_batch("PRAGMA optimize");
                    Connection::Sqlite(connection).close().await;
                }
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// Who waits for a turn.
type Turn = oneshot::Sender<Result<Unit>>;

#[derive(Debug)]
enum Wanted {
    Turn(Turn),
    Close(oneshot::Sender<()>),
}

/// What this process has made durable since it began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Units of work.
    pub units: u64,
    /// Commits that they shared: journeys to the disk.
    pub commits: u64,
}

#[derive(Debug, Default)]
struct Counters {
    units: AtomicU64,
    commits: AtomicU64,
}

/// The door to the one task that writes; it ends with the last door.
#[derive(Debug, Clone)]
pub(crate) struct Lane {
    door: mpsc::UnboundedSender<Wanted>,
    counters: Arc<Counters>,
}

impl Lane {
    pub(crate) fn new(writer: Writer, latch: Latch) -> Self {
        let (door, wanted) = mpsc::unbounded_channel();
        let counters = Arc::<Counters>::default();
        let blocks = matches!(writer, Writer::Sqlite(..));
        let driver = Driver { writer, latch, wanted, counters: Arc::clone(&counters) };
        if blocks {
            // SQLite waits for the disk, and for other processes, where it is called: in a thread of its own that
            // keeps nobody from anything else.
            let runtime = tokio::runtime::Handle::current();
            let _running = tokio::task::spawn_blocking(move || runtime.block_on(driver.run()));
        } else {
            tokio::spawn(driver.run());
        }
        Self { door, counters }
    }

    pub(crate) fn written(&self) -> Written {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Written { units: read(&self.counters.units), commits: read(&self.counters.commits) }
    }

    /// Waits for a turn to write.
    ///
    /// # Errors
    /// [`Error::Busy`] when it does not come in time.
    pub(crate) async fn turn(&self) -> Result<Unit> {
        let (turn, mine) = oneshot::channel();
        self.door.send(Wanted::Turn(turn)).map_err(|_| Error::Busy)?;
        match tokio::time::timeout(PATIENCE, mine).await {
            Ok(Ok(unit)) => unit,
            Ok(Err(_)) | Err(_) => Err(Error::Busy),
        }
    }

    /// Lets those who wait finish and closes the connection.
    pub(crate) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.door.send(Wanted::Close(done)).is_ok() {
            let _ended = closed.await;
        }
    }
}

/// A turn to write: the connection, lent for one unit of work. Dropped, it leaves nothing of the unit.
#[derive(Debug)]
pub(crate) struct Unit {
    lent: Option<(Connection, oneshot::Sender<Returned>)>,
}

#[derive(Debug)]
struct Returned {
    connection: Connection,
    /// Whom to tell that the unit is durable; `None`: it is to be undone.
    kept: Option<oneshot::Sender<Result<()>>>,
}

impl Unit {
    pub(crate) fn session(&mut self) -> Session<'_> {
        let (connection, _) =
            self.lent.as_mut().expect("only `durable` and `drop` take the connection, and end the unit");
        connection.session()
    }

    pub(crate) const fn is_postgres(&self) -> bool {
        matches!(self.lent, Some((Connection::Postgres(_), _)))
    }

    /// Ends the unit and waits until the disk has it.
    pub(crate) async fn durable(mut self) -> Result<()> {
        let (tell, told) = oneshot::channel();
        self.give_back(Some(tell));
        told.await.unwrap_or(Err(Error::Busy))
    }

    fn give_back(&mut self, kept: Option<oneshot::Sender<Result<()>>>) {
        if let Some((connection, back)) = self.lent.take() {
            // Nobody takes it back only when the runtime ends; the connection closes then, and nothing was committed.
            let _ = back.send(Returned { connection, kept });
        }
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        self.give_back(None);
    }
}

struct Driver {
    writer: Writer,
    latch: Latch,
    wanted: mpsc::UnboundedReceiver<Wanted>,
    counters: Arc<Counters>,
}

impl Driver {
    async fn run(mut self) {
        while let Some(wanted) = self.wanted.recv().await {
            let closing = match wanted {
                Wanted::Turn(turn) => self.group(turn).await,
                Wanted::Close(done) => Some(done),
            };
            if let Some(done) = closing {
                // Before anybody is told: whoever comes later must not open the file again.
                self.wanted.close();
                self.writer.close().await;
                let _ = done.send(());
                return;
            }
        }
    }

    /// Serves whoever waits, one after the other, and then commits for all of them. Gives whom to tell that the lane is
    /// closed, if somebody asked for it meanwhile.
    async fn group(&mut self, first: Turn) -> Option<oneshot::Sender<()>> {
        if first.is_closed() {
            return None;
        }
        let connection = match self.latch.judge(self.writer.begin().await) {
            Ok(connection) => connection,
            Err(error) => {
                drop(first.send(Err(error)));
                return None;
            }
        };
        let mut group = Group { connection: Some(connection), free: None, kept: Vec::new(), mark: Mark::Beginning };
        let (begun, mut units) = (Instant::now(), 0);
        let mut next = Some(first);
        let mut closing = None;
        while let Some(turn) = next.take() {
            if !turn.is_closed() {
                group.serve(turn).await;
                units += 1;
            }
            if group.connection.is_some() && units < MOST_UNITS && begun.elapsed() < OPEN_FOR {
                match self.wanted.try_recv() {
                    Ok(Wanted::Turn(turn)) => next = Some(turn),
                    Ok(Wanted::Close(done)) => closing = Some(done),
                    Err(_) => {}
                }
            }
        }
        let free = group.commit(&self.latch, &self.counters).await;
        if let Some(connection) = free {
            self.writer.keep(connection);
        }
        closing
    }
}

/// Where the savepoint stands to which a failed unit goes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// There is none: nothing was written yet.
    Beginning,
    /// Behind all that is kept.
    Here,
    /// Before something that is kept: it must be set anew before the next unit.
    Behind,
}

struct Group {
    /// `None` once the shared transaction is lost.
    connection: Option<Connection>,
    /// The connection, once the only unit was undone: nothing is open on it.
    free: Option<Connection>,
    kept: Vec<oneshot::Sender<Result<()>>>,
    mark: Mark,
}

impl Group {
    async fn serve(&mut self, turn: Turn) {
        if let Err(error) = self.set_mark().await {
            self.lose(Error::from(error)).await;
            return drop(turn.send(Err(Error::Busy)));
        }
        let Some(connection) = self.connection.take() else { return };
        let (back, returned) = oneshot::channel();
        // Whoever gave up meanwhile drops the unit, which gives the connection back at once.
        let _ = turn.send(Ok(Unit { lent: Some((connection, back)) }));
        let Ok(Returned { connection, kept }) = returned.await else { return };
        self.connection = Some(connection);
        match kept {
            Some(tell) => {
                self.kept.push(tell);
                self.mark = Mark::Behind;
            }
            None => self.undo().await,
        }
    }

    async fn set_mark(&mut self) -> Outcome<()> {
        let Some(connection) = &mut self.connection else { return Ok(()) };
        if self.mark == Mark::Behind {
            let first = self.kept.len() == 1;
            let sql = if first { "SAVEPOINT unit" } else { "RELEASE SAVEPOINT unit; SAVEPOINT unit" };
            connection.session().script(sql).await?;
            self.mark = Mark::Here;
        }
        Ok(())
    }

    /// Undoes the last unit, and it alone. Where the engine has given up the whole transaction by itself, as SQLite
    /// does when the disk is full, going back to the savepoint fails, and all units of the group with it.
    async fn undo(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        let alone = self.mark == Mark::Beginning;
        let sql = if alone { "ROLLBACK" } else { "ROLLBACK TO SAVEPOINT unit" };
        match connection.session().script(sql).await {
            Ok(()) if alone => self.free = Some(connection), // the group ends here
            Ok(()) => self.connection = Some(connection),
            Err(error) => {
                connection.close().await;
                self.tell(&Err(Error::from(error)));
            }
        }
    }

    /// Commits and tells everybody; gives the connection back if nothing is open on it.
    async fn commit(mut self, latch: &Latch, counters: &Counters) -> Option<Connection> {
        let Some(mut connection) = self.connection.take() else { return self.free };
        let committed = match latch.refuse_if_fallen().and_then(|()| latch.faults.before_commit()) {
            Ok(()) => latch.judge(connection.session().script("COMMIT").await),
            Err(error) => Err(error),
        };
        let committed = committed.and_then(|()| latch.faults.after_commit());
        if committed.is_ok() {
            counters.units.fetch_add(self.kept.len() as u64, Ordering::Relaxed);
            counters.commits.fetch_add(1, Ordering::Relaxed);
        }
        self.tell(&committed);
        if committed.is_ok() {
            return Some(connection);
        }
        connection.close().await;
        None
    }

    /// The shared transaction is lost: everybody in it is told so, and nothing of it was written.
    async fn lose(&mut self, error: Error) {
        if let Some(connection) = self.connection.take() {
            connection.close().await;
        }
        self.tell(&Err(error));
    }

    fn tell(&mut self, outcome: &Result<()>) {
        for tell in self.kept.drain(..) {
            let _ = tell.send(match outcome {
                Ok(()) => Ok(()),
                Err(error) => Err(error.twin()),
            });
        }
    }
}
