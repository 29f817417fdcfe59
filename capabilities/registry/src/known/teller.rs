use std::{collections::BTreeMap, sync::Arc};

use base::{Cents, Date, Translated};
use forms::{KnownValue, Provenance};
use rules::{Moment, Value};
use rust_decimal::Decimal;

use crate::declared::Registries;

/// Values by `registry.key`.
pub(crate) type Told = BTreeMap<String, KnownValue>;

/// Writes beside each value who says it and since when.
pub(crate) struct Teller<'a> {
    pub registries: &'a Registries,
    pub moment: Moment,
}

impl Teller<'_> {
    /// What an entry says.
    pub fn tell(
        &self,
        told: &mut Told,
        key: &str,
        value: impl Into<Value>,
        recorded_on: Date,
        valid_from: Option<Date>,
    ) {
        let registry = key.split_once('.').map_or(key, |(registry, _)| registry);
        let declared = self.registries.get(registry);
        let registry_name =
            declared.map_or_else(|| Arc::new(Translated::from(registry)), |declared| Arc::clone(&declared.name));
        let provenance = Provenance { registry: registry.to_owned(), registry_name, recorded_on, valid_from };
        told.insert(key.to_owned(), KnownValue { value: value.into(), provenance });
    }

    /// What the registry answers when asked, though no entry says it: that there is nothing, or what follows from
    /// there being nothing. Recorded on the day of the answer.
    pub fn answer(&self, told: &mut Told, key: &str, value: impl Into<Value>) {
        self.tell(told, key, value, self.moment.known, None);
    }
}

/// An amount as the rules compute with it.
pub(crate) fn euro(amount: Cents) -> Value {
    Value::Dec(Decimal::new(amount.0, 2))
}
