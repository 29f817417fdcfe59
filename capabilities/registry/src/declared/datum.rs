use base::Translated;
use rules::Value;
use serde::Deserialize;

/// A datum that a registry holds of a person, of a household or of a member of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datum {
    /// `registry.key`, as forms name it: `anpr.data_nascita`.
    pub key: String,
    /// What people call it.
    pub label: Translated,
    /// What can stand there.
    pub kind: DatumKind,
}

/// What a datum can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatumKind {
    /// Words or a number that nobody computes with.
    Text,
    /// A day.
    Date,
    /// Euro.
    Money,
    /// A number.
    Number,
    /// Yes or no.
    YesNo,
    /// A code, with its name for people.
    Choice(Vec<(String, Translated)>),
    /// Several members, each with data of their own.
    List {
        /// The datum that names a member: `anpr.nome`.
        named_by: String,
        /// Where the page of a person's data shows it.
        shown: Shown,
    },
}

/// Where the page of a person's data shows a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shown {
    /// Under its registry.
    #[default]
    Below,
    /// Before all registries, because its members are people: a correction says whose datum is meant.
    Apart,
    /// Nowhere: it repeats, for a form, what stands elsewhere.
    Never,
}

impl DatumKind {
    /// Whether a registry may tell this value for a datum of this kind; what a registry does not know always fits.
    #[must_use]
    pub fn holds(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::List { .. }, _) => false,
            (_, Value::Null)
            | (Self::Text, Value::Text(_))
            | (Self::Date, Value::Date(_))
            | (Self::Money, Value::Dec(_))
            | (Self::Number, Value::Int(_) | Value::Dec(_))
            | (Self::YesNo, Value::Bool(_)) => true,
            (Self::Choice(_), Value::Text(code)) => self.name_of(code).is_some(),
            _ => false,
        }
    }

    /// What people call a code of a choice.
    #[must_use]
    pub fn name_of(&self, code: &str) -> Option<&Translated> {
        let Self::Choice(options) = self else { return None };
        options.iter().find(|(value, _)| value == code).map(|(_, name)| name)
    }
}
