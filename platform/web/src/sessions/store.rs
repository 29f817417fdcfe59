use base::Timestamp;
use database::{Error, Result, Row, Tx, params};

use super::{Door, NewSession, Session};

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
    let sql = "SELECT token, subject, name, door, level, data, signed_in_at, seen_at, expires_at
               FROM web_sessions WHERE token = $1";
    tx.row(sql, params![key]).await?.map(|row| session(&row)).transpose()
}

fn session(row: &Row) -> Result<Session> {
    Ok(Session {
        key: row.text("token")?,
        subject: row.text("subject")?,
        name: row.text("name")?,
        door: if row.text("door")? == "staff" { Door::Staff } else { Door::Citizen },
        level: u8::try_from(row.int("level")?).map_err(|error| Error::Column("level", error.to_string()))?,
        data: row.parsed("data")?,
        signed_in_at: row.instant("signed_in_at")?,
        seen_at: row.instant("seen_at")?,
        expires_at: row.instant("expires_at")?,
    })
}

pub(crate) async fn update_seen(tx: &mut Tx, key: &str, now: Timestamp) -> Result<()> {
    tx.execute("UPDATE web_sessions SET seen_at = $2 WHERE token = $1", params![key, now]).await.map(drop)
}

pub(crate) async fn update_data(tx: &mut Tx, key: &str, data: &serde_json::Value) -> Result<()> {
    let sql = "UPDATE web_sessions SET data = $2 WHERE token = $1";
    tx.execute(sql, params![key, data.to_string()]).await.map(drop)
}

pub(crate) async fn delete(tx: &mut Tx, key: &str) -> Result<()> {
    tx.execute("DELETE FROM web_sessions WHERE token = $1", params![key]).await.map(drop)
}

pub(crate) async fn delete_subject(tx: &mut Tx, subject: &str) -> Result<u64> {
    tx.execute("DELETE FROM web_sessions WHERE subject = $1", params![subject]).await
}

/// Sessions whose absolute end, and parked forms whose arrival, lie before `horizon`.
pub(crate) async fn delete_before(tx: &mut Tx, horizon: Timestamp) -> Result<u64> {
    let sessions = tx.execute("DELETE FROM web_sessions WHERE expires_at < $1", params![horizon]).await?;
    let parked = tx.execute("DELETE FROM web_parked WHERE parked_at < $1", params![horizon]).await?;
    Ok(sessions + parked)
}

pub(crate) async fn park(tx: &mut Tx, subject: &str, path: &str, fields: String, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO web_parked (subject, path, fields, parked_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (subject, path) DO UPDATE SET fields = excluded.fields, parked_at = excluded.parked_at";
    tx.execute(sql, params![subject, path, fields, now]).await.map(drop)
}

pub(crate) async fn take_parked(tx: &mut Tx, subject: &str, path: &str) -> Result<Option<Row>> {
    let found =
        tx.row("SELECT fields FROM web_parked WHERE subject = $1 AND path = $2", params![subject, path]).await?;
    if found.is_some() {
        tx.execute("DELETE FROM web_parked WHERE subject = $1 AND path = $2", params![subject, path]).await?;
    }
    Ok(found)
}
