//! Values in words, by language.

use base::{Language, long_date};
use rules::{Decimal, Unit, Value, shown_amount};

/// A value with its unit: `Sì`, `914,30 € al mese`, `21 novembre 2026`; empty for a value that is not there.
pub(super) fn shown(value: &Value, unit: Unit, language: Language) -> String {
    match (value, unit, value.as_decimal()) {
        (Value::Null, ..) => String::new(),
        (Value::Bool(yes), ..) => language.yes_or_no(*yes).to_owned(),
        (Value::Date(day), ..) => long_date(*day, language),
        (_, unit, Some(amount)) if unit.is_money() => shown_amount(amount, unit, language),
        (_, Unit::Percent, Some(share)) => {
            let percent = share.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(share).normalize();
            format!("{}\u{a0}%", number(percent, language))
        }
        (_, unit, Some(amount)) => format!("{}{}", number(amount, language), measure(unit, amount, language)),
        _ => value.to_string(),
    }
}

fn number(number: Decimal, language: Language) -> String {
    if language == Language::English { number.to_string() } else { Value::Dec(number).to_string() }
}

/// The name of a measure after its number, with the space between.
fn measure(unit: Unit, amount: Decimal, language: Language) -> &'static str {
    let (one, many) = match (unit, language) {
        (Unit::Years, Language::Italian) => (" anno", " anni"),
        (Unit::Years, Language::English) => (" year", " years"),
        (Unit::Years, Language::German) => (" Jahr", " Jahre"),
        (Unit::Months, Language::Italian) => (" mese", " mesi"),
        (Unit::Months, Language::English) => (" month", " months"),
        (Unit::Months, Language::German) => (" Monat", " Monate"),
        (Unit::Days, Language::Italian) => (" giorno", " giorni"),
        (Unit::Days, Language::English) => (" day", " days"),
        (Unit::Days, Language::German) => (" Tag", " Tage"),
        _ => ("", ""),
    };
    if amount == Decimal::ONE { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_each_language_writes_them() {
        let said = |text: &str, unit, language| shown(&Value::Dec(text.parse().unwrap()), unit, language);
        assert_eq!(said("1234.5", Unit::EuroPerMonth, Language::Italian), "1.234,50\u{a0}€ al mese");
        assert_eq!(said("1234.5", Unit::EuroPerMonth, Language::English), "€1,234.50 a month");
        assert_eq!(said("1234.5", Unit::Euro, Language::German), "1.234,50\u{a0}€");
        assert_eq!(said("0.5", Unit::Percent, Language::Italian), "50\u{a0}%");
        assert_eq!(said("18", Unit::Years, Language::German), "18 Jahre");
        assert_eq!(said("1", Unit::Years, Language::Italian), "1 anno");
        assert_eq!(shown(&Value::Bool(true), Unit::YesNo, Language::German), "Ja");
    }
}
