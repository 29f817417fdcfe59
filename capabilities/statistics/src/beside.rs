//! What a simulation knows of households beside what the law asks: columns of the same batch, under names that no input
//! of a law can have.

use std::borrow::Cow;

use rules::columns::{Batch, BatchError, Column, NO_NUMBER, NO_TEXT};
use rust_decimal::Decimal;

const WEIGHT: &str = "@peso";
const PEOPLE: &str = "@persone";
const PLACE: &str = "@territorio";
const NAME: &str = "@id";
const RANK: &str = "@graduatoria";
const APPLIED: &str = "@domanda";

/// Columns beside the law's, one row for each household.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// How many households each stands for.
    pub weight: Option<Column<'static>>,
    /// How many people live in it.
    pub people: Option<Column<'static>>,
    /// Where it lives.
    pub place: Option<Column<'static>>,
    /// What it is called.
    pub name: Option<Column<'static>>,
    /// The number by which deciles are made.
    pub rank: Option<Column<'static>>,
    /// Whether it asked for the service.
    pub applied: Option<Column<'static>>,
}

impl Beside {
    /// Puts them into the batch.
    pub(crate) fn join<'b>(self, mut batch: Batch<'b>) -> Result<Batch<'b>, BatchError> {
        let all = [
            (WEIGHT, self.weight),
            (PEOPLE, self.people),
            (PLACE, self.place),
            (NAME, self.name),
            (RANK, self.rank),
            (APPLIED, self.applied),
        ];
        for (name, column) in all {
            if let Some(column) = column {
                batch = batch.column(name, column)?;
            }
        }
        Ok(batch)
    }
}

/// The columns beside the law's that a batch has, under the names that they have in files.
pub(crate) fn named<'b>(batch: &'b Batch<'_>) -> impl Iterator<Item = (&'static str, &'b Column<'b>)> {
    let names = [(NAME, "id"), (PLACE, "territorio"), (WEIGHT, "peso"), (PEOPLE, "persone"), (RANK, "isee")];
    names.into_iter().filter_map(|(inside, name)| Some((name, batch.get(None, inside)?)))
}

/// The same columns, read back row by row.
pub(crate) struct Seen<'b> {
    weight: Option<&'b Column<'b>>,
    people: Option<&'b Column<'b>>,
    place: Option<&'b Column<'b>>,
    name: Option<&'b Column<'b>>,
    rank: Option<&'b Column<'b>>,
    applied: Option<&'b Column<'b>>,
}

impl<'b> Seen<'b> {
    pub fn of(batch: &'b Batch<'b>) -> Self {
        let find = |name| batch.get(None, name);
        Self {
            weight: find(WEIGHT),
            people: find(PEOPLE),
            place: find(PLACE),
            name: find(NAME),
            rank: find(RANK),
            applied: find(APPLIED),
        }
    }

    /// 1 where nobody says.
    pub fn weight(&self, row: usize) -> Decimal {
        self.weight.and_then(|column| column.value(row).as_decimal()).unwrap_or(Decimal::ONE)
    }

    /// 0 where nobody says.
    pub fn people(&self, row: usize) -> Decimal {
        self.people.and_then(|column| column.value(row).as_decimal()).unwrap_or_default()
    }

    pub fn place(&self, row: usize) -> Option<&'b str> {
        self.place.and_then(|column| text(column, row))
    }

    pub fn name(&self, row: usize) -> Option<Cow<'b, str>> {
        let column = self.name?;
        text(column, row).map(Cow::Borrowed).or_else(|| column.value(row).as_decimal().map(|id| id.to_string().into()))
    }

    pub fn applied(&self, row: usize) -> Option<bool> {
        self.applied.and_then(|column| column.value(row).as_bool())
    }

    /// In hundredths, the rest cut off.
    pub fn rank(&self, row: usize) -> Option<i64> {
        match self.rank? {
            Column::Number { values, scale } => {
                let value = values.get(row).copied().filter(|value| *value != NO_NUMBER)?;
                match scale.checked_sub(2) {
                    None => value.checked_mul(10i64.pow(2 - scale)),
                    Some(digits) => Some(10i64.checked_pow(digits).map_or(0, |unit| value.div_euclid(unit))),
                }
            }
            _ => None,
        }
    }
}

fn text<'b>(column: &'b Column<'b>, row: usize) -> Option<&'b str> {
    match column {
        Column::Text { codes, words } => {
            let code = codes.get(row).copied().filter(|code| *code != NO_TEXT)?;
            words.get(code as usize).map(String::as_str)
        }
        _ => None,
    }
}
