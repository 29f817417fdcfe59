//! Values in words, by language.

use base::{Cents, Language, long_date};
use rules::{Decimal, Unit, Value};

/// A value with its unit: `Sì`, `914,30 € al mese`, `21 novembre 2026`; empty for a value that is not there.
pub(super) fn shown(value: &Value, unit: Unit, language: Language) -> String {
    match (value, unit, value.as_decimal()) {
        (Value::Null, ..) => String::new(),
        (Value::Bool(yes), ..) => yes_or_no(*yes, language).to_owned(),
        (Value::Date(day), ..) => long_date(*day, language),
        (_, unit, Some(amount)) if unit.is_money() => format!("{}{}", money(amount, language), period(unit, language)),
        (_, Unit::Percent, Some(share)) => {
            let percent = share.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(share).normalize();
            format!("{}\u{a0}%", number(percent, language))
        }
        (_, unit, Some(amount)) => format!("{}{}", number(amount, language), measure(unit, amount, language)),
        _ => value.to_string(),
    }
}

/// An amount, rounded to the cent: `1.234,50 €`, in English `€1,234.50`.
pub(super) fn money(amount: Decimal, language: Language) -> String {
    let cents = amount.checked_mul(Decimal::ONE_HUNDRED).and_then(|cents| i64::try_from(cents.round()).ok());
    cents.map_or_else(|| amount.to_string(), |cents| Cents(cents).shown(language))
}

/// How often an amount of this unit is due; empty for one that is paid once.
pub(super) const fn period(unit: Unit, language: Language) -> &'static str {
    match (unit, language) {
        (Unit::EuroPerMonth, Language::Italian) => " al mese",
        (Unit::EuroPerMonth, Language::English) => " a month",
        (Unit::EuroPerMonth, Language::German) => " im Monat",
        (Unit::EuroPerYear, Language::Italian) => " all’anno",
        (Unit::EuroPerYear, Language::English) => " a year",
        (Unit::EuroPerYear, Language::German) => " im Jahr",
        _ => "",
    }
}

fn number(number: Decimal, language: Language) -> String {
    if language == Language::English { number.to_string() } else { Value::Dec(number).to_string() }
}

fn measure(unit: Unit, amount: Decimal, language: Language) -> &'static str {
    let one = amount == Decimal::ONE;
    match (unit, language) {
        (Unit::Years, Language::Italian) => {
            if one {
                " anno"
            } else {
                " anni"
            }
        }
        (Unit::Years, Language::English) => {
            if one {
                " year"
            } else {
                " years"
            }
        }
        (Unit::Years, Language::German) => {
            if one {
                " Jahr"
            } else {
                " Jahre"
            }
        }
        (Unit::Months, Language::Italian) => {
            if one {
                " mese"
            } else {
                " mesi"
            }
        }
        (Unit::Months, Language::English) => {
            if one {
                " month"
            } else {
                " months"
            }
        }
        (Unit::Months, Language::German) => {
            if one {
                " Monat"
            } else {
                " Monate"
            }
        }
        (Unit::Days, Language::Italian) => {
            if one {
                " giorno"
            } else {
                " giorni"
            }
        }
        (Unit::Days, Language::English) => {
            if one {
                " day"
            } else {
                " days"
            }
        }
        (Unit::Days, Language::German) => {
            if one {
                " Tag"
            } else {
                " Tage"
            }
        }
        _ => "",
    }
}

const fn yes_or_no(yes: bool, language: Language) -> &'static str {
    match (yes, language) {
        (true, Language::Italian) => "Sì",
        (true, Language::English) => "Yes",
        (true, Language::German) => "Ja",
        (false, Language::German) => "Nein",
        (false, _) => "No",
    }
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
