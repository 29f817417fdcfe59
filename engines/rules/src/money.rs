//! Amounts as people read them: the one place that rounds for the eye.

use base::{Cents, Language};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::Unit;

/// An amount in euro, to the cent: `1.234,50 €`, in English `€1,234.50`. Half a cent goes away from zero, as the law's own
/// `ROUND` does, so that a screen, a letter and a rule never differ by a cent. What is beyond any amount of people stays
/// as it is.
#[must_use]
pub fn shown_money(amount: Decimal, language: Language) -> String {
    in_cents(amount).map_or_else(|| amount.to_string(), |cents| cents.shown(language))
}

/// An amount in its unit: `914,30 € al mese`, or as [`shown_money`] where it is paid once.
#[must_use]
pub fn shown_amount(amount: Decimal, unit: Unit, language: Language) -> String {
    format!("{}{}", shown_money(amount, language), shown_period(unit, language))
}

/// An amount in euro as whole cents, rounded as [`shown_money`] does; `None` beyond any amount of people.
#[must_use]
pub fn in_cents(amount: Decimal) -> Option<Cents> {
    let to_the_cent = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    let cents = to_the_cent.checked_mul(Decimal::ONE_HUNDRED)?;
    i64::try_from(cents).ok().map(Cents)
}

/// How often an amount of this unit is due, with the space before: ` al mese`; empty for one that is paid once.
#[must_use]
pub const fn shown_period(unit: Unit, language: Language) -> &'static str {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn half_a_cent_goes_away_from_zero() {
        for (value, shown) in
            [("0.005", "0,01"), ("0.015", "0,02"), ("0.025", "0,03"), ("-0.005", "-0,01"), ("1234.5049", "1.234,50")]
        {
            assert_eq!(shown_money(amount(value), Language::Italian), format!("{shown}\u{a0}€"), "{value}");
        }
    }

    #[test]
    fn amounts_follow_language_and_unit() {
        let said = |unit, language| shown_amount(amount("1234.5"), unit, language);
        assert_eq!(said(Unit::EuroPerMonth, Language::Italian), "1.234,50\u{a0}€ al mese");
        assert_eq!(said(Unit::EuroPerMonth, Language::English), "€1,234.50 a month");
        assert_eq!(said(Unit::EuroPerYear, Language::German), "1.234,50\u{a0}€ im Jahr");
        assert_eq!(said(Unit::Euro, Language::German), "1.234,50\u{a0}€");
    }

    #[test]
    fn an_amount_beyond_all_measure_is_shown_as_it_is() {
        for huge in [Decimal::MAX, Decimal::MIN] {
            assert_eq!(shown_money(huge, Language::Italian), huge.to_string());
        }
    }
}
