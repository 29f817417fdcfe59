//! Answers of the right types, on which conditions are tried when a form is read.

use base::Date;
use rules::{Facts, Value};
use rust_decimal::Decimal;

use crate::{Form, Kind, Path};

/// One answer for every question, one row for every group.
pub(super) fn sample(form: &Form) -> Facts {
    let mut facts = Facts::default();
    for (group, question) in form.questions() {
        let path = Path::new(group.map(|group| (group.id.as_str(), 0)), &question.id);
        path.set(&mut facts, typical(&question.kind));
    }
    facts
}

/// A day on which conditions are tried.
pub(super) const SAMPLE_DAY: Date = Date::constant(2026, 1, 1);

fn typical(kind: &Kind) -> Value {
    match kind {
        Kind::Number { .. } => Value::Int(1),
        Kind::Money { .. } => Value::Dec(Decimal::ONE),
        Kind::Date { .. } => Value::Date(Date::constant(2000, 1, 1)),
        Kind::YesNo | Kind::Declaration { .. } => Value::Bool(true),
        Kind::Note => Value::Null,
        _ => Value::from("x"),
    }
}
