//! From typed text to a value, as Italians write numbers, money and dates.

use base::{Cents, Date};
use rules::Value;
use rust_decimal::Decimal;

use super::typed::Typed;
use crate::{Choice, Kind, problem::Problem};

/// The value of what was typed; a blank is [`Value::Null`].
pub(crate) fn read(kind: &Kind, typed: &Typed) -> Result<Value, Problem> {
    if let Kind::Declaration { .. } = kind {
        return Ok(Value::Bool(yes_or_no(typed.text()).unwrap_or(false)));
    }
    if typed.is_blank() {
        return Ok(Value::Null);
    }
    let text = typed.text();
    match kind {
        Kind::Number { .. } => whole(text).map(Value::Int).ok_or(Problem::NotWhole),
        Kind::Money { .. } => {
            text.parse().map(|Cents(cents)| Value::Dec(Decimal::new(cents, 2))).map_err(|_| Problem::NotMoney)
        }
        Kind::Date { .. } => day(typed).map(Value::Date).ok_or(Problem::NotADate),
        Kind::YesNo => yes_or_no(text).map(Value::Bool).ok_or(Problem::NotAnOption),
        Kind::Choices(options) => chosen(options, &typed.values),
        Kind::FiscalCode => {
            text.parse().map(|code: base::FiscalCode| Value::from(code.as_str())).map_err(Problem::FiscalCode)
        }
        Kind::Iban => text.parse().map(|iban: base::Iban| Value::from(iban.as_str())).map_err(Problem::Iban),
        Kind::Phone => Ok(Value::Text(text.chars().filter(|c| !" -./()\u{a0}".contains(*c)).collect())),
        Kind::Attachment(_) => Ok(Value::Text(typed.values.join(","))),
        Kind::LongText { .. } => Ok(Value::Text(printable(&text.replace("\r\n", "\n")))),
        _ => Ok(Value::Text(printable(&text.replace(['\r', '\n', '\t'], " ")))),
    }
}

/// Without control characters, which no person types on purpose.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n' || *c == '\t').collect()
}

/// `12`, `1.200`, `-3`: dots only between groups of three.
fn whole(text: &str) -> Option<i64> {
    let Cents(cents) = text.parse().ok()?;
    let decimals = text.contains(',') || text.contains('€');
    (cents % 100 == 0 && !decimals).then_some(cents / 100)
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "si" | "sì" | "s" | "yes" | "y" | "ja" | "j" | "true" | "1" | "on" => Some(true),
        "no" | "n" | "nein" | "false" | "0" => Some(false),
        _ => None,
    }
}

/// `21/11/2026`, `21.11.2026`, `21-11-2026`, `21 11 2026`, `2026-11-21`, or three fields.
fn day(typed: &Typed) -> Option<Date> {
    if let Ok(iso) = typed.text().parse::<Date>() {
        return (typed.text().len() == 10).then_some(iso);
    }
    let written: Vec<&str> = match typed.text() {
        "" => typed.parts.iter().map(String::as_str).collect(),
        text => text.split(['/', '.', '-', ' ']).collect(),
    };
    let [day, month, year] = written[..] else { return None };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    // Two digits of a year could be two centuries: for people who live to a hundred, that is not a typing matter.
    if year.len() != 4 || !digits(day) || !digits(month) || !digits(year) {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn chosen(options: &[Choice], values: &[String]) -> Result<Value, Problem> {
    if values.iter().any(|value| options.iter().all(|option| option.value != *value)) {
        return Err(Problem::NotAnOption);
    }
    let in_order = options.iter().map(|option| option.value.as_str()).filter(|value| values.iter().any(|v| v == value));
    Ok(Value::Text(in_order.collect::<Vec<_>>().join(",")))
}
