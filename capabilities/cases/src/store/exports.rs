//! Everything that a filter chooses, number by number, and what was taken out.

use base::{Timestamp, Uuid};
use database::{Result, Row, Tx, params};

use super::{
    lists::{CaseRow, case_row, columns},
    worklist::{Filter, conditions},
};

/// How many numbers of the register a step looks at.
pub const STEP: i64 = 1000;

/// What was taken out of the list of an office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Identifier.
    pub id: Uuid,
    /// When.
    pub began_at: Timestamp,
    /// From which office's list.
    pub office: String,
    /// By whom.
    pub officer: String,
    /// The officer's name.
    pub officer_name: String,
    /// What was wanted: the query of the list.
    pub wanted: String,
    /// The ending of the file.
    pub format: String,
    /// Whether it says who the applicants are.
    pub with_names: bool,
    /// Why names were needed.
    pub reason: String,
    /// How many cases were given.
    pub rows: i64,
    /// When the last of them was ready; `None` for a file that did not come to its end.
    pub ended_at: Option<Timestamp>,
}

/// Writes down what is about to be taken out.
///
/// # Errors
/// What the database refuses.
pub async fn begin_export(tx: &mut Tx, export: &Export) -> Result<()> {
    let sql = "INSERT INTO case_exports (id, began_at, office, officer, officer_name, wanted, format, with_names, reason, \
                 rows_given) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)";
    let Export { id, began_at, office, officer, officer_name, wanted, format, with_names, reason, .. } = export;
    let params = params![*id, *began_at, office, officer, officer_name, wanted, format, i64::from(*with_names), reason];
    tx.execute(sql, params).await.map(drop)
}

/// Writes down how many cases were given so far; with an instant, that these are all.
///
/// # Errors
/// What the database refuses.
pub async fn note_export(tx: &mut Tx, id: Uuid, rows: i64, ended_at: Option<Timestamp>) -> Result<()> {
    let sql = "UPDATE case_exports SET rows_given = $2, ended_at = $3 WHERE id = $1";
    tx.execute(sql, params![id, rows, ended_at]).await.map(drop)
}

/// The last things that were taken out of an office's list; with `officer`, by this one alone.
///
/// # Errors
/// What the database refuses.
pub async fn exports(tx: &mut Tx, office: &str, officer: Option<&str>) -> Result<Vec<Export>> {
    let sql = "SELECT id, began_at, office, officer, officer_name, wanted, format, with_names, reason, rows_given, ended_at \
               FROM case_exports WHERE office = $1 AND ($2 = '' OR officer = $2) ORDER BY began_at DESC, id LIMIT 50";
    tx.rows(sql, params![office, officer.unwrap_or("")]).await?.iter().map(export).collect()
}

fn export(row: &Row) -> Result<Export> {
    Ok(Export {
        id: row.id("id")?,
        began_at: row.instant("began_at")?,
        office: row.text("office")?,
        officer: row.text("officer")?,
        officer_name: row.text("officer_name")?,
        wanted: row.text("wanted")?,
        format: row.text("format")?,
        with_names: row.int("with_names")? != 0,
        reason: row.text("reason")?,
        rows: row.int("rows_given")?,
        ended_at: row.opt_parsed("ended_at")?,
    })
}

/// A stretch of numbers of a register that an export looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// The office whose register it is.
    pub register: String,
    /// The year.
    pub year: i64,
    /// Every number is above this one.
    pub after: i64,
    /// The last number.
    pub last: i64,
}

impl Stretch {
    /// How many numbers it has.
    #[must_use]
    pub const fn numbers(&self) -> i64 {
        self.last - self.after
    }
}

/// What an export that begins now will look at: the years of the office's register that have cases, oldest first, and then
/// what came to it under numbers of other registers.
///
/// # Errors
/// What the database refuses.
pub async fn extent(tx: &mut Tx, office: &str) -> Result<Vec<Stretch>> {
    let mut stretches = Vec::new();
    let mut before = 0;
    loop {
        let next = "SELECT min(protocol_year) AS n FROM cases WHERE protocol_office = $1 AND protocol_year > $2";
        let year = tx.number(next, params![office, before]).await?;
        if year == 0 {
            break;
        }
        let last = "SELECT max(protocol_number) AS n FROM cases WHERE protocol_office = $1 AND protocol_year = $2";
        let last = tx.number(last, params![office, year]).await?;
        stretches.push(Stretch { register: office.to_owned(), year, after: 0, last });
        before = year;
    }
    let passed = "SELECT protocol_office, protocol_year, min(protocol_number) AS first, max(protocol_number) AS last \
                  FROM cases WHERE office = $1 AND office <> protocol_office \
                  GROUP BY protocol_office, protocol_year ORDER BY protocol_office, protocol_year";
    for row in tx.rows(passed, params![office]).await? {
        let (register, year) = (row.text("protocol_office")?, row.int("protocol_year")?);
        stretches.push(Stretch { register, year, after: row.int("first")? - 1, last: row.int("last")? });
    }
    Ok(stretches)
}

/// The cases with the next [`STEP`] numbers of a stretch that a filter chooses, in the order of their numbers.
///
/// # Errors
/// What the database refuses.
pub async fn chosen(tx: &mut Tx, filter: &Filter, stretch: &Stretch) -> Result<Vec<CaseRow>> {
    let Stretch { register, year, after, .. } = stretch;
    let mut wanted = conditions(filter, Vec::new());
    let numbers = "protocol_office = ? AND protocol_year = ? AND protocol_number > ? AND protocol_number <= ?";
    wanted.and(numbers, [register.into(), (*year).into(), (*after).into(), (after + STEP).into()]);
    let columns = columns!("WHERE ");
    let sql = format!("{columns}{} ORDER BY protocol_number", wanted.text());
    tx.rows(&sql, wanted.values()).await?.iter().map(case_row).collect()
}
