//! Values and names of data in the words of the reader.

use base::{Cents, Language};
use rules::Value;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use web::Visit;

use crate::declared::Datum;

/// A value as the reader writes it.
pub(crate) fn show(visit: &Visit, datum: &Datum, value: &Value) -> String {
    match value {
        Value::Null => visit.t("registry.data.not_recorded").to_owned(),
        Value::Bool(yes) => visit.language.yes_or_no(*yes).to_owned(),
        Value::Date(day) => base::long_date(*day, visit.language),
        Value::Dec(amount) => euro(*amount, visit.language),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => datum.kind.name_of(text).map_or(text.as_str(), |name| name.get(visit.language)).to_owned(),
    }
}

fn euro(amount: Decimal, language: Language) -> String {
    let cents = (amount * Decimal::ONE_HUNDRED).round().to_i64();
    cents.map_or_else(|| amount.to_string(), |cents| Cents(cents).shown(language))
}
