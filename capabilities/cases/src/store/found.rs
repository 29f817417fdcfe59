//! Searching: some hundred cases at most, each by a key that an index holds.

use std::collections::BTreeSet;

use database::{Conditions, Param, Result, Tx};

use super::{
    lists::{CaseRow, case_row, columns},
    worklist::{Filter, conditions},
};
use crate::search::Asked;

/// How many people with a key that begins so are looked at. Who finds more says another word.
const MOST: usize = 500;
/// More have no keys only where a large book has just become this version's: the rest is found when they are written.
const MOST_UNNAMED: usize = 20_000;
/// A register's number without a year is looked for in so many years back.
const YEARS: i64 = 12;

/// The cases that were asked for, and whether more people are called so than were looked at.
pub(super) async fn found(tx: &mut Tx, filter: &Filter, asked: &Asked) -> Result<(Vec<CaseRow>, bool)> {
    if let Some((number, year)) = asked.number {
        return Ok((by_number(tx, filter, asked, (number, year)).await?, false));
    }
    let (mut rows, mut more) = (Vec::new(), false);
    for beginning in asked.beginnings() {
        let (found, looked_at) = by_key(tx, filter, asked, &beginning).await?;
        rows.extend(found);
        more |= looked_at > MOST;
    }
    rows.extend(unnamed(tx, filter, asked).await?);
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert(row.id));
    Ok((rows, more))
}

async fn by_key(tx: &mut Tx, filter: &Filter, asked: &Asked, begins: &str) -> Result<(Vec<CaseRow>, usize)> {
    let values: Vec<Param> = vec![(&filter.office).into(), begins.into(), format!("{begins}{}", char::MAX).into()];
    let of_key = "FROM case_names WHERE office = $1 AND key >= $2 AND key < $3";
    let count = format!("SELECT count(*) AS n FROM (SELECT 1 {of_key} LIMIT {}) AS counted", MOST + 1);
    let looked_at = usize::try_from(tx.number(&count, &values).await?).unwrap_or(usize::MAX);
    let mut wanted = conditions(filter, values);
    with_names(&mut wanted, asked.besides());
    // The keys first, whatever the engine thinks of it: each leads to one case.
    let from = format!("FROM (SELECT case_id {of_key} LIMIT {MOST}) AS named CROSS JOIN cases");
    wanted.and("id = case_id", []);
    Ok((run(tx, &from, &wanted).await?, looked_at))
}

/// Cases whose keys are not written yet, by the text that the version before looked at: few, and soon none.
async fn unnamed(tx: &mut Tx, filter: &Filter, asked: &Asked) -> Result<Vec<CaseRow>> {
    let mut wanted = conditions(filter, Vec::new());
    wanted.and("id = case_id", []);
    for word in asked.names.iter().chain(&asked.code) {
        wanted.and("search LIKE ?", [format!("%{word}%").into()]);
    }
    // By their own index, which is nearly empty, whatever the engine thinks of it: an office's may have a million.
    let from = format!(
        "FROM (SELECT id AS case_id FROM cases WHERE named IS NULL LIMIT {MOST_UNNAMED}) AS unnamed CROSS JOIN cases"
    );
    run(tx, &from, &wanted).await
}

async fn by_number(
    tx: &mut Tx,
    filter: &Filter,
    asked: &Asked,
    (number, year): (i64, Option<i64>),
) -> Result<Vec<CaseRow>> {
    let mut wanted = conditions(filter, Vec::new());
    let last = i64::from(filter.today.year());
    let years = year.map_or_else(|| (last - YEARS + 1..=last + 1).collect(), |year| vec![year]);
    let places = vec!["?"; years.len()].join(", ");
    wanted.and(&format!("protocol_year IN ({places})"), years.into_iter().map(Param::from));
    wanted.and("protocol_number = ?", [number.into()]);
    if !filter.registers.is_empty() {
        let places = vec!["?"; filter.registers.len()].join(", ");
        wanted.and(&format!("protocol_office IN ({places})"), filter.registers.iter().map(Param::from));
    }
    with_names(&mut wanted, asked.besides());
    // Of the office's own register, and of those out of which cases were passed on to it: an index for each.
    let (mut own, mut passed) = (wanted.clone(), wanted);
    own.and("protocol_office = ?", [Param::from(&filter.office)]);
    passed.and("office <> protocol_office", []);
    let mut rows = run(tx, "FROM cases", &own).await?;
    rows.extend(run(tx, "FROM cases", &passed).await?);
    Ok(rows)
}

/// Whole words that must be there as well.
fn with_names(wanted: &mut Conditions, names: &[String]) {
    for name in names {
        wanted.and("(' ' || search || ' ') LIKE ?", [format!("% {name} %").into()]);
    }
}

async fn run(tx: &mut Tx, from: &str, wanted: &Conditions) -> Result<Vec<CaseRow>> {
    let columns = columns!("WHERE ").replace("FROM cases", from);
    let sql = format!("{columns}{} LIMIT {MOST}", wanted.text());
    tx.rows(&sql, wanted.values()).await?.iter().map(case_row).collect()
}
