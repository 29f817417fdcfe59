use std::collections::HashSet;

use base::{Date, Timestamp, Translated};
use database::{Error, Param, Result, Row, Tx, params};

use crate::Listing;

/// Somebody's name in a list, as the person sees it.
pub(crate) struct ListingRow {
    pub(crate) day: Date,
    pub(crate) reader_name: String,
    pub(crate) office: Translated,
    pub(crate) purpose: Translated,
}

/// Who of a list is written down for that day already.
pub(crate) async fn known(tx: &mut Tx, day: Date, listing: &Listing<'_>) -> Result<HashSet<String>> {
    if listing.subjects.is_empty() {
        return Ok(HashSet::new());
    }
    let places: Vec<String> = (0..listing.subjects.len()).map(|index| format!("${}", index + 4)).collect();
    let sql = format!(
        "SELECT subject FROM data_listings WHERE day = $1 AND reader = $2 AND kind = $3 AND subject IN ({})",
        places.join(", ")
    );
    let who = listing.subjects.iter().map(|subject| Param::from(*subject));
    let mut values = params![day, &listing.reader.id, listing.kind].to_vec();
    values.extend(who);
    tx.rows(&sql, &values).await?.iter().map(|row| row.text("subject")).collect()
}

/// All in one statement. Who was written down meanwhile by the same official's other window is left as it is.
pub(crate) async fn insert(
    tx: &mut Tx,
    (day, now): (Date, Timestamp),
    listing: &Listing<'_>,
    subjects: &[&str],
) -> Result<()> {
    let reader = listing.reader;
    let json = |text: &Translated| serde_json::json!(text).to_string();
    let (office, purpose) = (json(&reader.office), json(listing.purpose));
    let mut values = params![day, &reader.id, listing.kind, &reader.name, office, purpose, now].to_vec();
    let first = values.len() + 1;
    let row = |index: usize| format!("(${}, $1, $2, $3, $4, $5, $6, $7)", first + index);
    let rows: Vec<String> = (0..subjects.len()).map(row).collect();
    let sql = format!(
        "INSERT INTO data_listings (subject, day, reader, kind, reader_name, office, purpose, at) VALUES {} \
         ON CONFLICT DO NOTHING",
        rows.join(", ")
    );
    values.extend(subjects.iter().map(|subject| Param::from(*subject)));
    tx.execute(&sql, &values).await.map(drop)
}

pub(crate) async fn count(tx: &mut Tx, subject: &str) -> Result<i64> {
    tx.number("SELECT count(*) AS n FROM data_listings WHERE subject = $1", params![subject]).await
}

/// Newest first.
pub(crate) async fn of_person(tx: &mut Tx, subject: &str, limit: i64, offset: i64) -> Result<Vec<ListingRow>> {
    let sql = "SELECT day, reader_name, office, purpose FROM data_listings
               WHERE subject = $1 ORDER BY day DESC, at DESC, reader, kind LIMIT $2 OFFSET $3";
    tx.rows(sql, params![subject, limit, offset]).await?.iter().map(listing).collect()
}

fn listing(row: &Row) -> Result<ListingRow> {
    let purpose = serde_json::from_str(&row.text("purpose")?);
    Ok(ListingRow {
        day: row.date("day")?,
        reader_name: row.text("reader_name")?,
        office: super::reads::office(row)?,
        purpose: purpose.map_err(|error| Error::Column("purpose", error.to_string()))?,
    })
}
