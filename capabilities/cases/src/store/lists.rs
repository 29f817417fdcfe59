use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Timestamp, Uuid};
use database::{Result, Row, Tx, params};
use deadlines::{Cause, Silence};

use super::terms::{cause_of, silence_of};
use crate::{case::State, payload::Protocol, ranking::Rank};

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Identifier.
    pub id: Uuid,
    /// The office that has it.
    pub office: String,
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
    /// Its place in the order of a window.
    pub rank: Option<Rank>,
}

/// What a list shows of a case, perhaps with more from other tables, followed by its conditions.
macro_rules! columns {
    ($rest:literal) => {
        columns!("", "cases ", $rest)
    };
    ($more:literal, $from:literal, $rest:literal) => {
        concat!(
            "SELECT id, cases.office AS office, service, service_name, applicant, applicant_name, cases.state AS state, submitted_at, \
             protocol_office, protocol_year, protocol_number, due, suspended_until, officer_name, amount, closed_on, \
             suspended_cause, silence, substitute_due, substitute_called_on, rank",
            $more,
            " FROM ",
            $from,
            $rest
        )
    };
}

pub(super) use columns;

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

/// The three cases of a person that were decided last, on a day or later.
///
/// # Errors
/// What the database refuses.
pub async fn ended_since(tx: &mut Tx, applicant: &str, since: Date) -> Result<Vec<CaseRow>> {
    let sql = columns!(
        "WHERE applicant = $1 AND closed_on >= $2 AND state <> 'withdrawn' ORDER BY closed_on DESC, submitted_at DESC LIMIT 3"
    );
    tx.rows(sql, params![applicant, since]).await?.iter().map(case_row).collect()
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

/// The number of a case in the register.
pub(super) fn protocol(row: &Row) -> Result<Protocol> {
    let year = i16::try_from(row.int("protocol_year")?).unwrap_or(i16::MAX);
    Ok(Protocol { office: row.text("protocol_office")?, year, number: row.int("protocol_number")? })
}

pub(super) fn case_row(row: &Row) -> Result<CaseRow> {
    Ok(CaseRow {
        id: row.id("id")?,
        office: row.text("office")?,
        service: row.text("service")?,
        service_name: row.text("service_name")?,
        applicant: row.text("applicant")?,
        applicant_name: row.text("applicant_name")?,
        state: row.parsed("state")?,
        submitted_at: row.instant("submitted_at")?,
        protocol: protocol(row)?,
        due: row.date("due")?,
        suspended_until: row.opt_parsed("suspended_until")?,
        suspended_cause: row.opt_text("suspended_cause")?.and_then(|key| cause_of(&key)),
        silence: row.opt_text("silence")?.and_then(|key| silence_of(&key)),
        substitute_due: row.opt_parsed("substitute_due")?,
        substitute_called_on: row.opt_parsed("substitute_called_on")?,
        officer_name: row.opt_text("officer_name")?,
        amount: row.opt_text("amount")?,
        closed_on: row.opt_parsed("closed_on")?,
        rank: row.opt_parsed("rank")?,
    })
}
