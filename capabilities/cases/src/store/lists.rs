use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Timestamp, Uuid};
use database::{Param, Result, Row, Tx, params};
use deadlines::{Cause, Silence};
use jiff::ToSpan;

use super::terms::{cause_of, silence_of};
use crate::{case::State, payload::Protocol};

/// Within how many days a term ends soon.
pub const DUE_SOON: i64 = 7;

/// How many rows a page of the worklist has.
pub const PAGE: i64 = 25;

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Identifier.
    pub id: Uuid,
    /// Slug of the service.
    pub service: String,
    /// Italian name of the service.
    pub service_name: String,
    /// Fiscal code of the applicant.
    pub applicant: String,
    /// Name of the applicant.
    pub applicant_name: String,
    /// Where it stands.
    pub state: State,
    /// When it was filed.
    pub submitted_at: Timestamp,
    /// Its number.
    pub protocol: Protocol,
    /// The day by which it must end.
    pub due: Date,
    /// The day on which a clock that was stopped runs again.
    pub suspended_until: Option<Date>,
    /// Why it was stopped.
    pub suspended_cause: Option<Cause>,
    /// What silence means, where it decides.
    pub silence: Option<Silence>,
    /// By when the substitute must conclude.
    pub substitute_due: Option<Date>,
    /// The day on which the substitute was called.
    pub substitute_called_on: Option<Date>,
    /// Who works on it.
    pub officer_name: Option<String>,
    /// The amount granted.
    pub amount: Option<String>,
    /// When it ended.
    pub closed_on: Option<Date>,
}

/// What an officer wants to see.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this office; officers always have one.
    pub office: String,
    /// Only in this state; `None` for all that are open.
    pub state: Option<State>,
    /// Only this service.
    pub service: Option<String>,
    /// Only this officer's.
    pub officer: Option<String>,
    /// Only unassigned ones.
    pub unassigned: bool,
    /// Only those whose running term ends before this day.
    pub due_before: Option<Date>,
    /// Words that must all occur in name, fiscal code, number or service.
    pub words: String,
    /// In the order of a window, not by what is due first.
    pub ranked: bool,
    /// Page, from 0.
    pub page: i64,
    /// The day: which clocks are stopped depends on it.
    pub today: Date,
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT id, service, service_name, applicant, applicant_name, state, submitted_at, protocol_office, \
             protocol_year, protocol_number, due, suspended_until, officer_name, amount, closed_on, \
             suspended_cause, silence, substitute_due, substitute_called_on FROM cases ",
            $rest
        )
    };
}

/// A person's cases, latest first.
///
/// # Errors
/// What the database refuses.
pub async fn of_applicant(tx: &mut Tx, fiscal_code: &str) -> Result<Vec<CaseRow>> {
    let sql = columns!("WHERE applicant = $1 ORDER BY submitted_at DESC LIMIT 200");
    tx.rows(sql, params![fiscal_code]).await?.iter().map(case_row).collect()
}

/// Those of a person's cases that are open or granted, latest first.
///
/// # Errors
/// What the database refuses.
pub async fn standing_cases(tx: &mut Tx, fiscal_code: &str) -> Result<Vec<CaseRow>> {
    Ok(standing_cases_of(tx, &[fiscal_code]).await?.remove(fiscal_code).unwrap_or_default())
}

/// Those cases of several people that are open or granted, by person, latest first.
///
/// # Errors
/// What the database refuses.
pub async fn standing_cases_of(tx: &mut Tx, applicants: &[&str]) -> Result<BTreeMap<String, Vec<CaseRow>>> {
    let rest = "AND (closed_on IS NULL OR state IN ('granted', 'granted_by_silence')) ORDER BY submitted_at DESC";
    let mut found = BTreeMap::<String, Vec<CaseRow>>::new();
    for row in tx.rows_in(columns!("WHERE applicant IN"), applicants, rest).await? {
        let row = case_row(&row)?;
        found.entry(row.applicant.clone()).or_default().push(row);
    }
    Ok(found)
}

/// The fiscal codes of those who asked for a service and did not withdraw: for counting them, not for showing them.
///
/// # Errors
/// What the database refuses.
pub async fn applicants(tx: &mut Tx, service: &str) -> Result<BTreeSet<String>> {
    let sql = "SELECT DISTINCT applicant FROM cases WHERE service = $1 AND state <> $2";
    let rows = tx.rows(sql, params![service, State::Withdrawn.key()]).await?;
    rows.iter().map(|row| row.text("applicant")).collect()
}

