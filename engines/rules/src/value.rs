use std::fmt;

use base::Date;
use rust_decimal::Decimal;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{self, MapAccess, Visitor},
    ser::SerializeMap as _,
};

/// One value of a fact, a rule or an outcome. There is no binary fraction anywhere in the engine.
///
/// In JSON: `null`, `true`, `12`, `"text"`, `{"dec":"12.50"}`, `{"date":"2026-03-01"}`, so that what is stored in an
/// act reads back as exactly the same value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Int(value) => serializer.serialize_i64(*value),
            Self::Dec(value) => alone(serializer, "dec", value),
            Self::Date(value) => alone(serializer, "date", value),
            Self::Text(value) => serializer.serialize_str(value),
        }
    }
}

/// `{"key":value}`
fn alone<S: Serializer>(serializer: S, key: &str, value: &impl Serialize) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

/// By hand: trying one shape after the other, as Serde does for enums without tags, makes an error for each that it is
/// not, and every page of a form reads a hundred values.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shape)
    }
}

struct Shape;

impl<'de> Visitor<'de> for Shape {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("null, a truth value, a whole number, a text, or an object with `dec` or `date`")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Value, E> {
        i64::try_from(value).map(Value::Int).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(value), &self))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        match map.next_key::<String>()?.as_deref() {
            Some("dec") => map.next_value().map(Value::Dec),
            Some("date") => map.next_value().map(Value::Date),
            Some(other) => Err(de::Error::unknown_field(other, &["dec", "date"])),
            None => Err(de::Error::invalid_length(0, &self)),
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
        for other in ["1.5", "18446744073709551615", "{}", r#"{"dec":1.5,"date":1}"#, r#"{"x":1}"#, "[]"] {
            assert!(serde_json::from_str::<Value>(other).is_err(), "{other}");
        }
    }

    #[test]
    fn numbers_read_as_italians_write_them() {
        assert_eq!(Value::Dec("-1234567.50".parse().unwrap()).to_string(), "-1.234.567,50");
        assert_eq!(Value::Int(999).to_string(), "999");
    }
}
