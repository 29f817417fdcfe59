use base::Timestamp;
use database::{Error, Result, Row, Tx, params};
use serde_json::Value;

/// A job that waits for its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Names this one piece of work, for example `integration-lapse/<case>`.
    pub key: String,
    /// Which [`crate::Job`] does it.
    pub kind: String,
    /// What it needs to know.
    pub payload: Value,
    /// Not before.
    pub run_at: Timestamp,
    /// How often it failed so far.
    pub attempts: i64,
}

/// Enqueues work for `run_at`. A waiting job of the same key is replaced.
///
/// # Errors
/// What the database refuses.
pub async fn enqueue(tx: &mut Tx, kind: &'static str, key: &str, payload: &Value, run_at: Timestamp) -> Result<()> {
    let sql = "INSERT INTO jobs (key, kind, payload, run_at, attempts) VALUES ($1, $2, $3, $4, 0) \
               ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, run_at = excluded.run_at, attempts = 0";
    tx.execute(sql, params![key, kind, payload.to_string(), run_at]).await.map(drop)
}

/// Takes back work that is no longer needed; tells whether it was still waiting.
///
/// # Errors
/// What the database refuses.
pub async fn cancel(tx: &mut Tx, key: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM jobs WHERE key = $1", params![key]).await? > 0)
}

/// Everything that waits, soonest first.
///
/// # Errors
/// What the database refuses.
pub async fn waiting(tx: &mut Tx) -> Result<Vec<Waiting>> {
    let rows = tx.rows("SELECT key, kind, payload, run_at, attempts FROM jobs ORDER BY run_at, key", params![]).await?;
    rows.iter().map(job).collect()
}

/// How much work waits, for operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Jobs, most of them for later.
    pub waiting: i64,
    /// Jobs whose time has come.
    pub due: i64,
    /// Jobs that failed at least once.
    pub failing: i64,
    /// For how many seconds the oldest of those due has been waiting; 0 when none is.
    pub oldest_seconds: i64,
}

/// How much work waits.
///
/// # Errors
/// What the database refuses.
pub async fn backlog(tx: &mut Tx, now: Timestamp) -> Result<Backlog> {
    let waiting = tx.number("SELECT count(*) AS n FROM jobs", params![]).await?;
    let failing = tx.number("SELECT count(*) AS n FROM jobs WHERE attempts > 0", params![]).await?;
    let due = tx.row("SELECT count(*) AS n, min(run_at) AS oldest FROM jobs WHERE run_at <= $1", params![now]).await?;
    let Some(due) = due else { return Ok(Backlog { waiting, due: 0, failing, oldest_seconds: 0 }) };
    let oldest = due.opt_parsed::<Timestamp>("oldest")?;
    let oldest_seconds = oldest.map_or(0, |oldest| now.duration_since(oldest).as_secs());
    Ok(Backlog { waiting, due: due.int("n")?, failing, oldest_seconds })
}

/// The first job that is due, locked against other workers where there can be any.
pub(crate) async fn claim(tx: &mut Tx, now: Timestamp) -> Result<Option<Waiting>> {
    let sql = "SELECT key, kind, payload, run_at, attempts FROM jobs WHERE run_at <= $1 ORDER BY run_at, key LIMIT 1";
    let Some(found) = tx.row(sql, params![now]).await?.map(|row| job(&row)).transpose()? else { return Ok(None) };
    // The deletion is the claim: a second worker waits for this transaction and then touches no row.
    Ok(cancel(tx, &found.key).await?.then_some(found))
}

/// Puts a failed job back for later, with what went wrong.
pub(crate) async fn postpone(tx: &mut Tx, job: &Waiting, run_at: Timestamp, error: &str) -> Result<()> {
    let sql = "UPDATE jobs SET run_at = $2, attempts = attempts + 1, last_error = $3 WHERE key = $1";
    tx.execute(sql, params![&job.key, run_at, error]).await.map(drop)
}

fn job(row: &Row) -> Result<Waiting> {
    let payload = row.text("payload")?;
    Ok(Waiting {
        key: row.text("key")?,
        kind: row.text("kind")?,
        payload: serde_json::from_str(&payload).map_err(|error| Error::Column("payload", error.to_string()))?,
        run_at: row.instant("run_at")?,
        attempts: row.int("attempts")?,
    })
}

/// Whether anything is due: a look without the write lock.
pub(crate) async fn any_due(tx: &mut Tx, now: Timestamp) -> Result<bool> {
    Ok(tx.number("SELECT count(*) AS n FROM jobs WHERE run_at <= $1", params![now]).await? > 0)
}
