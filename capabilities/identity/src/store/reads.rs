use base::{Timestamp, Translated, Uuid};
use database::{Error, Result, Row, Tx, params};

use crate::DataRead;

/// A reading, as the person sees it.
pub(crate) struct ReadRow {
    pub(crate) at: Timestamp,
    pub(crate) reader_name: String,
    pub(crate) office: Translated,
    pub(crate) purpose: Translated,
    pub(crate) what: Translated,
    pub(crate) case: Option<Uuid>,
}

pub(crate) async fn insert(tx: &mut Tx, id: Uuid, now: Timestamp, read: &DataRead<'_>) -> Result<()> {
    let sql = "INSERT INTO data_reads (id, at, reader, reader_name, office, purpose, subject, what, case_id)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let json = |text: &Translated| serde_json::json!(text).to_string();
    let (reader, office) = (read.reader, json(&read.reader.office));
    let (purpose, what) = (json(read.purpose), json(read.what));
    let params = params![id, now, &reader.id, &reader.name, office, purpose, read.subject, what, read.case];
    tx.execute(sql, params).await.map(drop)
}

/// Deletes the readings of a case before `horizon`, and sets a last day to the others.
pub(crate) async fn release(tx: &mut Tx, case: Uuid, horizon: Timestamp, until: Timestamp) -> Result<()> {
    tx.execute("DELETE FROM data_reads WHERE case_id = $1 AND at < $2", params![case, horizon]).await?;
    tx.execute("UPDATE data_reads SET forget_after = $2 WHERE case_id = $1", params![case, until]).await.map(drop)
}

/// Deletes readings whose last day was before `now`.
pub(crate) async fn forget(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.execute("DELETE FROM data_reads WHERE forget_after < $1", params![now]).await
}

pub(crate) async fn count(tx: &mut Tx, subject: &str) -> Result<i64> {
    tx.number("SELECT count(*) AS n FROM data_reads WHERE subject = $1", params![subject]).await
}

/// Newest first.
pub(crate) async fn of_person(tx: &mut Tx, subject: &str, limit: i64, offset: i64) -> Result<Vec<ReadRow>> {
    let sql = "SELECT at, reader_name, office, purpose, what, case_id FROM data_reads
               WHERE subject = $1 ORDER BY at DESC, id DESC LIMIT $2 OFFSET $3";
    tx.rows(sql, params![subject, limit, offset]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<ReadRow> {
    let translated = |name: &'static str| {
        serde_json::from_str(&row.text(name)?).map_err(|error| Error::Column(name, error.to_string()))
    };
    Ok(ReadRow {
        at: row.instant("at")?,
        reader_name: row.text("reader_name")?,
        office: office(row)?,
        purpose: translated("purpose")?,
        what: translated("what")?,
        case: row.opt_parsed("case_id")?,
    })
}

/// An office as readings name it. Rows from before names were kept in every language hold plain text.
pub(crate) fn office(row: &Row) -> Result<Translated> {
    let text = row.text("office")?;
    Ok(serde_json::from_str(&text).unwrap_or_else(|_| Translated::from(text.as_str())))
}
