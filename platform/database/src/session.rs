use sqlx::{
    AssertSqlSafe, PgConnection, PgPool, Postgres,
    pool::PoolConnection,
    postgres::{PgArguments, PgRow},
    query::Query,
};

use crate::{Param, Row, error::EngineError, open::past_cut_offs, row::Engine, sqlite};

/// Of an engine, as it says it.
pub(crate) type Outcome<T> = std::result::Result<T, EngineError>;

/// A connection that one owner holds, of either engine.
#[derive(Debug)]
pub(crate) enum Connection {
    Sqlite(rusqlite::Connection),
    Postgres(PoolConnection<Postgres>),
}

impl Connection {
    pub(crate) fn session(&mut self) -> Session<'_> {
        match self {
            Self::Sqlite(connection) => Session::Sqlite(connection),
            Self::Postgres(connection) => Session::Postgres(connection),
        }
    }

    /// Whoever comes next gets another connection: nobody knows what this one still holds.
    pub(crate) async fn close(self) {
        let closed = match self {
            Self::Sqlite(connection) => connection.close().map_err(|(_, error)| EngineError::from(error)),
            Self::Postgres(connection) => connection.close().await.map_err(EngineError::from),
        };
        if let Err(error) = closed {
            tracing::warn!(%error, "a connection did not close well");
        }
    }
}

/// The statements of either engine over a borrowed connection. Those of SQLite are done when they are asked for; only
/// PostgreSQL makes the caller wait.
pub(crate) enum Session<'c> {
    Sqlite(&'c mut rusqlite::Connection),
    Postgres(&'c mut PgConnection),
    /// Whichever connection is free, for one statement.
    Pool(&'c PgPool),
}

// SQL is written by us as a literal, or built from literals by a `store.rs`, never from what a person typed:
// `AssertSqlSafe` says so to sqlx, and `tidy` keeps SQL in those files.

fn postgres<'q>(sql: &str, params: &[Param]) -> Query<'q, Postgres, PgArguments> {
    params.iter().cloned().fold(sqlx::query(AssertSqlSafe(sql)), |query, param| match param {
        Param::Text(value) => query.bind(value),
        Param::Int(value) => query.bind(value),
        Param::Blob(value) => query.bind(value),
    })
}

async fn glanced(pool: &PgPool, sql: &str, params: &[Param]) -> sqlx::Result<Vec<PgRow>> {
    past_cut_offs(|| postgres(sql, params).fetch_all(pool)).await
}

impl Session<'_> {
    pub(crate) async fn execute(self, sql: &str, params: &[Param]) -> Outcome<u64> {
        Ok(match self {
            Self::Sqlite(connection) => sqlite::execute(connection, sql, params)?,
            Self::Postgres(connection) => postgres(sql, params).execute(connection).await?.rows_affected(),
            Self::Pool(pool) => postgres(sql, params).execute(pool).await?.rows_affected(),
        })
    }

    pub(crate) async fn rows(self, sql: &str, params: &[Param]) -> Outcome<Vec<Row>> {
        Ok(match self {
            Self::Sqlite(connection) => sqlite::rows(connection, sql, params, usize::MAX)?,
            Self::Postgres(connection) => {
                let rows = postgres(sql, params).fetch_all(connection).await?;
                rows.into_iter().map(|row| Row(Engine::Postgres(row))).collect()
            }
            Self::Pool(pool) => {
                let rows = glanced(pool, sql, params).await?;
                rows.into_iter().map(|row| Row(Engine::Postgres(row))).collect()
            }
        })
    }

    pub(crate) async fn row(self, sql: &str, params: &[Param]) -> Outcome<Option<Row>> {
        Ok(match self {
            Self::Sqlite(connection) => sqlite::rows(connection, sql, params, 1)?.pop(),
            Self::Postgres(connection) => {
                postgres(sql, params).fetch_optional(connection).await?.map(|row| Row(Engine::Postgres(row)))
            }
            Self::Pool(pool) => {
                glanced(pool, sql, params).await?.into_iter().next().map(|row| Row(Engine::Postgres(row)))
            }
        })
    }

    pub(crate) async fn script(self, sql: &str) -> Outcome<()> {
        match self {
            Self::Sqlite(connection) => connection.execute_batch(sql)?,
            Self::Postgres(connection) => {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await?;
            }
            Self::Pool(pool) => {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await?;
            }
        }
        Ok(())
    }
}
