use base::{Timestamp, Uuid, rome_date};
use database::{Param, Result, Row, Tx, params};

use super::NewCase;
use crate::payload::{Protocol, Submitted};

/// A registration (art. 53 D.P.R. 445/2000). Never changed, never removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Office, year and number.
    pub protocol: Protocol,
    /// The instant: by art. 18-bis L. 241/1990 that of the filing.
    pub registered_at: Timestamp,
    /// `in` or `out`.
    pub direction: String,
    /// Sender of what comes in, recipient of what goes out.
    pub correspondent: String,
    /// What it is about.
    pub subject: String,
    /// SHA-256 of what was registered, hexadecimal.
    pub fingerprint: String,
    /// The case it belongs to.
    pub case: Uuid,
}

/// Takes the next number of an office's register; see [`next_numbers`].
///
/// # Errors
/// What the database refuses.
#[cfg(feature = "testing")]
pub async fn next_number(tx: &mut Tx, office: &str, at: Timestamp) -> Result<Protocol> {
    next_numbers(tx, office, at, 1).await
}

/// Takes the next `many` numbers of an office's register, and gives the first. The register's row stays locked until
/// the transaction ends: a number is taken if and only if what it registers is written, and numbers follow the order of
/// commits.
///
/// # Errors
/// What the database refuses.
pub async fn next_numbers(tx: &mut Tx, office: &str, at: Timestamp, many: i64) -> Result<Protocol> {
    let year = rome_date(at).year();
    let sql = "INSERT INTO protocol_registers (office, year, last) VALUES ($1, $2, $3) \
               ON CONFLICT (office, year) DO UPDATE SET last = protocol_registers.last + $3 RETURNING last";
    let row = tx.row(sql, params![office, i64::from(year), many]).await?;
    let last = row.map_or(Ok(many), |row| row.int("last"))?;
    Ok(Protocol { office: office.to_owned(), year, number: last - many + 1 })
}

/// Writes down what numbers stand for.
///
/// # Errors
/// What the database refuses.
pub async fn register_all(tx: &mut Tx, new: &[NewCase<'_>]) -> Result<()> {
    let row = |new: &NewCase<'_>| entry_of(new.case.id, &new.case.submitted, new.at, new.fingerprint);
    let rows: Vec<_> = new.iter().map(row).collect();
    tx.insert_all(INTO_ENTRIES, &rows, "").await
}

const INTO_ENTRIES: &str = "INSERT INTO protocol_entries (office, year, number, registered_at, direction, correspondent, \
    subject, fingerprint, case_id)";

fn entry_of(case: Uuid, submitted: &Submitted, at: Timestamp, fingerprint: &str) -> Vec<Param> {
    let (protocol, applicant) = (&submitted.protocol, &submitted.applicant);
    let correspondent = format!("{} ({})", applicant.name, applicant.fiscal_code);
    let key = params![&protocol.office, i64::from(protocol.year), protocol.number];
    let rest = params![at, "in", &correspondent, &submitted.service_name, fingerprint, case];
    [key.as_slice(), rest.as_slice()].concat()
}

/// Writes down what one number stands for.
///
/// # Errors
/// What the database refuses.
#[cfg(feature = "testing")]
pub async fn register(tx: &mut Tx, case: Uuid, submitted: &Submitted, at: Timestamp, fingerprint: &str) -> Result<()> {
    tx.insert_all(INTO_ENTRIES, &[entry_of(case, submitted, at, fingerprint)], "").await
}

/// The register of a year, in the order of numbers.
///
/// # Errors
/// What the database refuses.
pub async fn entries(tx: &mut Tx, office: &str, year: i16) -> Result<Vec<Entry>> {
    let sql = "SELECT office, year, number, registered_at, direction, correspondent, subject, fingerprint, case_id \
               FROM protocol_entries WHERE office = $1 AND year = $2 ORDER BY number";
    tx.rows(sql, params![office, i64::from(year)]).await?.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<Entry> {
    let year = i16::try_from(row.int("year")?).unwrap_or(i16::MAX);
    Ok(Entry {
        protocol: Protocol { office: row.text("office")?, year, number: row.int("number")? },
        registered_at: row.instant("registered_at")?,
        direction: row.text("direction")?,
        correspondent: row.text("correspondent")?,
        subject: row.text("subject")?,
        fingerprint: row.text("fingerprint")?,
        case: row.id("case_id")?,
    })
}
