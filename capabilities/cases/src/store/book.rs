use std::collections::BTreeMap;

use acts::{Act, NewAct};
use base::{Chance, Timestamp, Uuid, rome_date};
use database::{Param, Result, Tx, params};
use deadlines::Calendar;
use mandates::{Acting, Claim, Verb};
use web::Failure;

use super::{
    names::{Asker, insert_names, move_names},
    terms::{cause_key, silence_key},
};
use crate::{case::Case, ranking::rank, search::searchable, timers};

/// Somebody else wrote to the case since it was read: the key of the words for it.
pub const STALE: &str = "cases.failure.stale";

/// A case by identifier, for officers and for the program: whoever calls this records the reading.
///
/// # Errors
/// What the database refuses.
pub async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<Case>> {
    Ok(Case::from_acts(acts::of_case(tx, id).await?))
}

/// A case by identifier with leave to do this to it, if it is that of the person who asks, or of one for whom they may do
/// this now. Somebody else's case and no case look the same.
///
/// # Errors
/// What the database refuses.
pub async fn find_own(
    tx: &mut Tx,
    id: Uuid,
    (claim, verb): (&Claim, Verb),
    now: Timestamp,
) -> Result<Option<(Case, Acting)>> {
    let Some(capacity) = claim.stand(tx, now).await? else { return Ok(None) };
    let sql = "SELECT service FROM cases WHERE id = $1 AND applicant = $2";
    let Some(row) = tx.row(sql, params![id, &capacity.principal().fiscal_code]).await? else { return Ok(None) };
    let Some(acting) = capacity.may(&row.text("service")?, verb) else { return Ok(None) };
    let case = find(tx, id).await?.filter(|case| case.acts.first().is_some_and(|filed| acting.reaches(filed)));
    Ok(case.map(|case| (case, acting)))
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

/// The office that has a case, or had it when it was destroyed; `None` where there is no such case.
///
/// # Errors
/// What the database refuses.
pub async fn office_of(tx: &mut Tx, id: Uuid) -> Result<Option<String>> {
    tx.row("SELECT office FROM cases WHERE id = $1", params![id]).await?.map(|row| row.text("office")).transpose()
}

/// Writes the first act of a case, and its row.
///
/// # Errors
/// What the database refuses.
#[cfg(feature = "testing")]
pub async fn open(
    tx: &mut Tx,
    chance: &dyn Chance,
    rules: (&deadlines::Rules, &Calendar),
    (at, act): (Timestamp, NewAct),
) -> std::result::Result<Case, Failure> {
    let case = Case::from_acts(open_all(tx, chance, at, &[act]).await?);
    let case = case.ok_or_else(|| Failure::internal(anyhow::anyhow!("a case begins with what was submitted")))?;
    settle(tx, &case, &case.term(rules.0, rules.1, rome_date(at))).await?;
    insert_names(tx, std::iter::once(names(&case))).await?;
    Ok(case)
}

/// Writes the first acts of new cases.
///
/// # Errors
/// What the database refuses.
pub async fn open_all(
    tx: &mut Tx,
    chance: &dyn Chance,
    at: Timestamp,
    acts: &[NewAct],
) -> std::result::Result<Vec<Act>, Failure> {
    acts::open_all(tx, at, chance, acts).await.map_err(|error| error.or(Failure::Conflict(STALE)))
}

/// A case that begins: everything that is written of it beside its act.
pub struct NewCase<'a> {
    /// The case.
    pub case: &'a Case,
    /// Where its clock stands.
    pub term: &'a deadlines::State,
    /// The key under which it was sent.
    pub key: &'a str,
    /// What the protocol register says of it.
    pub entry: protocol::Entry,
}

/// Writes rows, register's entries and keys of new cases, each table once, and what they wait for.
///
/// # Errors
/// [`database::Error::Conflict`] when a key was used meanwhile.
pub async fn insert_cases(tx: &mut Tx, new: &[NewCase<'_>]) -> Result<()> {
    let rows: Vec<_> = new.iter().map(|new| row(new.case, new.term)).collect();
    tx.insert_all(INTO_CASES, &rows, "").await?;
    insert_names(tx, new.iter().map(|new| names(new.case))).await?;
    let entries: Vec<_> = new.iter().map(|new| new.entry.clone()).collect();
    protocol::register_all(tx, &entries).await?;
    for new in new {
        timers::set(tx, new.case, new.term).await?; // nothing, where silence decides nothing
    }
    let key = |new: &NewCase<'_>| params![&new.case.submitted.applicant.fiscal_code, new.key, new.case.id].to_vec();
    let keys: Vec<_> = new.iter().map(key).collect();
    tx.insert_all("INSERT INTO submissions (applicant, idempotency_key, case_id)", &keys, "").await
}

fn names(case: &Case) -> Asker<'_> {
    let applicant = &case.submitted.applicant;
    (case.office().id, case.id, &applicant.name, &applicant.fiscal_code)
}

