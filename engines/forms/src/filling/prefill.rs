use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use base::{Date, Translated};
use rules::{Facts, Value};
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::{FieldError, Form, Group, Item, Kind, Path, Question, problem::Problem, reading::check};

/// What registries know of a person, by `registry.key`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Known {
    /// Single values: `inps-isee.isee_minorenni`. [`Value::Null`] means that the registry knows there is none.
    pub values: BTreeMap<String, KnownValue>,
    /// Lists: for `anpr.figli`, one map for each child, again by `registry.key` and from any registry.
    pub lists: BTreeMap<String, Vec<BTreeMap<String, KnownValue>>>,
}

/// A value and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownValue {
    /// The value.
    pub value: Value,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// Where a value comes from, as the person is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The registry's id: `anpr`.
    pub registry: String,
    /// Its name in words.
    #[serde(with = "shared")]
    pub registry_name: Arc<Translated>,
    /// When the registry recorded it.
    pub recorded_on: Date,
    /// Since when it holds, if the registry says so.
    pub valid_from: Option<Date>,
}

/// One name for all values of a registry: of everybody who applies a hundred of them are at hand.
mod shared {
    use super::{Arc, Deserialize, Serialize, Translated};

    pub fn serialize<S: serde::Serializer>(name: &Arc<Translated>, serializer: S) -> Result<S::Ok, S::Error> {
        name.as_ref().serialize(serializer)
    }

    pub fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Arc<Translated>, D::Error> {
        Translated::deserialize(deserializer).map(Arc::new)
    }
}

/// A form with what is known already written in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Prefilled {
    /// The answers.
    pub facts: Facts,
    /// Where each comes from.
    pub provenance: BTreeMap<Path, Provenance>,
    /// Answers that nobody gave: the usual ones, declared in the form, to be confirmed.
    pub assumed: BTreeSet<Path>,
    /// What a registry knows in a form that the question does not take (a wrong IBAN): asked from the person instead.
    pub unusable: Vec<FieldError>,
}

impl Form {
    /// Writes in what is known: a value for each question with `from`, a row for each member of a group with `from`,
    /// the declared default where no registry knows better.
    #[must_use]
    pub fn prefill(&self, known: &Known, today: Date) -> Prefilled {
        let mut filler = Filler { today, filled: Prefilled::default() };
        for item in self.pages.iter().flat_map(|page| &page.items) {
            match item {
                Item::Question(question) => filler.write(Path::of(&question.id), question, &known.values),
                Item::Group(group) => filler.rows(group, known),
            }
        }
        filler.filled
    }
}

struct Filler {
    today: Date,
    filled: Prefilled,
}

impl Filler {
    fn rows(&mut self, group: &Group, known: &Known) {
        let Some(members) = group.from.as_ref().and_then(|from| known.lists.get(from)) else { return };
        // An empty list is knowledge too: the registry knows that there are no members.
        self.filled.facts.groups.entry(group.id.clone()).or_default();
        for (row, member) in members.iter().take(group.max).enumerate() {
            for question in &group.questions {
                self.write(Path::in_row(&group.id, row, &question.id), question, member);
            }
        }
    }

    fn write(&mut self, path: Path, question: &Question, known: &BTreeMap<String, KnownValue>) {
        match question.from.as_ref().and_then(|from| known.get(from)) {
            Some(known) => self.write_known(path, question, known),
            None => {
                if let Some(default) = &question.default {
                    path.set(&mut self.filled.facts, default.clone());
                    self.filled.assumed.insert(path);
                }
            }
        }
    }

    fn write_known(&mut self, path: Path, question: &Question, known: &KnownValue) {
        let value = fitted(&question.kind, &known.value);
        match check(&question.kind, &value, self.today) {
            Ok(()) => {
                path.set(&mut self.filled.facts, value);
                self.filled.provenance.insert(path, known.provenance.clone());
            }
            Err(_) => self.filled.unusable.push(Problem::Unusable.at(path)),
        }
    }
}

/// Whole amounts and amounts without cents are the same number: registries are not asked to tell them apart.
fn fitted(kind: &Kind, value: &Value) -> Value {
    match (kind, value) {
        (Kind::Money { .. }, Value::Int(number)) => Value::Dec((*number).into()),
        (Kind::Number { .. }, Value::Dec(number)) if number.is_integer() => {
            number.to_i64().map_or_else(|| value.clone(), Value::Int)
        }
        _ => value.clone(),
    }
}
