//! SQLite inside the program, called where it is needed: a row by its key takes a few microseconds, less than handing
//! the question to another thread and waiting for the answer.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rusqlite::{
    Connection, Statement,
    config::DbConfig,
    types::{Value, ValueRef},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{Error, Param, Result, Row, row::Engine};

/// How many views of the database there can be at once.
const READERS: u32 = 16;
/// Statements that a connection keeps prepared: more than the program has.
const PREPARED: usize = 512;

/// Opens the file, which is created if absent, so that it is durable.
pub(crate) fn open(path: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(PREPARED);
    // A statement is planned once. Otherwise SQLite plans anew whenever a bound value could change the plan: a seventh
    // of the processor time on the day when everybody comes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // What is deleted is overwritten: pages that come free would keep the text of people's papers until they are used again.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; \
         PRAGMA secure_delete = ON",
    )?;
    Ok(connection)
}

/// Runs a statement that is the same each time and takes no values.
fn run(connection: &Connection, sql: &'static str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}

/// Runs a statement to its end and tells how many rows it touched.
pub(crate) fn execute(connection: &Connection, sql: &str, params: &[Param]) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    let mut rows = statement.raw_query();
    while rows.next()?.is_some() {}
    drop(rows);
    Ok(connection.changes())
}

/// At most `limit` rows of an answer.
pub(crate) fn rows(connection: &Connection, sql: &str, params: &[Param], limit: usize) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(sql)?;
    bind(&mut statement, params)?;
    let count = statement.column_count();
    let mut answer = statement.raw_query();
    let (mut rows, mut known) = (Vec::new(), None);
    while rows.len() < limit
        && let Some(row) = answer.next()?
    {
        let columns = known.get_or_insert_with(|| names(row.as_ref()));
        let value = |at| row.get_ref(at).map(owned);
        let values = (0..count).map(value).collect::<rusqlite::Result<_>>()?;
        rows.push(Row(Engine::Sqlite(SqliteRow { columns: Arc::clone(columns), values })));
    }
    Ok(rows)
}

/// The names of the columns, each with a line break behind it: one text is made faster than many.
fn names(statement: &Statement<'_>) -> Arc<str> {
    let names = (0..statement.column_count()).filter_map(|at| statement.column_name(at).ok());
    names.flat_map(|name| [name, "\n"]).collect::<String>().into()
}

fn owned(value: ValueRef<'_>) -> Value {
    match value {
        // Text is what was written by us, in UTF-8; a byte of something else must not hide the rest.
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Null => Value::Null,
    }
}

/// SQLite takes `$1` for a name and numbers names as they come; PostgreSQL takes it for a number. It is a number.
fn bind(statement: &mut Statement<'_>, params: &[Param]) -> rusqlite::Result<()> {
    for at in 1..=statement.parameter_count() {
        let number = statement.parameter_name(at).and_then(|name| name.get(1..)?.parse::<usize>().ok());
        let param = number.and_then(|number| params.get(number.checked_sub(1)?));
        match param {
            Some(Param::Text(value)) => statement.raw_bind_parameter(at, value)?,
            Some(Param::Int(value)) => statement.raw_bind_parameter(at, value)?,
            Some(Param::Blob(value)) => statement.raw_bind_parameter(at, value)?,
            None => return Err(rusqlite::Error::InvalidParameterCount(params.len(), at)),
        }
    }
    Ok(())
}

/// A row that was read to memory.
#[derive(Debug)]
pub(crate) struct SqliteRow {
    columns: Arc<str>,
    values: Box<[Value]>,
}

impl SqliteRow {
    /// The value of a column as the type that the code expects.
    pub(crate) fn get<T: FromValue>(&self, column: &'static str) -> Result<T> {
        let at = self.columns.lines().position(|name| name == column);
        let value =
            at.and_then(|at| self.values.get(at)).ok_or_else(|| Error::Column(column, "no such column".into()))?;
        let wrong = || Error::Column(column, format!("{} where another type is expected", value.data_type()));
        T::from_value(value).ok_or_else(wrong)
    }
}

impl SqliteRow {
    /// The value in a place, of whatever column; `None` is NULL.
    pub(crate) fn at<T: FromValue>(&self, place: usize) -> std::result::Result<Option<T>, String> {
        let value = self.values.get(place).ok_or_else(|| "no such column".to_owned())?;
        Option::from_value(value).ok_or_else(|| format!("{} where another type is expected", value.data_type()))
    }
}

/// What a column can be read as; `None` for a value of another type.
pub(crate) trait FromValue: Sized {
    fn from_value(value: &Value) -> Option<Self>;
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Text(text) = value { Some(text.clone()) } else { None }
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        if let Value::Integer(number) = value { Some(*number) } else { None }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Blob(bytes) => Some(bytes.clone()),
            // Columns have no strict type: what somebody else wrote there is bytes, too, and is judged as such.
            Value::Text(text) => Some(text.clone().into_bytes()),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        if matches!(value, Value::Null) { Some(None) } else { T::from_value(value).map(Some) }
    }
}

/// Connections that read.
#[derive(Debug, Clone)]
pub(crate) struct Readers(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    path: PathBuf,
    patience: Duration,
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn new(path: &Path, patience: Duration) -> Self {
        let permits = Arc::new(Semaphore::new(READERS as usize));
        Self(Arc::new(Pool { path: path.to_owned(), patience, idle: Mutex::default(), permits }))
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.0.path
    }

    /// Begins a view of one moment.
    pub(crate) async fn view(&self) -> Result<View> {
        let mut view = self.glance().await?;
        run(view.connection(), "BEGIN")?;
        view.begun = true;
        Ok(view)
    }

    /// A connection for one statement.
    pub(crate) async fn glance(&self) -> Result<View> {
        let pool = &self.0;
        let permit = tokio::time::timeout(pool.patience, Arc::clone(&pool.permits).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else { return Err(Error::Busy) };
        let connection = self.idle().pop().map_or_else(|| self.open(), Ok)?;
        Ok(View { connection: Some(connection), begun: false, readers: self.clone(), _permit: permit })
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        let connection = open(&self.0.path, self.0.patience)?;
        connection.execute_batch("PRAGMA query_only = ON")?;
        Ok(connection)
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for those who read, and closes all connections.
    pub(crate) async fn close(&self) {
        let everybody = self.0.permits.acquire_many(READERS).await;
        self.0.permits.close();
        drop(everybody);
        self.idle().clear();
    }
}

/// A view of one moment; it ends when it is dropped.
#[derive(Debug)]
pub(crate) struct View {
    connection: Option<Connection>,
    /// Whether there is a view to end.
    begun: bool,
    readers: Readers,
    _permit: OwnedSemaphorePermit,
}

impl View {
    pub(crate) fn connection(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("only `drop` takes the connection")
    }
}

impl Drop for View {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        // One that cannot end its view is closed instead of kept.
        if (!self.begun || run(&connection, "ROLLBACK").is_ok()) && connection.is_autocommit() {
            self.readers.idle().push(connection);
        }
    }
}
