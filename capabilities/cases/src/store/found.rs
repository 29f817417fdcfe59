//! Searching: at most a thousand cases, each by a key that an index holds.

use std::collections::BTreeSet;

use database::{Param, Result, Tx};

use super::{
    lists::{CaseRow, case_row, columns},
    worklist::{Filter, MOST_COUNTED, conditions},
};
use crate::search::Asked;

/// A register's number without a year is looked for in so many years back.
const YEARS: i64 = 12;

/// The cases that were asked for: one more than [`MOST_COUNTED`] at most, then it is known only that there are more.
pub async fn found(tx: &mut Tx, filter: &Filter, asked: &Asked) -> Result<Vec<CaseRow>> {
    let mut search = Search::of(filter);
    if let Some((number, year)) = asked.number {
        search.by_number(number, year, filter);
        search.with_names(&asked.names);
        return search.run(tx, "").await;
    }
    if asked.code.is_some() {
        search.by_code(asked);
        search.with_names(&asked.names);
        return search.run(tx, "").await;
    }
    let mut rows = Vec::new();
    for beginning in asked.beginnings() {
        let mut search = Search::of(filter);
        search.by_name(&beginning);
        search.with_names(asked.names.get(1..asked.names.len().saturating_sub(1)).unwrap_or_default());
        // The keys first, whatever the engine thinks of it: each leads to one case.
        rows.extend(search.run(tx, "case_names CROSS JOIN ").await?);
    }
    if asked.code().is_some() {
        search.by_code(asked);
        rows.extend(search.run(tx, "").await?);
    }
    let mut seen = BTreeSet::new();
    rows.retain(|row| seen.insert(row.id));
    rows.truncate(most());
    Ok(rows)
}

fn most() -> usize {
    usize::try_from(MOST_COUNTED).unwrap_or(usize::MAX).saturating_add(1)
}

/// A query that grows: conditions of ours, values of whoever searches.
struct Search {
    conditions: String,
    values: Vec<Param>,
}

impl Search {
    fn of(filter: &Filter) -> Self {
        let (conditions, values) = conditions(filter);
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

    fn by_number(&mut self, number: i64, year: Option<i64>, filter: &Filter) {
        let last = i64::from(filter.today.year());
        let years = year.map_or_else(|| (last - YEARS + 1..=last + 1).collect(), |year| vec![year]);
        let places = vec!["?"; years.len()].join(", ");
        let values = years.into_iter().map(Param::from);
        self.and(&format!("protocol_year IN ({places})"), values);
        self.and("protocol_office = ? AND protocol_number = ?", [Param::from(&filter.office), number.into()]);
    }

    fn by_code(&mut self, asked: &Asked) {
        let code = asked.code().unwrap_or_default();
        let beyond = beyond(&code);
        self.and("applicant >= ? AND applicant < ?", [code.into(), beyond.into()]);
    }

    fn by_name(&mut self, begins: &str) {
        let office = self.values[0].clone(); // `conditions` begins with the office
        let values = [office, begins.into(), beyond(begins).into()];
        self.and("case_names.office = ? AND key >= ? AND key < ? AND id = case_id", values);
    }

    /// Whole words that must be there as well.
    fn with_names(&mut self, names: &[String]) {
        for name in names {
            self.and("(' ' || search || ' ') LIKE ?", [format!("% {name} %").into()]);
        }
    }

    async fn run(self, tx: &mut Tx, joined: &str) -> Result<Vec<CaseRow>> {
        let (columns, conditions, most) = (columns!("WHERE "), &self.conditions, most());
        let columns = columns.replace("FROM cases", &format!("FROM {joined}cases"));
        let conditions = conditions.replacen("office = $1", "cases.office = $1", 1);
        let sql = format!("{columns}{conditions} LIMIT {most}");
        tx.rows(&sql, &self.values).await?.iter().map(case_row).collect()
    }
}

/// What comes behind everything that begins so.
fn beyond(begins: &str) -> String {
    format!("{begins}{}", char::MAX)
}
