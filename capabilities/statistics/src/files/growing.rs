use std::{borrow::Cow, collections::HashMap};

use base::Date;
use rules::{
    Value,
    columns::{Column, NO_DAY, NO_NUMBER, NO_TEXT, UNKNOWN, from_truth},
};
use rust_decimal::Decimal;

use super::Kind;

/// A column while a file is read: grows at its end, and is given away from its beginning.
#[derive(Debug, Clone)]
pub(super) enum Growing {
    Truth(Vec<u8>),
    Day(Vec<i32>),
    Number { values: Vec<i64>, scale: u32 },
    Text { codes: Vec<u32>, words: Words },
}

/// The distinct texts of a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    all: Vec<String>,
    places: HashMap<String, u32>,
}

impl Words {
    pub fn code(&mut self, text: &str) -> u32 {
        if let Some(code) = self.places.get(text) {
            return *code;
        }
        let code = u32::try_from(self.all.len()).unwrap_or(NO_TEXT);
        self.all.push(text.to_owned());
        self.places.insert(text.to_owned(), code);
        code
    }
}

impl Growing {
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Truth => Self::Truth(Vec::new()),
            Kind::Day => Self::Day(Vec::new()),
            Kind::Number(scale) => Self::Number { values: Vec::new(), scale },
            Kind::Text => Self::Text { codes: Vec::new(), words: Words::default() },
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Truth(values) => values.len(),
            Self::Day(values) => values.len(),
            Self::Number { values, .. } => values.len(),
            Self::Text { codes, .. } => codes.len(),
        }
    }

    /// One row more, without a value.
    pub fn push_nothing(&mut self) {
        match self {
            Self::Truth(values) => values.push(UNKNOWN),
            Self::Day(values) => values.push(NO_DAY),
            Self::Number { values, .. } => values.push(NO_NUMBER),
            Self::Text { codes, .. } => codes.push(NO_TEXT),
        }
    }

    /// One row more of a column of texts.
    pub fn push_text(&mut self, text: Option<&str>) {
        match (&mut *self, text) {
            (Self::Text { codes, words }, Some(text)) => codes.push(words.code(text)),
            (column, _) => column.push_nothing(),
        }
    }

    /// One row more of a column of numbers, as an integer of its scale.
    pub fn push_number(&mut self, number: Option<i64>) {
        match (&mut *self, number) {
            (Self::Number { values, .. }, Some(number)) => values.push(number),
            (column, _) => column.push_nothing(),
        }
    }

    /// One row more; `None` where the column cannot hold the value.
    pub fn push(&mut self, value: &Value) -> Option<()> {
        match (&mut *self, value) {
            (column, Value::Null) => column.push_nothing(),
            (Self::Truth(values), Value::Bool(truth)) => values.push(from_truth(Some(*truth))),
            (Self::Day(values), Value::Date(day)) => values.push(day_number(*day)),
            (Self::Number { values, scale }, value) => values.push(scaled(value.as_decimal()?, *scale)?),
            (Self::Text { codes, words }, Value::Text(text)) => codes.push(words.code(text)),
            _ => return None,
        }
        Some(())
    }

    /// The first rows, which are then gone from here.
    pub fn take(&mut self, rows: usize) -> Column<'static> {
        fn first<T: Clone>(values: &mut Vec<T>, rows: usize) -> Cow<'static, [T]> {
            let rest = values.split_off(rows.min(values.len()));
            Cow::Owned(std::mem::replace(values, rest))
        }
        match self {
            Self::Truth(values) => Column::Truth(first(values, rows)),
            Self::Day(values) => Column::Day(first(values, rows)),
            Self::Number { values, scale } => Column::Number { values: first(values, rows), scale: *scale },
            Self::Text { codes, words } => {
                let taken = first(codes, rows);
                let known = std::mem::take(words);
                // Only the texts of the rows that stay are kept, so that memory does not grow with the file.
                for code in codes.iter_mut().filter(|code| **code != NO_TEXT) {
                    *code = known.all.get(*code as usize).map_or(NO_TEXT, |text| words.code(text));
                }
                Column::Text { codes: taken, words: Cow::Owned(known.all) }
            }
        }
    }
}

/// Days since 1 January 1970.
pub(super) fn day_number(day: Date) -> i32 {
    const EPOCH: Date = Date::constant(1970, 1, 1);
    EPOCH.until(day).map_or(NO_DAY, |span| span.get_days())
}

/// A number as an integer of that scale, if it has no further digits and is not too great.
pub(crate) fn scaled(number: Decimal, scale: u32) -> Option<i64> {
    let exact = number.normalize();
    let missing = scale.checked_sub(exact.scale())?;
    let value = i64::try_from(exact.mantissa().checked_mul(10i128.checked_pow(missing)?)?).ok()?;
    Some(value).filter(|value| *value != NO_NUMBER)
}
