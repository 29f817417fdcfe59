use sqlx::{
    AssertSqlSafe, PgConnection, Postgres, Sqlite, SqliteConnection, pool::PoolConnection, postgres::PgArguments,
    query::Query, sqlite::SqliteArguments,
};

use crate::{Param, Row, row::Engine};

/// A connection that one owner holds, of either engine.
#[derive(Debug)]
pub(crate) enum Connection {
    Sqlite(PoolConnection<Sqlite>),
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
            Self::Sqlite(connection) => connection.close().await,
            Self::Postgres(connection) => connection.close().await,
        };
        if let Err(error) = closed {
            tracing::warn!(%error, "a connection did not close well");
        }
    }
}

/// The statements of either engine over a borrowed connection.
pub(crate) enum Session<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
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

impl Session<'_> {
    pub(crate) async fn execute(self, sql: &str, params: &[Param]) -> sqlx::Result<u64> {
        Ok(match self {
            Self::Sqlite(connection) => sqlite(sql, params).execute(connection).await?.rows_affected(),
            Self::Postgres(connection) => postgres(sql, params).execute(connection).await?.rows_affected(),
        })
    }

    pub(crate) async fn rows(self, sql: &str, params: &[Param]) -> sqlx::Result<Vec<Row>> {
        Ok(match self {
            Self::Sqlite(connection) => wrap(sqlite(sql, params).fetch_all(connection).await?, Engine::Sqlite),
            Self::Postgres(connection) => wrap(postgres(sql, params).fetch_all(connection).await?, Engine::Postgres),
        })
    }

    pub(crate) async fn row(self, sql: &str, params: &[Param]) -> sqlx::Result<Option<Row>> {
        Ok(match self {
            Self::Sqlite(connection) => sqlite(sql, params).fetch_optional(connection).await?.map(Engine::Sqlite),
            Self::Postgres(connection) => postgres(sql, params).fetch_optional(connection).await?.map(Engine::Postgres),
        }
        .map(Row))
    }

    pub(crate) async fn script(self, sql: &str) -> sqlx::Result<()> {
        match self {
            Self::Sqlite(connection) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop),
            Self::Postgres(connection) => sqlx::raw_sql(AssertSqlSafe(sql)).execute(connection).await.map(drop),
        }
    }
}

fn wrap<R>(rows: Vec<R>, engine: fn(R) -> Engine) -> Vec<Row> {
    rows.into_iter().map(|row| Row(engine(row))).collect()
}
