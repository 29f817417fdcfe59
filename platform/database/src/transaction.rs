use sqlx::{
    AssertSqlSafe, Postgres, Sqlite, Transaction, postgres::PgArguments, query::Query, sqlite::SqliteArguments,
};
use tokio::sync::watch;

use crate::{Param, Result, Row, latch::Latch, row::Engine};

/// A transaction: a consistent view for reading, or the one unit of work of a request. Dropped, it leaves nothing.
#[derive(Debug)]
pub struct Tx {
    pub(crate) inner: Inner,
    pub(crate) latch: Latch,
    /// Whom a commit wakes.
    pub(crate) committed: Option<watch::Sender<u64>>,
}

#[derive(Debug)]
pub(crate) enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

// SQL is written by us as a literal, or built from literals by a `store.rs`, never from what a person typed:
// `AssertSqlSafe` says so to sqlx, and `tidy` keeps SQL in those files.

fn sqlite<'q>(sql: &str, params: &[Param]) -> Query<'q, Sqlite, SqliteArguments> {
    params.iter().cloned().fold(sqlx::query(AssertSqlSafe(sql)), |query, param| match param {
        Param::Text(value) => query.bind(value),
        Param::Int(value) => query.bind(value),
        Param::Blob(value) => query.bind(value),
    })
}

fn postgres<'q>(sql: &str, params: &[Param]) -> Query<'q, Postgres, PgArguments> {
    params.iter().cloned().fold(sqlx::query(AssertSqlSafe(sql)), |query, param| match param {
        Param::Text(value) => query.bind(value),
        Param::Int(value) => query.bind(value),
        Param::Blob(value) => query.bind(value),
    })
}

impl Inner {
    async fn execute(&mut self, sql: &str, params: &[Param]) -> sqlx::Result<u64> {
        Ok(match self {
            Self::Sqlite(tx) => sqlite(sql, params).execute(&mut **tx).await?.rows_affected(),
            Self::Postgres(tx) => postgres(sql, params).execute(&mut **tx).await?.rows_affected(),
        })
    }

    async fn rows(&mut self, sql: &str, params: &[Param]) -> sqlx::Result<Vec<Row>> {
        Ok(match self {
            Self::Sqlite(tx) => wrap(sqlite(sql, params).fetch_all(&mut **tx).await?, Engine::Sqlite),
            Self::Postgres(tx) => wrap(postgres(sql, params).fetch_all(&mut **tx).await?, Engine::Postgres),
        })
    }

    async fn row(&mut self, sql: &str, params: &[Param]) -> sqlx::Result<Option<Row>> {
        Ok(match self {
            Self::Sqlite(tx) => sqlite(sql, params).fetch_optional(&mut **tx).await?.map(Engine::Sqlite),
            Self::Postgres(tx) => postgres(sql, params).fetch_optional(&mut **tx).await?.map(Engine::Postgres),
        }
        .map(Row))
    }

    async fn script(&mut self, sql: String) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(tx) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **tx).await.map(drop),
            Self::Postgres(tx) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **tx).await.map(drop),
        }
    }

    async fn commit(self) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
    }
}

impl Tx {
    /// Runs a statement and tells how many rows it touched.
    ///
    /// # Errors
    /// What the engine refused, as a [`crate::Error`].
    pub async fn execute(&mut self, sql: &str, params: &[Param]) -> Result<u64> {
        self.latch.judge(self.inner.execute(sql, params).await)
    }

    /// All rows of an answer.
    ///
    /// # Errors
    /// See [`Tx::execute`].
    pub async fn rows(&mut self, sql: &str, params: &[Param]) -> Result<Vec<Row>> {
        self.latch.judge(self.inner.rows(sql, params).await)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// See [`Tx::execute`].
    pub async fn row(&mut self, sql: &str, params: &[Param]) -> Result<Option<Row>> {
        self.latch.judge(self.inner.row(sql, params).await)
    }

    /// A single number, such as a count: column `n` of the first row, 0 where there is none.
    ///
    /// # Errors
    /// See [`Tx::execute`].
    pub async fn number(&mut self, sql: &str, params: &[Param]) -> Result<i64> {
        self.row(sql, params).await?.map_or(Ok(0), |row| Ok(row.opt_int("n")?.unwrap_or(0)))
    }

    /// Several statements without parameters, as in a migration.
    pub(crate) async fn script(&mut self, sql: String) -> Result<()> {
        self.latch.judge(self.inner.script(sql).await)
    }

    /// The column type for bytes, the one word in which the engines differ.
    pub(crate) fn blob_type(&self) -> &'static str {
        match self.inner {
            Inner::Sqlite(_) => "BLOB",
            Inner::Postgres(_) => "BYTEA",
        }
    }

    /// Makes everything durable (the disk has it when this returns) and wakes who waits for commits.
    ///
    /// # Errors
    /// When the engine could not commit: nothing was written. [`Error::Broken`](crate::Error::Broken) also when the
    /// storage failed since the transaction began.
    pub async fn commit(self) -> Result<()> {
        self.latch.refuse_if_fallen()?;
        self.latch.judge(self.inner.commit().await)?;
        if let Some(committed) = self.committed {
            committed.send_modify(|count| *count += 1);
        }
        Ok(())
    }
}

fn wrap<R>(rows: Vec<R>, engine: fn(R) -> Engine) -> Vec<Row> {
    rows.into_iter().map(|row| Row(engine(row))).collect()
}
