//! Changes of a law in Italian sentences.

use base::{Date, long_date};
use rust_decimal::Decimal;

use crate::{Input, ParameterRow, RuleVersion, Unit, Validity, Value, program::TableVersion};

type Sides<'a, T> = (Option<&'a T>, Option<&'a T>);

pub(super) fn input((was, is): Sides<'_, Input>) -> Option<String> {
    match (was, is) {
        (None, Some(is)) => {
            let duty = if is.required { "" } else { " (facoltativo)" };
            Some(format!("Si chiede un dato in più: «{}»{duty}.", is.label))
        }
        (Some(was), None) => Some(format!("Non si chiede più: «{}».", was.label)),
        (Some(was), Some(is)) => {
            let mut parts = Vec::new();
            if (was.kind, was.unit) != (is.kind, is.unit) {
                parts.push(format!(
                    "era {} in {}, diventa {} in {}",
                    was.kind.name(),
                    was.unit,
                    is.kind.name(),
                    is.unit
                ));
            }
            if was.required != is.required {
                parts.push(if is.required { "diventa obbligatorio" } else { "diventa facoltativo" }.to_owned());
            }
            if was.values != is.values {
                parts.push(format!("valori ammessi: {} (prima: {})", is.values.join(", "), was.values.join(", ")));
            }
            if was.label != is.label {
                parts.push(format!("si chiamava «{}»", was.label));
            }
            (!parts.is_empty()).then(|| format!("Il dato «{}» cambia: {}.", is.label, parts.join("; ")))
        }
        (None, None) => None,
    }
}

pub(super) fn parameter(name: &str, unit: Unit, (was, is): Sides<'_, ParameterRow>) -> Option<String> {
    let shown = |value: &Value| measured(value, unit);
    match (was, is) {
        (None, Some(is)) => Some(format!("`{name}` vale {} {}.", shown(&is.value), since(is.validity))),
        (Some(was), None) => {
            Some(format!("Tolto il valore di `{name}` {}: {}.", since(was.validity), shown(&was.value)))
        }
        (Some(was), Some(is)) if was.value != is.value => {
            Some(format!("`{name}` vale {} {} (prima: {}).", shown(&is.value), since(is.validity), shown(&was.value)))
        }
        (Some(was), Some(is)) if was.source != is.source => Some(format!(
            "`{name}` {}: stesso valore, altra fonte: {} (prima: {}).",
            since(is.validity),
            is.source,
            was.source
        )),
        _ => None,
    }
}

fn measured(value: &Value, unit: Unit) -> String {
    match (value, unit) {
        (Value::Dec(share), Unit::Percent) => {
            let percent = share.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(*share);
            format!("{} %", Value::Dec(percent.normalize()))
        }
        (Value::Dec(_), Unit::Number) | (Value::Bool(_) | Value::Date(_) | Value::Text(_), _) => value.to_string(),
        _ => format!("{value} {unit}"),
    }
}

fn since(validity: Validity) -> String {
    let known = match validity.known_from {
        Date::MIN => String::new(),
        day => format!(", noto {}", with_article("dal", day)),
    };
    let until = validity.until.map_or_else(String::new, |last| format!(" fino {}", with_article("al", last)));
    format!("{}{until}{known}", with_article("dal", validity.from))
}

/// `dal 1º gennaio 2026`, `dall'8 marzo 2026`.
fn with_article(preposition: &str, day: Date) -> String {
    let elided = matches!(day.day(), 8 | 11);
    format!("{preposition}{}{}", if elided { "l'" } else { " " }, day_of(day))
}

fn day_of(day: Date) -> String {
    long_date(day, base::Language::Italian)
}

pub(super) fn table(name: &str, columns: &[String], (was, is): Sides<'_, TableVersion>) -> Option<String> {
    match (was, is) {
        (None, Some(is)) => Some(format!("La tabella `{name}` ha {} scaglioni {}.", is.rows.len(), since(is.validity))),
        (Some(was), None) => Some(format!("Tolta la tabella `{name}` {}.", since(was.validity))),
        (Some(was), Some(is)) if was.bounds != is.bounds => Some(format!(
            "La tabella `{name}` {} cambia scaglioni: {} (prima: {}).",
            since(is.validity),
            is.rows.len(),
            was.rows.len()
        )),
        (Some(was), Some(is)) if was.rows != is.rows => Some(amounts(name, columns, was, is)),
        _ => None,
    }
}

fn amounts(name: &str, columns: &[String], was: &TableVersion, is: &TableVersion) -> String {
    let mut count = 0u32;
    let mut first = String::new();
    for (row, (old, new)) in was.rows.iter().zip(&is.rows).enumerate() {
        for (column, (old, new)) in old.iter().zip(new).enumerate().filter(|(_, (old, new))| old != new) {
            count += 1;
            if count == 1 {
                let bound = |at: Option<&Decimal>| at.map_or_else(|| "…".to_owned(), |at| Value::Dec(*at).to_string());
                let above = row.checked_sub(1).and_then(|row| is.bounds.get(row));
                first = format!(
                    "da {} a {}, {}: {} (prima: {})",
                    bound(above),
                    bound(is.bounds.get(row)),
                    columns.get(column).map_or("", String::as_str),
                    Value::Dec(*new),
                    Value::Dec(*old)
                );
            }
        }
    }
    let amounts = if count == 1 { "un importo".to_owned() } else { format!("{count} importi, il primo") };
    format!("La tabella `{name}` {} cambia {amounts}: {first}.", since(is.validity))
}

pub(super) fn rule(name: &str, (was, is): Sides<'_, RuleVersion>, otherwise: bool) -> Option<String> {
    match (was, is) {
        (None, Some(is)) => {
            Some(format!("Nuova regola `{name}` {} ({}): {}.", since(is.validity), is.paragraph, is.title))
        }
        (Some(was), None) => {
            Some(format!("Tolta la regola `{name}` {} ({}): {}.", since(was.validity), was.paragraph, was.title))
        }
        (Some(was), Some(is)) => {
            let mut parts = Vec::new();
            if otherwise {
                parts.push("si calcola in un altro modo".to_owned());
            }
            if was.validity.until != is.validity.until {
                let end = |validity: Validity| validity.until.map_or_else(|| "senza termine".to_owned(), day_of);
                parts.push(format!("finisce: {} (prima: {})", end(is.validity), end(was.validity)));
            }
            if was.paragraph != is.paragraph {
                parts.push(format!("sta nell'{} (prima: {})", is.paragraph, was.paragraph));
            }
            if (&was.title, &was.otherwise) != (&is.title, &is.otherwise) {
                parts.push("cambiano le parole per le persone".to_owned());
            }
            if was.unverified != is.unverified {
                parts.push("cambia ciò che è da verificare".to_owned());
            }
            let told = format!("La regola `{name}` {} ({}): {}.", since(is.validity), is.paragraph, parts.join("; "));
            (!parts.is_empty()).then_some(told)
        }
        (None, None) => None,
    }
}
