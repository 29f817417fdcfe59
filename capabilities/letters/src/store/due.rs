//! Letters that are to be composed, and those that could not be.

use base::{Timestamp, Uuid};
use database::{Result, Row, Tx, params};

/// A letter that is to be composed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) case: Uuid,
    /// The act that it tells of.
    pub(crate) act_seq: i64,
    /// What a letter of such an act is usually called: the service may call its own otherwise.
    pub(crate) letter: String,
    /// How often it was tried in vain.
    pub(crate) attempts: i64,
}

/// A letter that could not be composed: somebody must mend the template and try again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The case.
    pub case: Uuid,
    /// The act that it should tell of.
    pub act_seq: i64,
    /// What a letter of such an act is usually called.
    pub letter: String,
    /// What is wrong, with file and line.
    pub reason: String,
    /// When it was last tried.
    pub failed_at: Timestamp,
}

/// A letter that could not be stored and will be tried again by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) case: Uuid,
    pub(crate) act_seq: i64,
    pub(crate) letter: String,
    pub(crate) attempts: i64,
    /// When it will be tried again; `None` for at once.
    pub(crate) next_at: Option<Timestamp>,
}

pub(crate) async fn queue(tx: &mut Tx, due: &Due, now: Timestamp) -> Result<()> {
    let sql =
        "INSERT INTO letters_due (case_id, act_seq, letter, queued_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    tx.execute(sql, params![due.case, due.act_seq, &due.letter, now]).await.map(drop)
}

/// The letter whose turn it is: those that never failed before those that did, and among them what has waited longest.
pub(crate) async fn next_due(tx: &mut Tx, now: Timestamp) -> Result<Option<Due>> {
    let sql = "SELECT case_id, act_seq, letter, attempts FROM letters_due WHERE next_at <= $1 \
               ORDER BY attempts, queued_at, case_id, act_seq LIMIT 1";
    tx.row(sql, params![now]).await?.map(|row| due(&row)).transpose()
}

/// Takes a letter off the list; whoever touches the row is the one that issues it.
pub(crate) async fn claim(tx: &mut Tx, due: &Due) -> Result<bool> {
    let sql = "DELETE FROM letters_due WHERE case_id = $1 AND act_seq = $2";
    Ok(tx.execute(sql, params![due.case, due.act_seq]).await? > 0)
}

/// Notes an attempt in vain; the next one is not before `next_at`.
pub(crate) async fn postpone(tx: &mut Tx, due: &Due, office: &str, (error, next_at): (&str, Timestamp)) -> Result<()> {
    let sql = "UPDATE letters_due SET attempts = attempts + 1, next_at = $3, last_error = $4, office = $5 \
               WHERE case_id = $1 AND act_seq = $2";
    tx.execute(sql, params![due.case, due.act_seq, next_at, error, office]).await.map(drop)
}

pub(crate) async fn fail(tx: &mut Tx, due: &Due, office: &str, (reason, now): (&str, Timestamp)) -> Result<()> {
    let sql = "INSERT INTO letters_failed (case_id, act_seq, letter, reason, failed_at, office) \
               VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (case_id, act_seq) DO UPDATE SET reason = excluded.reason, failed_at = excluded.failed_at";
    tx.execute(sql, params![due.case, due.act_seq, &due.letter, reason, now, office]).await.map(drop)
}

/// Tells another office from now on of the letters of a case that did not go out.
pub(crate) async fn hand_over(tx: &mut Tx, case: Uuid, office: &str) -> Result<()> {
    for table in ["letters_due", "letters_failed"] {
        let sql = format!("UPDATE {table} SET office = $2 WHERE case_id = $1 AND office <> ''");
        tx.execute(&sql, params![case, office]).await?;
    }
    Ok(())
}

/// Letters that could not be composed, latest first: for operators.
///
/// # Errors
/// What the database refuses.
pub async fn failures(tx: &mut Tx) -> Result<Vec<Failed>> {
    let sql = "SELECT case_id, act_seq, letter, reason, failed_at FROM letters_failed ORDER BY failed_at DESC, case_id, act_seq";
    tx.rows(sql, params![]).await?.iter().map(failed).collect()
}

