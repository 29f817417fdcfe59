use std::collections::BTreeMap;

use base::Date;
use serde::{Deserialize, Serialize};

use crate::Value;

/// What is known of a household: its own values and, by relation (`figli`), one map for each member.
///
/// A key that is absent means "not known"; [`Value::Null`] means "known not to exist" (for example: no ISEE).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Facts {
    /// Values of the household.
    #[serde(default)]
    pub values: BTreeMap<String, Value>,
    /// Members by relation.
    #[serde(default)]
    pub groups: BTreeMap<String, Vec<BTreeMap<String, Value>>>,
}

/// The two times of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// The day whose law applies, and on which ages are counted.
    pub on: Date,
    /// The day whose knowledge applies: what had been published by then.
    pub known: Date,
}

impl Moment {
    /// The law of `day` as it was known on that same day.
    #[must_use]
    pub fn at(day: Date) -> Self {
        Self { on: day, known: day }
    }
}
