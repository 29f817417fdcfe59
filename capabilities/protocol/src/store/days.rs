use base::{Date, Timestamp, rome_date, rome_midnight};
use database::{Result, Row, Tx, params};

use super::entries::select;
use crate::{daily::DayFile, entry::Entry};

/// A stretch of registrations of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The year of the register.
    pub year: i16,
    /// First number.
    pub first: i64,
    /// Last number.
    pub last: i64,
}

/// What an office registered on a day; `None` for nothing.
///
/// # Errors
/// What the database refuses.
pub async fn of_day(tx: &mut Tx, office: &str, day: Date) -> Result<Option<Stretch>> {
    let sql = "SELECT min(number) AS first, max(number) AS last FROM protocol_entries \
               WHERE office = $1 AND year = $2 AND registered_at >= $3 AND registered_at < $4";
    let (from, to) = (rome_midnight(day), rome_midnight(day.tomorrow().unwrap_or(day)));
    let row = tx.row(sql, params![office, i64::from(day.year()), from, to]).await?;
    let Some(row) = row else { return Ok(None) };
    let ends = row.opt_int("first")?.zip(row.opt_int("last")?);
    Ok(ends.map(|(first, last)| Stretch { year: day.year(), first, last }))
}

/// The registrations of a stretch, in the order of numbers.
///
/// # Errors
/// What the database refuses.
pub async fn of_stretch(tx: &mut Tx, office: &str, stretch: Stretch) -> Result<Vec<Entry>> {
    let key = params![office, i64::from(stretch.year), stretch.first, stretch.last];
    select(tx, "WHERE office = $1 AND year = $2 AND number >= $3 AND number <= $4 ORDER BY number", key).await
}

/// The fiscal codes of the people whom one file of the daily register names.
///
/// # Errors
/// What the database refuses.
pub async fn people_of_part(tx: &mut Tx, office: &str, day: Date, part: i64) -> Result<Vec<String>> {
    let sql = "SELECT DISTINCT e.correspondent_code FROM protocol_entries e \
               JOIN protocol_days d ON d.office = e.office AND d.day = $2 AND d.part = $3 \
               WHERE e.office = $1 AND e.year = $4 AND e.number BETWEEN d.first_number AND d.last_number \
                 AND e.correspondent_code <> ''";
    let rows = tx.rows(sql, params![office, day, part, i64::from(day.year())]).await?;
    rows.iter().map(|row| row.text("correspondent_code")).collect()
}

/// The offices that ever registered anything.
///
/// # Errors
/// What the database refuses.
pub async fn offices(tx: &mut Tx) -> Result<Vec<String>> {
    let rows = tx.rows("SELECT DISTINCT office FROM protocol_registers ORDER BY office", &[]).await?;
    rows.iter().map(|row| row.text("office")).collect()
}

/// The day of the first registration of an office.
///
/// # Errors
/// What the database refuses.
pub async fn first_day(tx: &mut Tx, office: &str) -> Result<Option<Date>> {
    let sql = "SELECT min(registered_at) AS at FROM protocol_entries WHERE office = $1";
    let Some(row) = tx.row(sql, params![office]).await? else { return Ok(None) };
    Ok(row.opt_parsed::<Timestamp>("at")?.map(rome_date))
}

/// Keeps a file of the daily register.
///
/// # Errors
/// [`database::Error::Conflict`] when it was made already: it is never made twice.
pub async fn keep_day(tx: &mut Tx, file: &DayFile, bytes: &[u8], now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO protocol_days (office, day, part, last_part, entries, changes, first_number, last_number, \
               previous, sha256, bytes, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let key = params![&file.office, file.day, file.part, file.last_part];
    let what = params![file.entries, file.changes, file.first, file.last];
    tx.execute(sql, &[key.as_slice(), what, params![&file.previous, &file.sha256, bytes, now]].concat()).await.map(drop)
}

const COLUMNS: &str = "office, day, part, last_part, entries, changes, first_number, last_number, previous, sha256, \
    made_at";

/// Whether there is a file at all.
///
/// # Errors
/// What the database refuses.
pub async fn any_file(tx: &mut Tx) -> Result<bool> {
    Ok(tx.row("SELECT part FROM protocol_days LIMIT 1", &[]).await?.is_some())
}

/// The last file of an office.
///
/// # Errors
/// What the database refuses.
pub async fn last_file(tx: &mut Tx, office: &str) -> Result<Option<DayFile>> {
    let sql = format!("SELECT {COLUMNS} FROM protocol_days WHERE office = $1 ORDER BY day DESC, part DESC LIMIT 1");
    tx.row(&sql, params![office]).await?.map(|row| file(&row)).transpose()
}

/// The files of an office behind a place in the list: newest day first, its parts in order, at most `limit`.
///
/// # Errors
/// What the database refuses.
pub async fn files_before(tx: &mut Tx, office: &str, (day, part): (Date, i64), limit: i64) -> Result<Vec<DayFile>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM protocol_days WHERE office = $1 AND (day < $2 OR (day = $2 AND part > $3)) \
         ORDER BY day DESC, part LIMIT $4"
    );
    tx.rows(&sql, params![office, day, part, limit]).await?.iter().map(file).collect()
}

/// The files of an office after a place, oldest first, at most `limit`.
///
/// # Errors
/// What the database refuses.
pub async fn files_after(tx: &mut Tx, office: &str, (day, part): (Date, i64), limit: i64) -> Result<Vec<DayFile>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM protocol_days WHERE office = $1 AND (day > $2 OR (day = $2 AND part > $3)) \
         ORDER BY day, part LIMIT $4"
    );
    tx.rows(&sql, params![office, day, part, limit]).await?.iter().map(file).collect()
}

/// A file as it was made.
///
/// # Errors
/// What the database refuses.
pub async fn day_bytes(tx: &mut Tx, office: &str, day: Date, part: i64) -> Result<Option<Vec<u8>>> {
    let sql = "SELECT bytes FROM protocol_days WHERE office = $1 AND day = $2 AND part = $3";
    tx.row(sql, params![office, day, part]).await?.map(|row| row.blob("bytes")).transpose()
}

fn file(row: &Row) -> Result<DayFile> {
    Ok(DayFile {
        office: row.text("office")?,
        day: row.date("day")?,
        part: row.int("part")?,
        last_part: row.int("last_part")?,
        entries: row.int("entries")?,
        changes: row.int("changes")?,
        first: row.opt_int("first_number")?,
        last: row.opt_int("last_number")?,
        previous: row.text("previous")?,
        sha256: row.text("sha256")?,
        made_at: Some(row.instant("made_at")?),
    })
}
