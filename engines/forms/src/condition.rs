use std::ops::Range;

use base::Date;
use rules::{Condition, Diagnostic, Facts, Program};

/// A condition over answers, in the language of the rules: `studia AND anni(data_nascita) >= 18`.
#[derive(Debug, Clone)]
pub struct When {
    /// As written.
    pub text: String,
    /// Where it stands in `form.toml`, in bytes.
    pub(crate) place: Range<usize>,
    condition: Condition,
}

impl When {
    pub(crate) fn read(text: &str, place: Range<usize>) -> Result<Self, Diagnostic> {
        Ok(Self { text: text.to_owned(), place, condition: Program::expression(text)? })
    }

    /// Whether it holds for these answers on that day. What depends on an answer not yet given does not hold.
    #[must_use]
    pub fn holds(&self, facts: &Facts, today: Date) -> bool {
        // A form whose conditions do not fit its questions is refused when it is read; what is left to fail is an
        // overflow, and an answer that cannot be computed with opens no further question.
        self.condition.holds(facts, today).ok().flatten().unwrap_or(false)
    }

    /// What is wrong with it for answers of these types.
    pub(crate) fn fault(&self, sample: &Facts, today: Date) -> Option<String> {
        self.condition.holds(sample, today).err().map(|error| error.to_string())
    }

    /// The answers it compares with a text, and the text: `figli.sostegno`, `nido`.
    pub(crate) fn texts(&self) -> Vec<(String, String)> {
        let told = self.condition.texts_compared().into_iter();
        told.map(|(relation, name, text)| (full_name(relation, name), text.to_owned())).collect()
    }

    /// The answers it names: `isee`, `figli.disabilita`.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.condition.names().map(|(relation, name)| full_name(relation, name)).collect()
    }
}

fn full_name(relation: Option<&str>, name: &str) -> String {
    relation.map_or_else(|| name.to_owned(), |relation| format!("{relation}.{name}"))
}
