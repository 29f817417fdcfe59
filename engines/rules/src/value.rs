use std::fmt;

use base::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// One value of a fact, a rule or an outcome. There is no binary fraction anywhere in the engine.
///
/// In JSON: `null`, `true`, `12`, `"text"`, `{"dec":"12.50"}`, `{"date":"2026-03-01"}`, so that what is stored in an
/// act reads back as exactly the same value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Wire", into = "Wire")]
pub enum Value {
    /// Not known, or known not to exist (SQL `NULL`).
    #[default]
    Null,
    /// sì / no.
    Bool(bool),
    /// A whole number as forms and registries give it; the engine computes with [`Value::Dec`] only.
    Int(i64),
    /// An exact decimal number.
    Dec(Decimal),
    /// A civil day.
    Date(Date),
    /// Text.
    Text(String),
}

/// The JSON shapes of [`Value`].
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum Wire {
    Null,
    Bool(bool),
    Int(i64),
    Dec { dec: Decimal },
    Date { date: Date },
    Text(String),
}

impl From<Wire> for Value {
    fn from(wire: Wire) -> Self {
        match wire {
            Wire::Null => Self::Null,
            Wire::Bool(value) => Self::Bool(value),
            Wire::Int(value) => Self::Int(value),
            Wire::Dec { dec } => Self::Dec(dec),
            Wire::Date { date } => Self::Date(date),
            Wire::Text(value) => Self::Text(value),
        }
    }
}

impl From<Value> for Wire {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::Int(value) => Self::Int(value),
            Value::Dec(dec) => Self::Dec { dec },
            Value::Date(date) => Self::Date { date },
            Value::Text(value) => Self::Text(value),
        }
    }
}

impl Value {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_null(&self) -> bool {
        *self == Self::Null
    }

    /// The truth value, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The number, if this is one.
    #[must_use]
    pub fn as_decimal(&self) -> Option<Decimal> {
        match self {
            Self::Int(value) => Some(Decimal::from(*value)),
            Self::Dec(value) => Some(*value),
            _ => None,
        }
    }

    /// The day, if this is one.
    #[must_use]
    pub fn as_date(&self) -> Option<Date> {
        if let Self::Date(value) = self { Some(*value) } else { None }
    }

    /// The text, if this is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(value) = self { Some(value) } else { None }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Decimal> for Value {
    fn from(value: Decimal) -> Self {
        Self::Dec(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Date> for Value {
    fn from(value: Date) -> Self {
        Self::Date(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

/// As an Italian reads it: `1.234,50`, `21/11/2026`, `sì`, `non noto`.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("non noto"),
            Self::Bool(true) => f.write_str("sì"),
            Self::Bool(false) => f.write_str("no"),
            Self::Int(value) => f.write_str(&italian_number(Decimal::from(*value))),
            Self::Dec(value) => f.write_str(&italian_number(*value)),
            Self::Date(value) => f.write_str(&base::short_date(*value)),
            Self::Text(value) => f.write_str(value),
        }
    }
}

fn italian_number(value: Decimal) -> String {
    let plain = value.abs().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::from(if value.is_sign_negative() && !value.is_zero() { "-" } else { "" });
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(',');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_every_value_apart() {
        let values = [
            Value::Null,
            Value::Bool(true),
            Value::Int(-3),
            Value::Dec("12.50".parse().unwrap()),
            Value::Date("2026-03-01".parse().unwrap()),
            Value::from("12.50"),
        ];
        let json = serde_json::to_string(&values).unwrap();
        assert_eq!(json, r#"[null,true,-3,{"dec":"12.50"},{"date":"2026-03-01"},"12.50"]"#);
        assert_eq!(serde_json::from_str::<Vec<Value>>(&json).unwrap(), values);
    }

    #[test]
    fn numbers_read_as_italians_write_them() {
        assert_eq!(Value::Dec("-1234567.50".parse().unwrap()).to_string(), "-1.234.567,50");
        assert_eq!(Value::Int(999).to_string(), "999");
    }
}
