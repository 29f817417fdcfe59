use rusqlite::ffi;
use sqlx::error::DatabaseError;

/// What can go wrong, told apart by what a person or the program can do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another writer holds the database, or no connection came free in time: try again shortly.
    #[error("the database is busy")]
    Busy,
    /// The disk is full: reading goes on, nothing was written.
    #[error("the disk is full")]
    Full,
    /// The database file or server accepts no writes.
    #[error("the database is read-only")]
    ReadOnly,
    /// The storage failed once (SQLite: an input/output error): nothing is written any more until the program is
    /// started again, by somebody who has looked at the disk.
    #[error("the storage failed: nothing is written until the program is started again")]
    Broken,
    /// A statement of this unit of work failed before: nothing of it will be written.
    #[error("a statement failed before: nothing of this unit of work is written")]
    Spoiled,
    /// A row with this key exists already; the text names the constraint, for the log.
    #[error("already present: {0}")]
    Conflict(String),
    /// A column that the code expects is not in the row or has another type: a defect of ours.
    #[error("column `{0}`: {1}")]
    Column(&'static str, String),
    /// A migration cannot be applied; the text says which and why.
    #[error("{0}")]
    Migration(String),
    /// The engine or its settings are not fit for keeping acts; the text says why and what to do, in Italian: whoever
    /// starts the program reads it.
    #[error("{0}")]
    Unfit(String),
    /// Anything else; logged once, with a reference for the person.
    #[error("{0}")]
    Other(String),
}

/// Result of database calls.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The same for somebody else whom it concerns too: one commit that fails is the failure of all who share it.
    pub(crate) fn twin(&self) -> Self {
        match self {
            Self::Busy => Self::Busy,
            Self::Full => Self::Full,
            Self::ReadOnly => Self::ReadOnly,
            Self::Broken => Self::Broken,
            Self::Spoiled => Self::Spoiled,
            Self::Conflict(text) => Self::Conflict(text.clone()),
            Self::Column(column, text) => Self::Column(column, text.clone()),
            Self::Migration(text) => Self::Migration(text.clone()),
            Self::Unfit(text) => Self::Unfit(text.clone()),
            Self::Other(text) => Self::Other(text.clone()),
        }
    }
}

/// Whether the connection is gone: the server was stopped, ended it, or cannot be reached.
pub(crate) fn is_cut_off(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) => true,
        // Class 57P: the operator intervened.
        sqlx::Error::Database(told) => told.code().is_some_and(|code| code.starts_with("57P")),
        _ => false,
    }
}

/// What an engine refused, in its own words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EngineError {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    Postgres(#[from] sqlx::Error),
}

impl From<EngineError> for Error {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Sqlite(error) => error.into(),
            EngineError::Postgres(error) => error.into(),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            // A server that is being started again is back in a moment.
            sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) => Self::Busy,
            sqlx::Error::Database(inner) => {
                from_postgres(inner.as_ref()).unwrap_or_else(|| Self::Other(error.to_string()))
            }
            _ => Self::Other(error.to_string()),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        from_sqlite(&error).unwrap_or_else(|| Self::Other(error.to_string()))
    }
}

fn from_postgres(error: &dyn DatabaseError) -> Option<Error> {
    if error.is_unique_violation() {
        return Some(Error::Conflict(error.message().to_owned()));
    }
    match error.code()?.as_ref() {
        "58030" => Some(Error::Broken),
        "53100" => Some(Error::Full),
        "25006" => Some(Error::ReadOnly),
        "40001" | "40P01" | "55P03" | "53300" => Some(Error::Busy),
        // Too slow a statement was ended; the server is stopping, was cut off, or is not up yet.
        "57014" | "57P01" | "57P02" | "57P03" | "57P05" | "25P03" => Some(Error::Busy),
        code if code.starts_with("08") => Some(Error::Busy),
        _ => None,
    }
}

fn from_sqlite(error: &rusqlite::Error) -> Option<Error> {
    let code = error.sqlite_error()?.extended_code;
    if matches!(code, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID)
    {
        return Some(Error::Conflict(error.to_string()));
    }
    // The low byte of the extended result code is the primary one (https://sqlite.org/rescode.html).
    match code & 0xff {
        ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Some(Error::Busy),
        ffi::SQLITE_IOERR => Some(Error::Broken),
        ffi::SQLITE_FULL => Some(Error::Full),
        ffi::SQLITE_READONLY => Some(Error::ReadOnly),
        _ => None,
    }
}
