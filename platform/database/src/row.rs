use base::{Date, Timestamp, Uuid};
use sqlx::{Decode, Postgres, Row as _, Type, postgres::PgRow};

use crate::{
    Error, Result,
    sqlite::{FromValue, SqliteRow},
};

/// One row of an answer. Columns are read by name.
#[derive(Debug)]
pub struct Row(pub(crate) Engine);

#[derive(Debug)]
pub(crate) enum Engine {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! get {
    ($row:expr, $column:expr, $kind:ty) => {
        match &$row.0 {
            Engine::Sqlite(row) => row.get::<$kind>($column),
            Engine::Postgres(row) => {
                row.try_get::<$kind, _>($column).map_err(|error| Error::Column($column, error.to_string()))
            }
        }
    };
}

impl Row {
    /// The value in a place, of whatever column; `None` is NULL.
    pub(crate) fn at<T>(&self, place: usize) -> std::result::Result<Option<T>, String>
    where
        T: FromValue + for<'r> Decode<'r, Postgres> + Type<Postgres>,
    {
        match &self.0 {
            Engine::Sqlite(row) => row.at(place),
            Engine::Postgres(row) => row.try_get(place).map_err(|error| error.to_string()),
        }
    }

    /// A `TEXT` that is never NULL.
    ///
    /// # Errors
    /// [`Error::Column`], as every reader here, when the column is absent, NULL or of another type.
    pub fn text(&self, column: &'static str) -> Result<String> {
        get!(self, column, String)
    }

    /// A `TEXT` that may be NULL.
    ///
    /// # Errors
    /// See [`Row::text`].
    pub fn opt_text(&self, column: &'static str) -> Result<Option<String>> {
        get!(self, column, Option<String>)
    }

    /// A `BIGINT` that is never NULL.
    ///
    /// # Errors
    /// See [`Row::text`].
    pub fn int(&self, column: &'static str) -> Result<i64> {
        get!(self, column, i64)
    }

    /// A `BIGINT` that may be NULL.
    ///
    /// # Errors
    /// See [`Row::text`].
    pub fn opt_int(&self, column: &'static str) -> Result<Option<i64>> {
        get!(self, column, Option<i64>)
    }

    /// A 0/1 column as a truth value.
    ///
    /// # Errors
    /// See [`Row::text`].
    pub fn flag(&self, column: &'static str) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    /// Bytes that are never NULL.
    ///
    /// # Errors
    /// See [`Row::text`].
    pub fn blob(&self, column: &'static str) -> Result<Vec<u8>> {
        get!(self, column, Vec<u8>)
    }

    /// Bytes that may be NULL.
    ///
    /// # Errors
    /// See [`Row::text`].
    pub fn opt_blob(&self, column: &'static str) -> Result<Option<Vec<u8>>> {
        get!(self, column, Option<Vec<u8>>)
    }

    /// A text that holds something with a grammar: an identifier, a date, an instant, a code.
    ///
    /// # Errors
    /// See [`Row::text`]; also when the text does not parse.
    pub fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(&self, column: &'static str) -> Result<T> {
        self.text(column)?.parse().map_err(|error: T::Err| Error::Column(column, error.to_string()))
    }

    /// Like [`Row::parsed`], NULL allowed.
    ///
    /// # Errors
    /// See [`Row::parsed`].
    pub fn opt_parsed<T: std::str::FromStr<Err: std::fmt::Display>>(&self, column: &'static str) -> Result<Option<T>> {
        let parse = |text: String| text.parse().map_err(|error: T::Err| Error::Column(column, error.to_string()));
        self.opt_text(column)?.map(parse).transpose()
    }

    /// An identifier.
    ///
    /// # Errors
    /// See [`Row::parsed`].
    pub fn id(&self, column: &'static str) -> Result<Uuid> {
        self.parsed(column)
    }

    /// An instant.
    ///
    /// # Errors
    /// See [`Row::parsed`].
    pub fn instant(&self, column: &'static str) -> Result<Timestamp> {
        self.parsed(column)
    }

    /// A civil date.
    ///
    /// # Errors
    /// See [`Row::parsed`].
    pub fn date(&self, column: &'static str) -> Result<Date> {
        self.parsed(column)
    }
}
