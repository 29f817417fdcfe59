use base::Timestamp;
use database::{Error, Result, Row, Tx, params};

use super::{Door, NewSession, Session};
use crate::ActingFor;

pub(crate) async fn insert(
    tx: &mut Tx,
    key: &str,
    new: &NewSession,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<()> {
    let sql = "INSERT INTO web_sessions (token, subject, name, door, level, data, signed_in_at, seen_at, expires_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";
    let (door, data) = (new.door.as_str(), new.data.to_string());
    tx.execute(sql, params![key, &new.subject, &new.name, door, new.level, data, now, expires_at]).await.map(drop)
}

pub(crate) async fn find(tx: &mut Tx, key: &str) -> Result<Option<Session>> {
    let sql = "SELECT token, subject, name, door, level, data, signed_in_at, seen_at, expires_at, acting, acting_ended,
                 (SELECT count(*) FROM web_parked WHERE web_parked.subject = web_sessions.subject) AS parked
               FROM web_sessions WHERE token = $1";
    tx.row(sql, params![key]).await?.map(|row| session(&row)).transpose()
}

pub(crate) async fn of_subject(tx: &mut Tx, subject: &str) -> Result<Vec<Session>> {
    let sql = "SELECT token, subject, name, door, level, data, signed_in_at, seen_at, expires_at, acting, acting_ended,
                 CAST(0 AS BIGINT) AS parked
               FROM web_sessions WHERE subject = $1";
    tx.rows(sql, params![subject]).await?.iter().map(session).collect()
}

fn session(row: &Row) -> Result<Session> {
    Ok(Session {
        key: row.text("token")?,
        subject: row.text("subject")?,
        name: row.text("name")?,
        door: Door::stored(&row.text("door")?).ok_or_else(|| Error::Column("door", "no door of ours".to_owned()))?,
        level: u8::try_from(row.int("level")?).map_err(|error| Error::Column("level", error.to_string()))?,
        data: row.parsed("data")?,
        signed_in_at: row.instant("signed_in_at")?,
        seen_at: row.instant("seen_at")?,
        expires_at: row.instant("expires_at")?,
        parked: row.int("parked")? != 0,
        acting: acting(row)?,
    })
}

fn acting(row: &Row) -> Result<Option<ActingFor>> {
    let Some(text) = row.opt_text("acting")? else { return Ok(None) };
    let read: ActingFor = serde_json::from_str(&text).map_err(|error| Error::Column("acting", error.to_string()))?;
    Ok(Some(ActingFor { ended: row.opt_int("acting_ended")?.is_some(), ..read }))
}

pub(crate) async fn act_for(tx: &mut Tx, key: &str, acting: Option<&ActingFor>) -> Result<()> {
    let sql = "UPDATE web_sessions SET acting = $2, acting_under = $3, acting_ended = NULL WHERE token = $1";
    let (text, under) = (acting.map(|one| serde_json::json!(one).to_string()), acting.map(|one| &one.under));
    tx.execute(sql, params![key, text, under]).await.map(drop)
}

pub(crate) async fn end_acting(tx: &mut Tx, under: &str) -> Result<()> {
    tx.execute("UPDATE web_sessions SET acting_ended = 1 WHERE acting_under = $1", params![under]).await.map(drop)
}

pub(crate) async fn update_seen(tx: &mut Tx, key: &str, now: Timestamp) -> Result<()> {
    tx.execute("UPDATE web_sessions SET seen_at = $2 WHERE token = $1", params![key, now]).await.map(drop)
}

pub(crate) async fn update_data(tx: &mut Tx, key: &str, data: &serde_json::Value) -> Result<()> {
    let sql = "UPDATE web_sessions SET data = $2 WHERE token = $1";
    tx.execute(sql, params![key, data.to_string()]).await.map(drop)
}

/// `false` when there was none.
pub(crate) async fn delete(tx: &mut Tx, key: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM web_sessions WHERE token = $1", params![key]).await? == 1)
}

pub(crate) async fn delete_subject(tx: &mut Tx, subject: &str) -> Result<u64> {
    tx.execute("DELETE FROM web_sessions WHERE subject = $1", params![subject]).await
}

/// How many sessions of each door have not reached their absolute end; who stands on the threshold is not in.
pub(crate) async fn open_at(tx: &mut Tx, now: Timestamp) -> Result<Vec<(String, i64)>> {
    let sql =
        "SELECT door, count(*) AS n FROM web_sessions WHERE expires_at > $1 AND door <> 'threshold' GROUP BY door";
    let rows = tx.rows(sql, params![now]).await?;
    rows.iter().map(|row| Ok((row.text("door")?, row.int("n")?))).collect()
}

/// Sessions whose absolute end, and parked forms whose arrival, lie before `horizon`.
pub(crate) async fn delete_before(tx: &mut Tx, horizon: Timestamp) -> Result<u64> {
    let sessions = tx.execute("DELETE FROM web_sessions WHERE expires_at < $1", params![horizon]).await?;
    let parked = tx.execute("DELETE FROM web_parked WHERE parked_at < $1", params![horizon]).await?;
    Ok(sessions + parked)
}

/// Parked forms of one person at most: what nobody comes back for does not pile up.
const MOST_PARKED: i64 = 10;

pub(crate) async fn park(
    tx: &mut Tx,
    subject: &str,
    path: &str,
    [fields, files]: [String; 2],
    now: Timestamp,
) -> Result<()> {
    let sql = "INSERT INTO web_parked (subject, path, fields, files, parked_at) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (subject, path) DO UPDATE SET fields = excluded.fields, files = excluded.files,
                 parked_at = excluded.parked_at";
    tx.execute(sql, params![subject, path, fields, files, now]).await?;
    let oldest = "DELETE FROM web_parked WHERE subject = $1 AND path NOT IN
                  (SELECT path FROM web_parked WHERE subject = $1 ORDER BY parked_at DESC, path LIMIT $2)";
    tx.execute(oldest, params![subject, MOST_PARKED]).await.map(drop)
}

pub(crate) async fn find_parked(tx: &mut Tx, subject: &str, path: &str) -> Result<Option<Row>> {
    tx.row("SELECT fields, files FROM web_parked WHERE subject = $1 AND path = $2", params![subject, path]).await
}

pub(crate) async fn forget_parked(tx: &mut Tx, subject: &str, path: &str) -> Result<()> {
    tx.execute("DELETE FROM web_parked WHERE subject = $1 AND path = $2", params![subject, path]).await.map(drop)
}

pub(crate) async fn forget_parked_below(tx: &mut Tx, subjects: &[&str], prefix: &str) -> Result<()> {
    let sql = "DELETE FROM web_parked WHERE substr(path, 1, length($1)) = $1 AND subject IN";
    tx.execute_in(sql, params![prefix], subjects).await
}
