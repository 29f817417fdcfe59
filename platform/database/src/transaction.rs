use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use sqlx::{PgPool, Postgres, Transaction};
use tokio::sync::watch;
use tracing::Instrument;

use crate::{
    Error, Param, Result, Row,
    lane::Unit,
    latch::Latch,
    session::{Outcome, Session},
    sqlite::View,
};

/// A transaction: a consistent view for reading, or the one unit of work of a request. Dropped, it leaves nothing.
#[derive(Debug)]
pub struct Tx {
    pub(crate) inner: Inner,
    pub(crate) latch: Latch,
    /// Whom a commit wakes.
    pub(crate) committed: Option<watch::Sender<u64>>,
    /// A statement failed: what the unit would write is not whole.
    pub(crate) spoiled: bool,
}

#[derive(Debug)]
pub(crate) enum Inner {
    SqliteView(View),
    PostgresView(Transaction<'static, Postgres>),
    /// The readers, and how often somebody was told that they are busy.
    PostgresGlance(PgPool, Arc<AtomicU64>),
    Unit(Unit),
}

impl Inner {
    fn session(&mut self) -> Session<'_> {
        match self {
            Self::SqliteView(view) => Session::Sqlite(view.connection()),
            Self::PostgresView(view) => Session::Postgres(view),
            Self::PostgresGlance(pool, _) => Session::Pool(pool),
            Self::Unit(unit) => unit.session(),
        }
    }

    async fn end(self) -> Result<()> {
        match self {
            Self::SqliteView(_) | Self::PostgresGlance(..) => Ok(()),
            Self::PostgresView(view) => Ok(view.commit().await?),
            Self::Unit(unit) => unit.durable().await,
        }
    }
}

impl Tx {
    /// Runs a statement and tells how many rows it touched.
    ///
    /// # Errors
    /// What the engine refused, as a [`crate::Error`]. A unit of work of which a statement failed is spoiled: on both
    /// engines every further statement, and the commit, is refused with [`Error::Spoiled`].
    pub async fn execute(&mut self, sql: &str, params: &[Param]) -> Result<u64> {
        let outcome = self.session(sql)?.execute(sql, params).await;
        self.judge(outcome)
    }

    /// All rows of an answer.
    ///
    /// # Errors
    /// See [`Tx::execute`].
    pub async fn rows(&mut self, sql: &str, params: &[Param]) -> Result<Vec<Row>> {
        let outcome = self.session(sql)?.rows(sql, params).await;
        self.judge(outcome)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// See [`Tx::execute`].
    pub async fn row(&mut self, sql: &str, params: &[Param]) -> Result<Option<Row>> {
        let outcome = self.session(sql)?.row(sql, params).await;
        self.judge(outcome)
    }

    /// A single number, such as a count: column `n` of the first row, 0 where there is none.
    ///
    /// # Errors
    /// See [`Tx::execute`].
    pub async fn number(&mut self, sql: &str, params: &[Param]) -> Result<i64> {
        self.row(sql, params).await?.map_or(Ok(0), |row| Ok(row.opt_int("n")?.unwrap_or(0)))
    }

    /// Several statements without parameters, as in a migration.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<()> {
        let outcome = self.session(sql)?.script(sql).await;
        self.judge(outcome)
    }

    pub(crate) const fn is_postgres(&self) -> bool {
        match &self.inner {
            Inner::SqliteView(_) => false,
            Inner::PostgresView(_) | Inner::PostgresGlance(..) => true,
            Inner::Unit(unit) => unit.is_postgres(),
        }
    }

    /// Makes everything durable (the disk has it when this returns) and wakes who waits for commits.
    ///
    /// # Errors
    /// When the engine could not commit: nothing was written. [`Error::Broken`] also when the storage failed since the
    /// transaction began, [`Error::Spoiled`] when one of its statements failed.
    pub async fn commit(self) -> Result<()> {
        if self.spoiled {
            return Err(Error::Spoiled);
        }
        self.latch.refuse_if_fallen()?;
        if matches!(self.inner, Inner::Unit(_)) {
            self.latch.faults.unit_ends();
        }
        let span = tracing::debug_span!(target: "sportello::database", "commit");
        self.inner.end().instrument(span).await?;
        if let Some(committed) = self.committed {
            committed.send_modify(|count| *count += 1);
        }
        Ok(())
    }

    fn session(&mut self, sql: &str) -> Result<Session<'_>> {
        if self.spoiled {
            return Err(Error::Spoiled);
        }
        if matches!(self.inner, Inner::Unit(_)) {
            self.latch.faults.before_statement(sql).inspect_err(|_| self.spoiled = true)?;
        }
        Ok(self.inner.session())
    }

    fn judge<T>(&mut self, outcome: Outcome<T>) -> Result<T> {
        let mut judged = self.latch.judge(outcome);
        if judged.is_ok() && matches!(self.inner, Inner::Unit(_)) {
            judged = self.latch.faults.after_statement().and(judged);
        }
        if let (Inner::PostgresGlance(_, busy), Err(Error::Busy)) = (&self.inner, &judged) {
            busy.fetch_add(1, Ordering::Relaxed);
        }
        self.spoiled = judged.is_err();
        judged
    }
}