/// Those of one office, and those of which nobody knows the office any more.
pub(crate) async fn failures_of(tx: &mut Tx, office: &str, limit: i64) -> Result<Vec<Failed>> {
    let sql = "SELECT case_id, act_seq, letter, reason, failed_at FROM letters_failed WHERE office IN ($1, '') \
               ORDER BY failed_at DESC, case_id, act_seq LIMIT $2";
    tx.rows(sql, params![office, limit]).await?.iter().map(failed).collect()
}

/// Letters of an office that were tried in vain and wait for their next attempt, most often tried first.
pub(crate) async fn waiting_of(tx: &mut Tx, office: &str, limit: i64) -> Result<Vec<Waiting>> {
    let sql = "SELECT case_id, act_seq, letter, attempts, next_at FROM letters_due \
               WHERE attempts > 0 AND office IN ($1, '') ORDER BY attempts DESC, queued_at, case_id, act_seq LIMIT $2";
    tx.rows(sql, params![office, limit]).await?.iter().map(waiting).collect()
}

/// How many letters wait, for operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Letters that are to be composed.
    pub due: i64,
    /// For how many seconds the oldest of them has been waiting; 0 when there is none.
    pub oldest_seconds: i64,
    /// Letters that cannot be composed until somebody mends their template.
    pub failed: i64,
}

/// How many letters wait, and how many wait for somebody.
///
/// # Errors
/// What the database refuses.
pub async fn backlog(tx: &mut Tx, now: Timestamp) -> Result<Backlog> {
    let failed = tx.number("SELECT count(*) AS n FROM letters_failed", params![]).await?;
    let due = tx.row("SELECT count(*) AS n, min(queued_at) AS oldest FROM letters_due", params![]).await?;
    let Some(due) = due else { return Ok(Backlog { due: 0, oldest_seconds: 0, failed }) };
    let oldest = due.opt_parsed::<Timestamp>("oldest")?;
    let oldest_seconds = oldest.map_or(0, |oldest| now.duration_since(oldest).as_secs());
    Ok(Backlog { due: due.int("n")?, oldest_seconds, failed })
}

/// Puts every failed letter back on the list, after templates were mended; tells how many.
///
/// # Errors
/// What the database refuses.
pub async fn retry_failed(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    let sql = "INSERT INTO letters_due (case_id, act_seq, letter, queued_at) \
               SELECT case_id, act_seq, letter, $1 FROM letters_failed WHERE true ON CONFLICT DO NOTHING";
    let many = tx.execute(sql, params![now]).await?;
    tx.execute("DELETE FROM letters_failed", params![]).await?;
    Ok(many)
}

/// Makes one letter of an office due at once, whether it failed or waits; `false` when it does neither.
pub(crate) async fn retry(tx: &mut Tx, case: Uuid, act_seq: i64, (office, now): (&str, Timestamp)) -> Result<bool> {
    let back = "INSERT INTO letters_due (case_id, act_seq, letter, queued_at) \
                SELECT case_id, act_seq, letter, $4 FROM letters_failed \
                WHERE case_id = $1 AND act_seq = $2 AND office IN ($3, '') ON CONFLICT DO NOTHING";
    let off = "DELETE FROM letters_failed WHERE case_id = $1 AND act_seq = $2 AND office IN ($3, '')";
    let sooner = "UPDATE letters_due SET next_at = '' WHERE case_id = $1 AND act_seq = $2 AND office IN ($3, '')";
    let put_back = tx.execute(back, params![case, act_seq, office, now]).await?;
    tx.execute(off, params![case, act_seq, office]).await?;
    Ok(put_back + tx.execute(sooner, params![case, act_seq, office]).await? > 0)
}

fn due(row: &Row) -> Result<Due> {
    Ok(Due {
        case: row.id("case_id")?,
        act_seq: row.int("act_seq")?,
        letter: row.text("letter")?,
        attempts: row.int("attempts")?,
    })
}

fn failed(row: &Row) -> Result<Failed> {
    Ok(Failed {
        case: row.id("case_id")?,
        act_seq: row.int("act_seq")?,
        letter: row.text("letter")?,
        reason: row.text("reason")?,
        failed_at: row.instant("failed_at")?,
    })
}

fn waiting(row: &Row) -> Result<Waiting> {
    Ok(Waiting {
        case: row.id("case_id")?,
        act_seq: row.int("act_seq")?,
        letter: row.text("letter")?,
        attempts: row.int("attempts")?,
        next_at: row.text("next_at")?.parse().ok(),
    })
}
