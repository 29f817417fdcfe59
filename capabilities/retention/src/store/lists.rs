use base::{Date, Timestamp, Uuid};
use catalogue::Retention as Schedule;
use database::{Error, Result, Row, Tx, params};
use protocol::Protocol;

use crate::list::{Authorisation, List, State};

/// How many lists of an office a page shows, newest first.
const MOST: i64 = 100;

const COLUMNS: &str = "SELECT id, office, year, number, service, service_name, years, benefit_years, as_of, state, cases, \
    first_closed, last_closed, digest, proposed_at, proposed_by, proposed_by_name, authority, authorisation, \
    authorised_on, rejected_at, rejected_by_name, rejected_reason, began_at, ended_at, protocol_year, protocol_number \
    FROM retention_lists";

/// Writes a new list; it gets the next number of its office and year, which is given back.
pub(crate) async fn insert(tx: &mut Tx, list: &List) -> Result<i64> {
    let sql = "SELECT max(number) AS n FROM retention_lists WHERE office = $1 AND year = $2";
    let number = tx.number(sql, params![&list.office, i64::from(list.year)]).await? + 1;
    let sql = "INSERT INTO retention_lists (id, office, year, number, service, service_name, years, benefit_years, as_of, \
               state, cases, digest, proposed_at, proposed_by, proposed_by_name) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', $11, $12, $13)";
    let List { id, office, year, service, service_name, schedule, as_of, state, proposed_at, proposed_by, .. } = list;
    let what = params![*id, office, i64::from(*year), number, service, service_name, i64::from(schedule.years)];
    let when = params![i64::from(schedule.benefit_years), *as_of, state.key()];
    let who = params![*proposed_at, &proposed_by.0, &proposed_by.1];
    tx.execute(sql, &[what.as_slice(), when.as_slice(), who.as_slice()].concat()).await?;
    Ok(number)
}

/// The lists of an office, newest first.
pub(crate) async fn lists(tx: &mut Tx, office: &str) -> Result<Vec<List>> {
    let sql = format!("{COLUMNS} WHERE office = $1 ORDER BY year DESC, number DESC LIMIT {MOST}");
    tx.rows(&sql, params![office]).await?.iter().map(list).collect()
}

/// A list of an office.
pub(crate) async fn list_of(tx: &mut Tx, office: &str, id: Uuid) -> Result<Option<List>> {
    Ok(find(tx, id).await?.filter(|list| list.office == office))
}

/// A list, for the program itself.
pub(crate) async fn find(tx: &mut Tx, id: Uuid) -> Result<Option<List>> {
    tx.row(&format!("{COLUMNS} WHERE id = $1"), params![id]).await?.map(|row| list(&row)).transpose()
}

/// Writes what its lines add up to: from now on that is what people decide upon. What was authorised was another list.
pub(crate) async fn freeze(
    tx: &mut Tx,
    id: Uuid,
    (digest, cases, closed): (&str, i64, Option<(Date, Date)>),
) -> Result<()> {
    let sql = "UPDATE retention_lists SET digest = $2, cases = $3, first_closed = $4, last_closed = $5, state = $6, \
               authority = NULL, authorisation = NULL, authorised_on = NULL WHERE id = $1";
    let (first, last) = closed.unzip();
    tx.execute(sql, params![id, digest, cases, first, last, State::Proposed.key()]).await.map(drop)
}

pub(crate) async fn authorise(tx: &mut Tx, id: Uuid, given: &Authorisation) -> Result<()> {
    let sql = "UPDATE retention_lists SET authority = $2, authorisation = $3, authorised_on = $4 WHERE id = $1";
    tx.execute(sql, params![id, &given.authority, &given.number, given.on]).await.map(drop)
}

pub(crate) async fn reject(tx: &mut Tx, id: Uuid, by: &str, (reason, now): (&str, Timestamp)) -> Result<()> {
    let sql = "UPDATE retention_lists SET state = $2, rejected_at = $3, rejected_by_name = $4, rejected_reason = $5 \
               WHERE id = $1";
    tx.execute(sql, params![id, State::Rejected.key(), now, by, reason]).await.map(drop)
}

pub(crate) async fn move_on(tx: &mut Tx, id: Uuid, state: State) -> Result<()> {
    tx.execute("UPDATE retention_lists SET state = $2 WHERE id = $1", params![id, state.key()]).await.map(drop)
}

