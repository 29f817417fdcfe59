//! Amounts in words.

use base::Cents;
use rules::Decimal;

/// `1.234,50 €`, rounded to the cent.
pub(super) fn euro(amount: Decimal) -> String {
    let cents = amount.checked_mul(Decimal::ONE_HUNDRED).and_then(|cents| i64::try_from(cents.round()).ok());
    cents.map_or_else(|| amount.to_string(), |cents| Cents(cents).to_string())
}
