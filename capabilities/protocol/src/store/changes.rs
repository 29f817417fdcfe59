use base::{Date, Timestamp, Uuid, rome_midnight};
use database::{Error, Param, Result, Row, Tx, params};

use super::numbers::stamp;
use crate::{
    change::{Change, Changed, Officer},
    entry::Entry,
    protocol::Protocol,
};

/// Changes classification or assignment, the two data that may be changed (art. 53 c. 1 D.P.R. 445/2000 lists those that
/// may not), and keeps who did it and what it was. Nothing happens where nothing changes.
///
/// # Errors
/// What the database refuses.
pub async fn change(tx: &mut Tx, entry: &Entry, to: &Changed, by: &Officer, now: Timestamp) -> Result<()> {
    let (sql, before, after) = match to {
        Changed::Classification(code) => (
            "UPDATE protocol_entries SET classification = $4 WHERE office = $1 AND year = $2 AND number = $3",
            &entry.classification,
            code,
        ),
        Changed::Assignment(office) => (
            "UPDATE protocol_entries SET assigned_to = $4 WHERE office = $1 AND year = $2 AND number = $3",
            &entry.assigned_to,
            office,
        ),
        Changed::Annulled { .. } => return Ok(()), // only by `annul`, which marks the entry
    };
    if before == after {
        return Ok(());
    }
    let at = stamp(tx, &entry.protocol.office, now).await?;
    tx.execute(sql, &key(&entry.protocol, params![after])).await?;
    note(tx, &entry.protocol, (to, before, at), by).await
}

/// Marks a registration as confidential, or as not: as the title says under which it is filed now.
///
/// # Errors
/// What the database refuses.
pub async fn conceal(tx: &mut Tx, protocol: &Protocol, confidential: bool) -> Result<()> {
    let sql = "UPDATE protocol_entries SET confidential = $4 WHERE office = $1 AND year = $2 AND number = $3";
    tx.execute(sql, &key(protocol, params![confidential])).await.map(drop)
}

/// Annuls a registration (art. 54 D.P.R. 445/2000): its data stay, with the reason, the authorising act, who and when.
/// Tells whether it was not annulled before.
///
/// # Errors
/// What the database refuses.
pub async fn annul(
    tx: &mut Tx,
    protocol: &Protocol,
    (reason, authorised_by): (&str, &str),
    by: &Officer,
    now: Timestamp,
) -> Result<bool> {
    let at = stamp(tx, &protocol.office, now).await?;
    let sql = "UPDATE protocol_entries SET annulled_at = $4 \
               WHERE office = $1 AND year = $2 AND number = $3 AND annulled_at IS NULL";
    if tx.execute(sql, &key(protocol, params![at])).await? != 1 {
        return Ok(false);
    }
    let annulled = Changed::Annulled { reason: reason.to_owned(), authorised_by: authorised_by.to_owned() };
    note(tx, protocol, (&annulled, "", at), by).await?;
    Ok(true)
}

async fn note(
    tx: &mut Tx,
    protocol: &Protocol,
    (to, before, at): (&Changed, &str, Timestamp),
    by: &Officer,
) -> Result<()> {
    let count = "SELECT count(*) AS n FROM protocol_changes WHERE office = $1 AND year = $2 AND number = $3";
    let seq = tx.number(count, &key(protocol, params![])).await? + 1;
    let sql = "INSERT INTO protocol_changes (office, year, number, seq, at, what, before_value, after_value, reason, \
               authorised_by, officer, officer_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let (what, after, reason, authorised) = match to {
        Changed::Classification(code) => ("classification", code.as_str(), "", ""),
        Changed::Assignment(office) => ("assignment", office.as_str(), "", ""),
        Changed::Annulled { reason, authorised_by } => ("annulled", "", reason.as_str(), authorised_by.as_str()),
    };
    let rest = params![seq, at, what, before, after, reason, authorised, &by.id, &by.name];
    tx.execute(sql, &key(protocol, rest)).await.map(drop)
}

fn key(protocol: &Protocol, rest: &[Param]) -> Vec<Param> {
    [params![&protocol.office, i64::from(protocol.year), protocol.number].as_slice(), rest].concat()
}

const COLUMNS: &str = "office, year, number, at, what, before_value, after_value, reason, authorised_by, officer, \
    officer_name";

/// What was changed of a registration, oldest first.
///
/// # Errors
/// What the database refuses.
pub async fn changes(tx: &mut Tx, protocol: &Protocol) -> Result<Vec<Change>> {
    let sql =
        format!("SELECT {COLUMNS} FROM protocol_changes WHERE office = $1 AND year = $2 AND number = $3 ORDER BY seq");
    tx.rows(&sql, &key(protocol, params![])).await?.iter().map(row_change).collect()
}

/// What was changed on a day, in order.
///
/// # Errors
/// What the database refuses.
pub async fn changes_of_day(tx: &mut Tx, office: &str, day: Date) -> Result<Vec<Change>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM protocol_changes WHERE office = $1 AND at >= $2 AND at < $3 ORDER BY at, year, number, seq"
    );
    let (from, to) = (rome_midnight(day), rome_midnight(day.tomorrow().unwrap_or(day)));
    tx.rows(&sql, params![office, from, to]).await?.iter().map(row_change).collect()
}

/// Why registrations of a case were annulled.
///
/// # Errors
/// What the database refuses.
pub async fn annulments_of_case(tx: &mut Tx, case: Uuid) -> Result<Vec<Change>> {
    let sql = "SELECT c.office, c.year, c.number, c.at, c.what, c.before_value, c.after_value, c.reason, \
                 c.authorised_by, c.officer, c.officer_name \
               FROM protocol_entries e JOIN protocol_changes c \
                 ON c.office = e.office AND c.year = e.year AND c.number = e.number \
               WHERE e.case_id = $1 AND c.what = 'annulled' ORDER BY c.at";
    tx.rows(sql, params![case]).await?.iter().map(row_change).collect()
}

fn row_change(row: &Row) -> Result<Change> {
    let changed = match row.text("what")?.as_str() {
        "classification" => Changed::Classification(row.text("after_value")?),
        "assignment" => Changed::Assignment(row.text("after_value")?),
        "annulled" => Changed::Annulled { reason: row.text("reason")?, authorised_by: row.text("authorised_by")? },
        other => return Err(Error::Column("what", format!("`{other}` is no kind of change"))),
    };
    Ok(Change {
        protocol: super::entries::number(row)?,
        at: row.instant("at")?,
        changed,
        before: row.text("before_value")?,
        by: Officer { id: row.text("officer")?, name: row.text("officer_name")? },
    })
}
