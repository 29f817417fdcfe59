//! How much there is to do, for an officer and for who heads the office.

use base::Date;
use database::{Result, Row, Tx, params};
use jiff::ToSpan;

use super::worklist::MOST_COUNTED;

/// Within how many days a term ends soon.
pub const DUE_SOON: i64 = 7;

/// An office's day at a glance; each counted up to [`MOST_COUNTED`], then only that there are more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Open cases.
    pub open: i64,
    /// Open and nobody's.
    pub unassigned: i64,
    /// Open, and the term ends within [`DUE_SOON`] days or is over.
    pub due_soon: i64,
    /// Open, and the term is over.
    pub overdue: i64,
    /// The officer's own open cases.
    pub mine: i64,
}

/// The figures of an office for one officer.
///
/// # Errors
/// What the database refuses.
pub async fn figures(tx: &mut Tx, office: &str, officer: &str, today: Date) -> Result<Figures> {
    const RUNS: &str = "(suspended_until IS NULL OR suspended_until <= $3)";
    let soon = today.saturating_add(DUE_SOON.days());
    let most = MOST_COUNTED + 1;
    let count = |name: &str, condition: &str| {
        format!(
            "(SELECT count(*) FROM (SELECT 1 FROM cases WHERE office = $1 AND closed_on IS NULL{condition} \
             LIMIT {most}) AS counted) AS {name}"
        )
    };
    let counts = [
        count("open", ""),
        count("unassigned", " AND officer IS NULL"),
        count("due_soon", &format!(" AND due <= $2 AND {RUNS}")),
        count("overdue", &format!(" AND due < $3 AND {RUNS}")),
        count("mine", " AND officer = $4"),
    ];
    let sql = format!("SELECT {}", counts.join(", "));
    let Some(row) = tx.row(&sql, params![office, soon, today, officer]).await? else { return Ok(Figures::default()) };
    Ok(Figures {
        open: row.int("open")?,
        unassigned: row.int("unassigned")?,
        due_soon: row.int("due_soon")?,
        overdue: row.int("overdue")?,
        mine: row.int("mine")?,
    })
}

/// What one officer of an office holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// Identifier of the officer.
    pub officer: String,
    /// Name, as it was when the officer took the last of them.
    pub name: String,
    /// Open cases.
    pub open: i64,
    /// Those of them whose term is over.
    pub overdue: i64,
}

impl Load {
    /// Of an officer who holds nothing.
    #[must_use]
    pub fn none(officer: &str, name: &str) -> Self {
        Self { officer: officer.to_owned(), name: name.to_owned(), open: 0, overdue: 0 }
    }
}

/// Who holds how many open cases of an office, most first; also those whose account is disabled.
///
/// # Errors
/// What the database refuses.
pub async fn loads(tx: &mut Tx, office: &str, today: Date) -> Result<Vec<Load>> {
    // The counts from the index alone; then a name for each.
    let sql = "SELECT officer, open, overdue, (SELECT officer_name FROM cases WHERE cases.office = $1 \
                 AND cases.officer = held.officer AND closed_on IS NULL LIMIT 1) AS name \
               FROM (SELECT officer, count(*) AS open, \
                   sum(CASE WHEN due < $2 AND (suspended_until IS NULL OR suspended_until <= $2) THEN 1 ELSE 0 END) \
                     AS overdue \
                 FROM cases WHERE office = $1 AND closed_on IS NULL AND officer IS NOT NULL GROUP BY officer) AS held \
               ORDER BY open DESC, officer";
    let load = |row: &Row| {
        let (officer, name) = (row.text("officer")?, row.text("name")?);
        Ok(Load { officer, name, open: row.int("open")?, overdue: row.int("overdue")? })
    };
    tx.rows(sql, params![office, today]).await?.iter().map(load).collect()
}