/// A page of the worklist: what is due first stands first, closed ones last; and how many there are in all.
///
/// # Errors
/// What the database refuses.
pub async fn worklist(tx: &mut Tx, filter: &Filter) -> Result<(Vec<CaseRow>, i64)> {
    let (conditions, mut values) = conditions(filter);
    let total = tx.number(&format!("SELECT count(*) AS n FROM cases WHERE {conditions}"), &values).await?;
    values.extend([filter.today.into(), PAGE.into(), (filter.page.max(0) * PAGE).into()]);
    let (today, limit, offset) = (values.len() - 2, values.len() - 1, values.len());
    let columns = columns!("WHERE ");
    let ranks = if filter.ranked { "CASE WHEN rank IS NULL THEN 1 ELSE 0 END, rank, " } else { "" };
    let sql = format!(
        "{columns}{conditions} ORDER BY CASE WHEN closed_on IS NULL THEN 0 ELSE 1 END, {ranks}\
         CASE WHEN suspended_until > ${today} THEN 1 ELSE 0 END, due, id \
         LIMIT ${limit} OFFSET ${offset}"
    );
    let rows = tx.rows(&sql, &values).await?.iter().map(case_row).collect::<Result<_>>()?;
    Ok((rows, total))
}

/// Conditions are texts of ours with placeholders; what the officer typed travels only as values.
fn conditions(filter: &Filter) -> (String, Vec<Param>) {
    let mut parts = vec!["office = $1".to_owned()];
    let mut values = vec![Param::from(&filter.office)];
    let mut add = |condition: &str, value: Param| {
        values.push(value);
        parts.push(condition.replace('?', &format!("${}", values.len())));
    };
    if let Some(state) = filter.state {
        add("state = ?", state.key().into());
    }
    if let Some(service) = &filter.service {
        add("service = ?", service.into());
    }
    if let Some(officer) = &filter.officer {
        add("officer = ?", officer.into());
    }
    if let Some(day) = filter.due_before {
        add("due < ?", day.into());
        add("(suspended_until IS NULL OR suspended_until <= ?)", filter.today.into());
    }
    let words = base::fold(&filter.words);
    for word in words.split_whitespace().take(6) {
        add("search LIKE ?", format!("%{word}%").into());
    }
    if words.is_empty() && !filter.words.trim().is_empty() {
        parts.push("1 = 0".to_owned()); // only signs were typed: nothing is called that
    }
    if filter.unassigned {
        parts.push("officer IS NULL".to_owned());
    }
    if filter.state.is_none() && filter.words.is_empty() {
        parts.push("closed_on IS NULL".to_owned());
    }
    (parts.join(" AND "), values)
}

/// An office's day at a glance.
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
    let soon = today.saturating_add(DUE_SOON.days());
    let sql = "SELECT count(*) AS open, \
                 sum(CASE WHEN officer IS NULL THEN 1 ELSE 0 END) AS unassigned, \
                 sum(CASE WHEN due <= $2 AND (suspended_until IS NULL OR suspended_until <= $3) THEN 1 ELSE 0 END) \
                   AS due_soon, \
                 sum(CASE WHEN due < $3 AND (suspended_until IS NULL OR suspended_until <= $3) THEN 1 ELSE 0 END) \
                   AS overdue, \
                 sum(CASE WHEN officer = $4 THEN 1 ELSE 0 END) AS mine \
               FROM cases WHERE office = $1 AND closed_on IS NULL";
    let Some(row) = tx.row(sql, params![office, soon, today, officer]).await? else { return Ok(Figures::default()) };
    let number = |column| row.opt_int(column).map(|number| number.unwrap_or(0));
    Ok(Figures {
        open: number("open")?,
        unassigned: number("unassigned")?,
        due_soon: number("due_soon")?,
        overdue: number("overdue")?,
        mine: number("mine")?,
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
    let sql = "SELECT officer, max(officer_name) AS name, count(*) AS open, \
                 sum(CASE WHEN due < $2 AND (suspended_until IS NULL OR suspended_until <= $2) THEN 1 ELSE 0 END) \
                   AS overdue \
               FROM cases WHERE office = $1 AND closed_on IS NULL AND officer IS NOT NULL \
               GROUP BY officer ORDER BY open DESC, officer";
    let load = |row: &Row| {
        let (officer, name) = (row.text("officer")?, row.text("name")?);
        Ok(Load { officer, name, open: row.int("open")?, overdue: row.int("overdue")? })
    };
    tx.rows(sql, params![office, today]).await?.iter().map(load).collect()
}

fn case_row(row: &Row) -> Result<CaseRow> {
    let year = i16::try_from(row.int("protocol_year")?).unwrap_or(i16::MAX);
    Ok(CaseRow {
        id: row.id("id")?,
        service: row.text("service")?,
        service_name: row.text("service_name")?,
        applicant: row.text("applicant")?,
        applicant_name: row.text("applicant_name")?,
        state: State::from_key(&row.text("state")?).unwrap_or(State::Received),
        submitted_at: row.instant("submitted_at")?,
        protocol: Protocol { office: row.text("protocol_office")?, year, number: row.int("protocol_number")? },
        due: row.date("due")?,
        suspended_until: row.opt_parsed("suspended_until")?,
        suspended_cause: row.opt_text("suspended_cause")?.and_then(|key| cause_of(&key)),
        silence: row.opt_text("silence")?.and_then(|key| silence_of(&key)),
        substitute_due: row.opt_parsed("substitute_due")?,
        substitute_called_on: row.opt_parsed("substitute_called_on")?,
        officer_name: row.opt_text("officer_name")?,
        amount: row.opt_text("amount")?,
        closed_on: row.opt_parsed("closed_on")?,
    })
}
