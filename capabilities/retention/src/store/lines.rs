use std::collections::BTreeSet;

use base::{Date, Uuid};
use cases::Kept;
use database::{Param, Result, Row, Tx, params};
use protocol::Protocol;

use crate::list::{Digest, Line, List, Outcome};

/// Lines read at once for a digest.
const BATCH: i64 = 2000;

/// Which of these cases stand on a list that is not settled; one that was rejected is.
pub(crate) async fn listed(tx: &mut Tx, cases: &[Kept]) -> Result<BTreeSet<Uuid>> {
    let ids: Vec<String> = cases.iter().map(|case| case.id.to_string()).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let sql = "SELECT case_id FROM retention_lines WHERE outcome IS NULL \
               AND list NOT IN (SELECT id FROM retention_lists WHERE state = 'rejected') AND case_id IN";
    tx.rows_in(sql, &ids, "").await?.iter().map(|row| row.id("case_id")).collect()
}

/// Puts cases at the end of a list.
pub(crate) async fn add_lines(tx: &mut Tx, list: &List, after: i64, cases: &[&Kept]) -> Result<()> {
    let row = |(place, case): (i64, &&Kept)| -> Vec<Param> {
        let Protocol { year, number, .. } = &case.protocol;
        let register = other_register(list, &case.protocol);
        params![list.id, place, case.id, i64::from(*year), *number, case.closed_on, register].to_vec()
    };
    let rows: Vec<_> = (after + 1..).zip(cases).map(row).collect();
    let into = "INSERT INTO retention_lines (list, place, case_id, protocol_year, protocol_number, closed_on, protocol_office)";
    tx.insert_all(into, &rows, "").await
}

/// The register of a number, where it is not that of the office of the list: empty for that one.
fn other_register<'p>(list: &List, protocol: &'p Protocol) -> &'p str {
    if protocol.office == list.office { "" } else { &protocol.office }
}

/// The last place of a list; 0 where there is none.
pub(crate) async fn last_place(tx: &mut Tx, list: Uuid) -> Result<i64> {
    tx.number("SELECT max(place) AS n FROM retention_lines WHERE list = $1", params![list]).await
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT place, case_id, protocol_office, protocol_year, protocol_number, closed_on, outcome, reason \
             FROM retention_lines WHERE list = $1 ",
            $rest
        )
    };
}

/// At most `limit` lines from behind a place on.
pub(crate) async fn lines_from(tx: &mut Tx, list: &List, after: i64, limit: i64) -> Result<Vec<Line>> {
    let sql = select!("AND place > $2 ORDER BY place LIMIT $3");
    tx.rows(sql, params![list.id, after, limit]).await?.iter().map(|row| line(list, row)).collect()
}

/// At most `limit` lines whose cases are still to be destroyed.
pub(crate) async fn open_lines(tx: &mut Tx, list: &List, limit: i64) -> Result<Vec<Line>> {
    let sql = select!("AND outcome IS NULL ORDER BY place LIMIT $2");
    tx.rows(sql, params![list.id, limit]).await?.iter().map(|row| line(list, row)).collect()
}

/// The line of the case with a protocol number.
pub(crate) async fn find_numbered(tx: &mut Tx, list: &List, number: &Protocol) -> Result<Option<Line>> {
    let sql = select!("AND protocol_year = $2 AND protocol_number = $3 AND protocol_office = $4");
    let params = params![list.id, i64::from(number.year), number.number, other_register(list, number)];
    tx.row(sql, params).await?.map(|row| line(list, &row)).transpose()
}

/// Digest of a list as it is, or as it would be `without` the line at a place; how many are on it, and between which
/// days they were closed.
pub(crate) async fn digest(
    tx: &mut Tx,
    list: &List,
    without: Option<i64>,
) -> Result<(String, i64, Option<(Date, Date)>)> {
    let stays = |line: &&Line| line.outcome != Some(Outcome::Struck) && Some(line.place) != without;
    let (mut digest, mut many, mut closed, mut after) = (Digest::of(list), 0, None::<(Date, Date)>, 0);
    loop {
        let lines = lines_from(tx, list, after, BATCH).await?;
        let Some(last) = lines.last() else { return Ok((digest.end(), many, closed)) };
        after = last.place;
        for line in lines.iter().filter(stays) {
            digest.take(line);
            many += 1;
            let day = line.closed_on;
            closed = Some(closed.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
        }
    }
}

pub(crate) async fn strike(tx: &mut Tx, list: Uuid, place: i64, reason: &str) -> Result<()> {
    let sql = "UPDATE retention_lines SET outcome = $3, reason = $4 WHERE list = $1 AND place = $2 AND outcome IS NULL";
    tx.execute(sql, params![list, place, Outcome::Struck.key(), reason]).await.map(drop)
}

pub(crate) async fn settle(tx: &mut Tx, list: Uuid, place: i64, outcome: Outcome) -> Result<()> {
    let sql = "UPDATE retention_lines SET outcome = $3 WHERE list = $1 AND place = $2 AND outcome IS NULL";
    tx.execute(sql, params![list, place, outcome.key()]).await.map(drop)
}

/// How many cases of a list had each outcome.
pub(crate) async fn outcomes(tx: &mut Tx, list: Uuid) -> Result<Vec<(Outcome, i64)>> {
    let sql =
        "SELECT outcome, count(*) AS n FROM retention_lines WHERE list = $1 AND outcome IS NOT NULL GROUP BY outcome";
    let rows = tx.rows(sql, params![list]).await?;
    let read = |row: &Row| Ok((row.text("outcome")?, row.int("n")?));
    let counted: Vec<(String, i64)> = rows.iter().map(read).collect::<Result<_>>()?;
    let of = |outcome: Outcome| counted.iter().find(|(key, _)| key == outcome.key()).map_or(0, |(_, many)| *many);
    Ok(Outcome::ALL.into_iter().map(|outcome| (outcome, of(outcome))).collect())
}

fn line(list: &List, row: &Row) -> Result<Line> {
    let year = i16::try_from(row.int("protocol_year")?).unwrap_or(i16::MAX);
    let office = Some(row.text("protocol_office")?).filter(|office| !office.is_empty());
    let office = office.unwrap_or_else(|| list.office.clone());
    Ok(Line {
        place: row.int("place")?,
        case: row.id("case_id")?,
        protocol: Protocol { office, year, number: row.int("protocol_number")? },
        closed_on: row.date("closed_on")?,
        outcome: row.opt_parsed("outcome")?,
        reason: row.opt_text("reason")?.unwrap_or_default(),
    })
}
