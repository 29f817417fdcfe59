//! The forms of the services, and the engine against whatever people and officials may write.

mod agreement;
mod diagnostics;
mod law;
mod properties;
mod reading;
mod services;

use base::Date;
use forms::{Form, KnownValue, Provenance};
use rules::Value;

const TODAY: Date = Date::constant(2026, 3, 2);

fn form(text: &str) -> Form {
    Form::parse("form.toml", text).unwrap_or_else(|errors| panic!("{}", errors[0]))
}

fn known(registry: &str, value: impl Into<Value>) -> KnownValue {
    let provenance = Provenance {
        registry: registry.to_owned(),
        registry_name: std::sync::Arc::new(registry.into()),
        recorded_on: Date::constant(2026, 1, 15),
        valid_from: None,
    };
    KnownValue { value: value.into(), provenance }
}

fn typed(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
}
