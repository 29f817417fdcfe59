//! The report of an office on proceedings that were not concluded in their term (art. 2 c. 9-quater L. 241/1990): how many
//! of each service, and one by one, page by page from where the last one ended.

use std::{
    collections::BTreeMap,
    fmt::{Display, Formatter},
    str::FromStr,
};

use base::{Date, Timestamp, Uuid};
use database::{Conditions, Result, Row, Tx};

use super::lists::protocol;
use crate::payload::Protocol;

/// Which report.
#[derive(Debug, Clone, Copy)]
pub struct LateIn<'a> {
    /// Of which office.
    pub office: &'a str,
    /// The year in which the terms passed; of the present one also those of earlier years that still wait.
    pub year: i16,
    /// The day: a term that ends today is not over.
    pub today: Date,
}

/// A proceeding that was not concluded in its term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    /// The case.
    pub case: Uuid,
    /// Slug of the service.
    pub service: String,
    /// Its name when the case was filed.
    pub service_name: String,
    /// Its number.
    pub protocol: Protocol,
    /// When it was filed.
    pub submitted_at: Timestamp,
    /// The last day of its term.
    pub due: Date,
    /// The day on which it was concluded; `None` while it is not.
    pub closed_on: Option<Date>,
    /// The day on which the substitute was called.
    pub substitute_called_on: Option<Date>,
}

/// How many of a service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LateCount {
    /// Its name when one of the cases was filed.
    pub service_name: String,
    /// In all.
    pub all: i64,
    /// Those that still wait.
    pub waiting: i64,
}

/// Where in the report a proceeding stands: those that wait come first, then by the end of the term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LatePlace {
    concluded: bool,
    due: Date,
    case: Uuid,
}

impl Late {
    /// Where it stands.
    #[must_use]
    pub const fn place(&self) -> LatePlace {
        LatePlace { concluded: self.closed_on.is_some(), due: self.due, case: self.case }
    }
}

impl Display for LatePlace {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", if self.concluded { 'c' } else { 'a' }, self.due, self.case.simple())
    }
}

impl FromStr for LatePlace {
    type Err = ();

    fn from_str(text: &str) -> std::result::Result<Self, ()> {
        let (part, rest) = text.split_once('.').ok_or(())?;
        let (due, case) = rest.split_once('.').ok_or(())?;
        let concluded = match part {
            "a" => false,
            "c" => true,
            _ => return Err(()),
        };
        Ok(Self { concluded, due: due.parse().map_err(drop)?, case: case.parse().map_err(drop)? })
    }
}

/// Older than any case.
const EARLIEST: i16 = 1900;

impl LateIn<'_> {
    /// What chooses those that wait, or those that were concluded, as their indexes have it.
    fn conditions(&self, concluded: bool) -> Conditions {
        let first = |year: i16| Date::new(year, 1, 1).unwrap_or(Date::MAX);
        let since = if concluded || self.year != self.today.year() { self.year } else { EARLIEST };
        let mut wanted = Conditions::default();
        wanted.and("office = ?", [self.office.into()]);
        wanted.and("due >= ? AND due < ?", [first(since).into(), first(self.year.saturating_add(1)).into()]);
        if concluded {
            wanted.and("closed_on > due AND state <> 'withdrawn'", []);
        } else {
            wanted.and("closed_on IS NULL AND due < ?", [self.today.into()]);
            wanted.and("(suspended_until IS NULL OR suspended_until <= ?)", [self.today.into()]);
        }
        wanted
    }

    /// How many of each service, by its slug.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn counts(&self, tx: &mut Tx) -> Result<BTreeMap<String, LateCount>> {
        let mut counts = BTreeMap::<String, LateCount>::new();
        for concluded in [false, true] {
            let wanted = self.conditions(concluded);
            let sql = "SELECT service, max(service_name) AS service_name, count(*) AS n FROM cases WHERE";
            for row in tx.rows(&format!("{sql} {} GROUP BY service", wanted.text()), wanted.values()).await? {
                let (count, many) = (counts.entry(row.text("service")?).or_default(), row.int("n")?);
                count.service_name = row.text("service_name")?;
                count.all += many;
                count.waiting += if concluded { 0 } else { many };
            }
        }
        Ok(counts)
    }

    /// The next ones behind a place, at most so many.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn following(&self, tx: &mut Tx, behind: Option<LatePlace>, most: usize) -> Result<Vec<Late>> {
        let mut found = Vec::new();
        for concluded in [false, true].into_iter().filter(|part| behind.is_none_or(|place| place.concluded <= *part)) {
            let mut wanted = self.conditions(concluded);
            if let Some(place) = behind.filter(|place| place.concluded == concluded) {
                wanted.and("(due, id) > (?, ?)", [place.due.into(), place.case.into()]);
            }
            let missing = most.saturating_sub(found.len());
            let sql = "SELECT id, service, service_name, protocol_office, protocol_number, protocol_year, submitted_at, due, \
                         closed_on, substitute_called_on FROM cases WHERE";
            let sql = format!("{sql} {} ORDER BY due, id LIMIT {missing}", wanted.text());
            found.extend(tx.rows(&sql, wanted.values()).await?.iter().map(late).collect::<Result<Vec<_>>>()?);
        }
        Ok(found)
    }
}

fn late(row: &Row) -> Result<Late> {
    Ok(Late {
        case: row.id("id")?,
        service: row.text("service")?,
        service_name: row.text("service_name")?,
        protocol: protocol(row)?,
        submitted_at: row.instant("submitted_at")?,
        due: row.date("due")?,
        closed_on: row.opt_parsed("closed_on")?,
        substitute_called_on: row.opt_parsed("substitute_called_on")?,
    })
}