/// Appends an act to the case as it was read and rewrites its row from what the book then says: one value, two places,
/// one transaction.
///
/// # Errors
/// [`Failure::Conflict`] with [`STALE`] when the case has moved on; otherwise what the database refuses.
pub async fn write(
    tx: &mut Tx,
    chance: &dyn Chance,
    rules: (&deadlines::Rules, &Calendar),
    case: Case,
    (at, act): (Timestamp, NewAct),
) -> std::result::Result<Case, Failure> {
    let before = case.office().id.to_owned();
    let case = append(tx, chance, case.last_seq(), (at, act)).await?.into_iter().fold(case, Case::after);
    if before != case.office().id {
        move_names(tx, &before, names(&case)).await?;
    }
    settle(tx, &case, &case.term(rules.0, rules.1, rome_date(at))).await?;
    Ok(case)
}

/// Writes what follows from a case: its row, and the jobs for what it waits for.
async fn settle(tx: &mut Tx, case: &Case, term: &deadlines::State) -> Result<()> {
    project(tx, case, term).await?;
    timers::set(tx, case, term).await
}

/// One instant for all that the transaction says: number, register and act can never fall in different years.
async fn append(
    tx: &mut Tx,
    chance: &dyn Chance,
    seen: i64,
    (at, act): (Timestamp, NewAct),
) -> std::result::Result<Vec<Act>, Failure> {
    acts::append(tx, at, chance, Some(seen), &[act]).await.map_err(|error| error.or(Failure::Conflict(STALE)))
}

const INTO_CASES: &str = "INSERT INTO cases (id, service, service_version, service_name, office, applicant, \
    applicant_name, state, submitted_at, protocol_office, protocol_year, protocol_number, due, suspended_until, officer, \
    officer_name, amount, closed_on, search, suspended_cause, silence, substitute_due, substitute_called_on, named, rank)";

/// Writes the row of a case. What depends on the day (whether the clock is stopped) is written as the day on which it
/// ends: the row stays right until the next act.
///
/// # Errors
/// What the database refuses.
async fn project(tx: &mut Tx, case: &Case, term: &deadlines::State) -> Result<()> {
    let changed = "ON CONFLICT (id) DO UPDATE SET office = excluded.office, state = excluded.state, due = excluded.due, \
                     suspended_until = excluded.suspended_until, officer = excluded.officer, \
                     officer_name = excluded.officer_name, amount = excluded.amount, closed_on = excluded.closed_on, \
                     suspended_cause = excluded.suspended_cause, substitute_due = excluded.substitute_due, \
                     substitute_called_on = excluded.substitute_called_on, rank = excluded.rank";
    tx.insert_all(INTO_CASES, &[row(case, term)], changed).await
}

fn row(case: &Case, term: &deadlines::State) -> Vec<Param> {
    let submitted = &case.submitted;
    let suspended = match term.phase {
        deadlines::Phase::Suspended { until, cause } => Some((until, cause)),
        _ => None,
    };
    params![
        case.id,
        &submitted.service,
        &submitted.service_version,
        &submitted.service_name,
        case.office().id,
        &submitted.applicant.fiscal_code,
        &submitted.applicant.name,
        case.state.key(),
        case.submitted_at,
        &submitted.protocol.office,
        i64::from(submitted.protocol.year),
        submitted.protocol.number,
        term.due,
        suspended.map(|(until, _)| until),
        case.officer.as_ref().map(|taken| &taken.officer),
        case.officer.as_ref().map(|taken| &taken.officer_name),
        case.granted.as_ref().and_then(|granted| granted.amount.as_ref()),
        case.closed_on,
        searchable(submitted),
        suspended.and_then(|(_, cause)| cause_key(cause)),
        term.silence.and_then(|silence| silence_key(silence.meaning)),
        term.substitute_due,
        term.substitute_since,
        1, // its keys are written, where it begins or by `name_old`
        submitted.ordering.as_ref().map(|ordering| rank(ordering, &case.answers).to_string()),
    ]
    .to_vec()
}

/// The case that an idempotency key of this person already made, if any.
///
/// # Errors
/// What the database refuses.
pub async fn submission_of(tx: &mut Tx, fiscal_code: &str, key: &str) -> Result<Option<Uuid>> {
    let sql = "SELECT case_id FROM submissions WHERE applicant = $1 AND idempotency_key = $2";
    tx.row(sql, params![fiscal_code, key]).await?.map(|row| row.id("case_id")).transpose()
}

/// Every case that an idempotency key of these people made, by person and key.
///
/// # Errors
/// What the database refuses.
pub async fn submissions_of(tx: &mut Tx, applicants: &[&str]) -> Result<BTreeMap<(String, String), Uuid>> {
    let sql = "SELECT applicant, idempotency_key, case_id FROM submissions WHERE applicant IN";
    let rows = tx.rows_in(sql, applicants, "").await?;
    rows.iter().map(|row| Ok(((row.text("applicant")?, row.text("idempotency_key")?), row.id("case_id")?))).collect()
}
