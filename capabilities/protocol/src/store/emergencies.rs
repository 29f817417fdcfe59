use base::{Timestamp, Uuid};
use database::{Result, Row, Tx, params};

use super::entries::select;
use crate::{change::Officer, emergency::Emergency, entry::Entry};

/// Declares an emergency.
///
/// # Errors
/// What the database refuses.
pub async fn open_emergency(tx: &mut Tx, emergency: &Emergency, by: &Officer, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO protocol_emergencies (id, office, cause, started_at, ended_at, opened_at, opened_by, \
               opened_by_name, authorised_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let Emergency { id, office, cause, started_at, ended_at, authorised_by, .. } = emergency;
    let what = params![*id, office, cause, *started_at, *ended_at];
    let who = params![now, &by.id, &by.name, authorised_by.as_ref()];
    tx.execute(sql, &[what.as_slice(), who].concat()).await.map(drop)
}

/// States when the system worked again, and who says so; tells whether it was still open.
///
/// # Errors
/// What the database refuses.
pub async fn end_emergency(tx: &mut Tx, id: Uuid, ended_at: Timestamp, by: &Officer, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE protocol_emergencies SET ended_at = $2, closed_at = $3, closed_by_name = $4 \
               WHERE id = $1 AND ended_at IS NULL";
    Ok(tx.execute(sql, params![id, ended_at, now, &by.name]).await? > 0)
}

/// States by which act more than 24 hours are authorised.
///
/// # Errors
/// What the database refuses.
pub async fn authorise_emergency(tx: &mut Tx, id: Uuid, act: &str) -> Result<bool> {
    let sql = "UPDATE protocol_emergencies SET authorised_by = $2 WHERE id = $1 AND authorised_by IS NULL";
    Ok(tx.execute(sql, params![id, act]).await? > 0)
}

/// The emergencies of an office, newest first.
///
/// # Errors
/// What the database refuses.
pub async fn emergencies(tx: &mut Tx, office: &str) -> Result<Vec<Emergency>> {
    let sql = "SELECT id, office, cause, started_at, ended_at, opened_by_name, authorised_by \
               FROM protocol_emergencies WHERE office = $1 ORDER BY started_at DESC";
    tx.rows(sql, params![office]).await?.iter().map(emergency).collect()
}

/// An emergency of an office.
///
/// # Errors
/// What the database refuses.
pub async fn find_emergency(tx: &mut Tx, office: &str, id: Uuid) -> Result<Option<Emergency>> {
    let sql = "SELECT id, office, cause, started_at, ended_at, opened_by_name, authorised_by \
               FROM protocol_emergencies WHERE office = $1 AND id = $2";
    tx.row(sql, params![office, id]).await?.map(|row| emergency(&row)).transpose()
}

/// What was registered during an emergency, in the order of its numbers.
///
/// # Errors
/// What the database refuses.
pub async fn of_emergency(tx: &mut Tx, office: &str, id: Uuid) -> Result<Vec<Entry>> {
    select(tx, "WHERE office = $1 AND emergency_id = $2 ORDER BY emergency_number", params![office, id]).await
}

fn emergency(row: &Row) -> Result<Emergency> {
    Ok(Emergency {
        id: row.id("id")?,
        office: row.text("office")?,
        cause: row.text("cause")?,
        started_at: row.instant("started_at")?,
        ended_at: row.opt_parsed("ended_at")?,
        opened_by: row.text("opened_by_name")?,
        authorised_by: row.opt_text("authorised_by")?,
    })
}
