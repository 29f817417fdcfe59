//! Amounts and values in words.

use base::Cents;
use rules::{Decimal, Unit, Value};

/// `1.234,50 €`, rounded to the cent.
pub(super) fn euro(amount: Decimal) -> String {
    let cents = amount.checked_mul(Decimal::ONE_HUNDRED).and_then(|cents| i64::try_from(cents.round()).ok());
    cents.map_or_else(|| amount.to_string(), |cents| Cents(cents).to_string())
}

/// A value with its unit.
pub(super) fn shown(value: &Value, unit: Unit) -> String {
    match (unit, value.as_decimal()) {
        (unit, Some(amount)) if unit.is_money() => format!("{}{}", euro(amount), period(unit)),
        (Unit::Percent, Some(share)) => {
            let percent = share.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(share).normalize();
            format!("{} %", Value::Dec(percent))
        }
        (Unit::Years, Some(_)) => format!("{value} anni"),
        (Unit::Months, Some(_)) => format!("{value} mesi"),
        (Unit::Days, Some(_)) => format!("{value} giorni"),
        _ => value.to_string(),
    }
}

const fn period(unit: Unit) -> &'static str {
    match unit {
        Unit::EuroPerMonth => " al mese",
        Unit::EuroPerYear => " all’anno",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_with_their_units() {
        let shown_of = |text: &str, unit| shown(&Value::Dec(text.parse().unwrap()), unit);
        assert_eq!(shown_of("1234.5", Unit::EuroPerMonth), "1.234,50\u{a0}€ al mese");
        assert_eq!(shown_of("0.5", Unit::Percent), "50 %");
        assert_eq!(shown_of("18", Unit::Years), "18 anni");
        assert_eq!(shown(&Value::Bool(true), Unit::YesNo), "sì");
    }
}
