use acts::NewAct;
use base::{ManualClock, Timestamp, Uuid, rome_date};
use database::{Result, Tx, params};
use deadlines::Calendar;
use web::{Failure, Web};

use crate::{case::Case, search::searchable};

/// A case by identifier, for officers and for the program: whoever calls this records the reading.
///
/// # Errors
/// What the database refuses.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Case>> {
    Ok(Case::from_acts(acts::of_case(tx, id).await?))
}

/// A case by identifier, if `fiscal_code` is its applicant. Somebody else's case and no case look the same.
///
/// # Errors
/// What the database refuses.
pub async fn find_own(tx: &mut Tx, id: Uuid, fiscal_code: &str) -> Result<Option<Case>> {
    let sql = "SELECT id FROM cases WHERE id = $1 AND applicant = $2";
    match tx.row(sql, params![id, fiscal_code]).await? {
        Some(_) => find(tx, id).await,
        None => Ok(None),
    }
}

/// A case by identifier, if it belongs to `office`, for its officers: whoever calls this records the reading.
///
/// # Errors
/// What the database refuses.
pub async fn find_in_office(tx: &mut Tx, id: Uuid, office: &str) -> Result<Option<Case>> {
    let sql = "SELECT id FROM cases WHERE id = $1 AND office = $2";
    match tx.row(sql, params![id, office]).await? {
        Some(_) => find(tx, id).await,
        None => Ok(None),
    }
}

/// Appends acts to a case and rewrites its row from what the book then says: one value, two places, one transaction.
///
/// `seen` is the last act that the writer had read; see [`acts::append`].
///
/// # Errors
/// [`Failure::Conflict`] when the case has moved on; otherwise what the database refuses.
pub async fn write(
    tx: &mut Tx,
    web: &Web,
    rules: (&deadlines::Rules, &Calendar),
    seen: Option<i64>,
    (at, acts): (Timestamp, &[NewAct]),
) -> std::result::Result<Option<Case>, Failure> {
    let Some(first) = acts.first() else { return Ok(None) };
    // One instant for all that the transaction says: number, register and act can never fall in different years.
    acts::append(tx, &ManualClock::at(at), web.chance(), seen, acts).await.map_err(stale_or_internal)?;
    let case = find(tx, first.case).await?;
    if let Some(case) = &case {
        let term = case.term(rules.0, rules.1, rome_date(at));
        project(tx, case, &term).await?;
    }
    Ok(case)
}

fn stale_or_internal(error: acts::AppendError) -> Failure {
    match error {
        acts::AppendError::Stale { .. } => Failure::Conflict("cases.failure.stale"),
        acts::AppendError::Database(error) => error.into(),
        acts::AppendError::Content(error) => Failure::internal(error),
    }
}

/// Writes the row of a case. What depends on the day (whether the clock is stopped) is written as the day on which it
/// ends: the row stays right until the next act.
///
/// # Errors
/// What the database refuses.
pub async fn project(tx: &mut Tx, case: &Case, term: &deadlines::State) -> Result<()> {
    let submitted = &case.submitted;
    let suspended_until = match term.phase {
        deadlines::Phase::Suspended { until, .. } => Some(until),
        _ => None,
    };
    let sql = "INSERT INTO cases (id, service, service_version, service_name, office, applicant, applicant_name, \
                 state, submitted_at, protocol_office, protocol_year, protocol_number, due, suspended_until, \
                 officer, officer_name, amount, closed_on, search) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) \
               ON CONFLICT (id) DO UPDATE SET state = excluded.state, due = excluded.due, \
                 suspended_until = excluded.suspended_until, officer = excluded.officer, \
                 officer_name = excluded.officer_name, amount = excluded.amount, closed_on = excluded.closed_on";
    let params = params![
        case.id,
        &submitted.service,
        &submitted.service_version,
        &submitted.service_name,
        &submitted.office,
        &submitted.applicant.fiscal_code,
        &submitted.applicant.name,
        case.state.key(),
        case.submitted_at,
        &submitted.protocol.office,
        i64::from(submitted.protocol.year),
        submitted.protocol.number,
        term.due,
        suspended_until,
        case.officer.as_ref().map(|taken| &taken.officer),
        case.officer.as_ref().map(|taken| &taken.officer_name),
        case.granted.as_ref().and_then(|granted| granted.amount.as_ref()),
        case.closed_on,
        searchable(submitted),
    ];
    tx.execute(sql, params).await.map(drop)
}

/// The case that an idempotency key of this person already made, if any.
///
/// # Errors
/// What the database refuses.
pub async fn submission_of(tx: &mut Tx, fiscal_code: &str, key: &str) -> Result<Option<Uuid>> {
    let sql = "SELECT case_id FROM submissions WHERE applicant = $1 AND idempotency_key = $2";
    tx.row(sql, params![fiscal_code, key]).await?.map(|row| row.id("case_id")).transpose()
}

/// Remembers which case an idempotency key made.
///
/// # Errors
/// [`database::Error::Conflict`] when the key was used meanwhile.
pub async fn insert_submission(tx: &mut Tx, fiscal_code: &str, key: &str, case: Uuid) -> Result<()> {
    let sql = "INSERT INTO submissions (applicant, idempotency_key, case_id) VALUES ($1, $2, $3)";
    tx.execute(sql, params![fiscal_code, key, case]).await.map(drop)
}
