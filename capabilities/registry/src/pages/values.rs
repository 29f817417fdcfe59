//! Values and names of data in the words of the reader.

use rules::{Value, shown_money};
use web::Visit;

use crate::declared::Datum;

/// A value as the reader writes it.
pub(crate) fn show(visit: &Visit, datum: &Datum, value: &Value) -> String {
    match value {
        Value::Null => visit.t("registry.data.not_recorded").to_owned(),
        Value::Bool(yes) => visit.language.yes_or_no(*yes).to_owned(),
        Value::Date(day) => base::long_date(*day, visit.language),
        Value::Dec(amount) => shown_money(*amount, visit.language),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => datum.kind.name_of(text).map_or(text.as_str(), |name| name.get(visit.language)).to_owned(),
    }
}
