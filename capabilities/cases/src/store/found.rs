//! Searching: some hundred cases at most, each by a key that an index holds.

use std::collections::BTreeSet;

use database::{Param, Result, Tx};

use super::{
    lists::{CaseRow, case_row, columns},
    worklist::{Filter, conditions},
};
use crate::search::Asked;

/// How many people with a key that begins so are looked at. Who finds more says another word.
const MOST: usize = 500;
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
    let mut search = Search::of(filter, values);
    search.with_names(asked.besides());
    // The keys first, whatever the engine thinks of it: each leads to one case.
    let from = format!("FROM (SELECT case_id {of_key} LIMIT {MOST}) AS named CROSS JOIN cases");
    search.and("id = case_id", []);
    Ok((search.run(tx, &from).await?, looked_at))
}

/// Cases whose keys are not written yet, by the text that the version before looked at: few, and soon none.
async fn unnamed(tx: &mut Tx, filter: &Filter, asked: &Asked) -> Result<Vec<CaseRow>> {
    let mut search = Search::of(filter, Vec::new());
    search.and("named IS NULL", []);
    for word in asked.names.iter().chain(&asked.code) {
        search.and("search LIKE ?", [format!("%{word}%").into()]);
    }
    search.run(tx, "FROM cases").await
}

async fn by_number(
    tx: &mut Tx,
    filter: &Filter,
    asked: &Asked,
    (number, year): (i64, Option<i64>),
) -> Result<Vec<CaseRow>> {
    let mut search = Search::of(filter, Vec::new());
    let last = i64::from(filter.today.year());
    let years = year.map_or_else(|| (last - YEARS + 1..=last + 1).collect(), |year| vec![year]);
    let places = vec!["?"; years.len()].join(", ");
    search.and(&format!("protocol_year IN ({places})"), years.into_iter().map(Param::from));
    search.and("protocol_office = ? AND protocol_number = ?", [Param::from(&filter.office), number.into()]);
    search.with_names(asked.besides());
    search.run(tx, "FROM cases").await
}

/// A query that grows: conditions of ours, values of whoever searches.
struct Search {
    conditions: String,
    values: Vec<Param>,
}

impl Search {
    fn of(filter: &Filter, values: Vec<Param>) -> Self {
        let (conditions, values) = conditions(filter, values);
        Self { conditions, values }
    }

    fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Param>) {
        let mut text = condition.to_owned();
        for value in values {
            self.values.push(value);
            text = text.replacen('?', &format!("${}", self.values.len()), 1);
        }
        self.conditions = format!("{} AND {text}", self.conditions);
    }

    /// Whole words that must be there as well.
    fn with_names(&mut self, names: &[String]) {
        for name in names {
            self.and("(' ' || search || ' ') LIKE ?", [format!("% {name} %").into()]);
        }
    }

    async fn run(self, tx: &mut Tx, from: &str) -> Result<Vec<CaseRow>> {
        let columns = columns!("WHERE ").replace("FROM cases", from);
        let sql = format!("{columns}{} LIMIT {MOST}", self.conditions);
        tx.rows(&sql, &self.values).await?.iter().map(case_row).collect()
    }
}