/// Notes when the first of its cases was destroyed.
pub(crate) async fn begin(tx: &mut Tx, id: Uuid, now: Timestamp) -> Result<()> {
    let sql = "UPDATE retention_lists SET began_at = $2 WHERE id = $1 AND began_at IS NULL";
    tx.execute(sql, params![id, now]).await.map(drop)
}

/// The end of a list: when, and its certificate with its registration.
pub(crate) struct Finished<'a> {
    pub(crate) at: Timestamp,
    pub(crate) protocol: &'a Protocol,
    pub(crate) certificate: &'a [u8],
}

pub(crate) async fn finish(tx: &mut Tx, id: Uuid, end: &Finished<'_>) -> Result<()> {
    let sql = "UPDATE retention_lists SET state = $2, ended_at = $3, protocol_year = $4, protocol_number = $5, \
               certificate = $6 WHERE id = $1";
    let Finished { at, protocol, certificate } = end;
    let params = params![id, State::Done.key(), *at, i64::from(protocol.year), protocol.number, *certificate];
    tx.execute(sql, params).await.map(drop)
}

pub(crate) async fn certificate(tx: &mut Tx, id: Uuid) -> Result<Option<Vec<u8>>> {
    let row = tx.row("SELECT certificate FROM retention_lists WHERE id = $1", params![id]).await?;
    row.map_or(Ok(None), |row| row.opt_blob("certificate"))
}

const UNSWEPT: &str = "state = 'done' AND swept_at IS NULL";

/// Whether something was destroyed of which the engine may still keep a trace.
pub(crate) async fn any_unswept(tx: &mut Tx) -> Result<bool> {
    let sql = format!("SELECT count(*) AS n FROM retention_lists WHERE {UNSWEPT}");
    Ok(tx.number(&sql, params![]).await? > 0)
}

/// Nothing is kept any more of lists that ended before.
pub(crate) async fn swept(tx: &mut Tx, began: Timestamp, now: Timestamp) -> Result<()> {
    let sql = format!("UPDATE retention_lists SET swept_at = $2 WHERE {UNSWEPT} AND ended_at <= $1");
    tx.execute(&sql, params![began, now]).await.map(drop)
}

fn list(row: &Row) -> Result<List> {
    let small = |column: &'static str| Ok::<_, Error>(i16::try_from(row.int(column)?).unwrap_or(i16::MAX));
    let years = |column: &'static str| Ok::<_, Error>(u16::try_from(row.int(column)?).unwrap_or(u16::MAX));
    Ok(List {
        id: row.id("id")?,
        office: row.text("office")?,
        year: small("year")?,
        number: row.int("number")?,
        service: row.text("service")?,
        service_name: row.text("service_name")?,
        schedule: Schedule { years: years("years")?, benefit_years: years("benefit_years")? },
        as_of: row.date("as_of")?,
        state: row.parsed("state")?,
        cases: row.int("cases")?,
        closed: row.opt_parsed("first_closed")?.zip(row.opt_parsed("last_closed")?),
        digest: row.text("digest")?,
        proposed_at: row.instant("proposed_at")?,
        proposed_by: (row.text("proposed_by")?, row.text("proposed_by_name")?),
        authorisation: authorisation(row)?,
        rejected: rejected(row)?,
        began_at: row.opt_parsed("began_at")?,
        ended_at: row.opt_parsed("ended_at")?,
        registered: registered(row)?,
    })
}

fn authorisation(row: &Row) -> Result<Option<Authorisation>> {
    let Some(authority) = row.opt_text("authority")? else { return Ok(None) };
    Ok(Some(Authorisation { authority, number: row.text("authorisation")?, on: row.date("authorised_on")? }))
}

fn rejected(row: &Row) -> Result<Option<(Timestamp, String, String)>> {
    let Some(at) = row.opt_parsed("rejected_at")? else { return Ok(None) };
    Ok(Some((at, row.text("rejected_by_name")?, row.text("rejected_reason")?)))
}

fn registered(row: &Row) -> Result<Option<Protocol>> {
    let Some(number) = row.opt_int("protocol_number")? else { return Ok(None) };
    let year = i16::try_from(row.int("protocol_year")?).unwrap_or(i16::MAX);
    Ok(Some(Protocol { office: row.text("office")?, year, number }))
}
