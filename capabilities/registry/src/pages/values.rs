//! Values and names of data in the words of the reader.

use base::{Cents, Language};
use rules::Value;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use web::Visit;

/// Data whose text is a code, such as `non_autosufficiente`.
const CODED: [&str; 10] = [
    "anpr.cittadinanza",
    "anpr.genitore",
    "anpr.permesso_soggiorno",
    "anpr.relazione",
    "inps-invalidita.grado",
    "inps-isee.tipo",
    "inps-lavoro.categoria",
    "inps-lavoro.motivo_cessazione",
    "inps-lavoro.tipo",
    "istruzione.livello",
];

/// The name of the datum `registry.key`.
pub(crate) fn label(visit: &Visit, key: &str) -> String {
    visit.t(&format!("registry.datum.{key}")).to_owned()
}

/// A value as the reader writes it.
pub(crate) fn show(visit: &Visit, key: &str, value: &Value) -> String {
    match value {
        Value::Null => visit.t("registry.value.none").to_owned(),
        Value::Bool(true) => visit.t("registry.value.yes").to_owned(),
        Value::Bool(false) => visit.t("registry.value.no").to_owned(),
        Value::Date(day) => base::long_date(*day, visit.language),
        Value::Dec(amount) => euro(*amount, visit.language),
        Value::Int(number) => number.to_string(),
        Value::Text(text) if CODED.contains(&key) => {
            let words = visit.web.words().get(visit.language, &format!("registry.code.{text}"));
            words.unwrap_or(text).to_owned()
        }
        Value::Text(text) => text.clone(),
    }
}

fn euro(amount: Decimal, language: Language) -> String {
    let cents = (amount * Decimal::ONE_HUNDRED).round().to_i64();
    cents.map_or_else(|| amount.to_string(), |cents| Cents(cents).shown(language))
}
