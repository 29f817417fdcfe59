use std::borrow::Cow;

use rust_decimal::Decimal;

use crate::{Value, columns::calendar};

/// A yes/no byte that says no.
pub const NO: u8 = 0;
/// A yes/no byte of which nothing is known. It lies between the others, so that AND is the smaller and OR the greater.
pub const UNKNOWN: u8 = 1;
/// A yes/no byte that says yes.
pub const YES: u8 = 2;
/// The number that stands for NULL in a column.
pub const NO_NUMBER: i64 = i64::MIN;
/// The day that stands for NULL in a column.
pub const NO_DAY: i32 = i32::MIN;
/// The code that stands for NULL in a column of texts.
pub const NO_TEXT: u32 = u32::MAX;

/// One input of many households, or of all their members: borrowed from whoever read it, or owned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column<'a> {
    /// sì/no: [`NO`], [`UNKNOWN`] or [`YES`].
    Truth(Cow<'a, [u8]>),
    /// Days since 1 January 1970, or [`NO_DAY`].
    Day(Cow<'a, [i32]>),
    /// Exact numbers: each is its integer divided by ten to the power of `scale` (cents have scale 2); or [`NO_NUMBER`].
    Number {
        /// The integers.
        values: Cow<'a, [i64]>,
        /// How many digits of each stand behind the point; at most 28.
        scale: u32,
    },
    /// Texts as places in a list of words, or [`NO_TEXT`].
    Text {
        /// A place for each row.
        codes: Cow<'a, [u32]>,
        /// The words.
        words: Cow<'a, [String]>,
    },
}

impl Column<'_> {
    /// How many rows it has.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Truth(values) => values.len(),
            Self::Day(values) => values.len(),
            Self::Number { values, .. } => values.len(),
            Self::Text { codes, .. } => codes.len(),
        }
    }

    /// Whether it has no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a row; NULL beyond the last.
    #[must_use]
    pub fn value(&self, row: usize) -> Value {
        self.known(row).unwrap_or_default()
    }

    fn known(&self, row: usize) -> Option<Value> {
        match self {
            Self::Truth(values) => truth(*values.get(row)?).map(Value::Bool),
            Self::Day(values) => calendar::date(*values.get(row)?).map(Value::Date),
            Self::Number { values, scale } => number(*values.get(row)?, *scale).map(Value::Dec),
            Self::Text { codes, words } => words.get(*codes.get(row)? as usize).map(|word| Value::Text(word.clone())),
        }
    }

    /// Italian name of what it holds.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Truth(_) => "sì/no",
            Self::Day(_) => "data",
            Self::Number { .. } => "numero",
            Self::Text { .. } => "testo",
        }
    }

    /// The first row that holds what no value is written as.
    pub(super) fn first_wrong(&self) -> Option<usize> {
        match self {
            Self::Truth(values) => values.iter().position(|value| *value > YES),
            Self::Day(values) => values.iter().position(|day| *day != NO_DAY && !calendar::DAYS.contains(day)),
            Self::Number { scale, .. } => (*scale > Decimal::MAX_SCALE).then_some(0),
            Self::Text { codes, words } => {
                codes.iter().position(|code| *code != NO_TEXT && *code as usize >= words.len())
            }
        }
    }

    /// The same rows without owning them, from `start` to before `end`.
    pub(super) fn part(&self, start: usize, end: usize) -> Column<'_> {
        match self {
            Self::Truth(values) => Column::Truth(Cow::Borrowed(&values[start..end])),
            Self::Day(values) => Column::Day(Cow::Borrowed(&values[start..end])),
            Self::Number { values, scale } => {
                Column::Number { values: Cow::Borrowed(&values[start..end]), scale: *scale }
            }
            Self::Text { codes, words } => {
                Column::Text { codes: Cow::Borrowed(&codes[start..end]), words: Cow::Borrowed(words) }
            }
        }
    }

    /// Bytes of its rows.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Truth(values) => values.len(),
            Self::Day(values) => 4 * values.len(),
            Self::Number { values, .. } => 8 * values.len(),
            Self::Text { codes, .. } => 4 * codes.len(),
        }
    }
}

/// A yes/no byte as a truth value; `None` is NULL.
#[must_use]
pub fn truth(byte: u8) -> Option<bool> {
    match byte {
        NO => Some(false),
        YES => Some(true),
        _ => None,
    }
}

/// A truth value as a byte.
#[must_use]
pub fn from_truth(truth: Option<bool>) -> u8 {
    match truth {
        Some(false) => NO,
        None => UNKNOWN,
        Some(true) => YES,
    }
}

/// A scaled integer as a number.
pub(super) fn number(value: i64, scale: u32) -> Option<Decimal> {
    if value == NO_NUMBER { None } else { Decimal::try_from_i128_with_scale(i128::from(value), scale).ok() }
}

/// A number as an integer of that scale, if it is one and is not too great.
pub(super) fn scaled(number: Decimal, scale: u32) -> Option<i64> {
    let exact = number.normalize();
    let missing = scale.checked_sub(exact.scale())?;
    let value = exact.mantissa().checked_mul(10i128.checked_pow(missing)?)?;
    i64::try_from(value).ok().filter(|value| *value != NO_NUMBER)
}
