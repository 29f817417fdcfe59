//! `content/registries.toml`: the registries as officials declare them.

use std::{collections::BTreeSet, ops::Range};

use base::{Language, TextPlace, Translated, text_place};
use database::{Result, Tx};
use rules::Diagnostic;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::store;

/// A registry: who runs it, what it holds, how a mistake in it is corrected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registry {
    /// As forms name it: `anpr`, in `from = "anpr.figli"`.
    pub id: String,
    /// Its name.
    pub name: Translated,
    /// The administration that runs it.
    pub body: Translated,
    /// What it holds, in a sentence.
    pub holds: Translated,
    /// What the office uses it for, as the end of "Serve per: …".
    pub purpose: Translated,
    /// How a person has a mistake corrected.
    pub correction: Translated,
}

/// All declared registries, in the order of pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registries(Vec<Registry>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    registries: Vec<Declared>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    id: Spanned<String>,
    name: Spanned<Translated>,
    body: Spanned<Translated>,
    holds: Spanned<Translated>,
    purpose: Spanned<Translated>,
    correction: Spanned<Translated>,
}

impl Registries {
    /// Reads `registries.toml`; `file` is its name in messages.
    ///
    /// # Errors
    /// All that is wrong, each with line, column and how to mend it; a mistake of TOML or a missing key alone, because
    /// nothing can be said of the rest.
    pub fn parse(file: &str, text: &str) -> std::result::Result<Self, Vec<Diagnostic>> {
        let source = Source { file, text };
        let declared: File = toml::from_str(text).map_err(|error| {
            let mend = "ogni [[registries]] ha id, name, body, holds, purpose e correction, e nient’altro";
            vec![source.complain(&error.span().unwrap_or(0..0), error.message(), mend)]
        })?;
        let wrong = complaints(&source, &declared.registries);
        if wrong.is_empty() {
            Ok(Self(declared.registries.into_iter().map(Registry::from).collect()))
        } else {
            Err(wrong)
        }
    }

    /// The registries in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Registry> {
        self.0.iter()
    }

    /// Makes them the registries that [`crate::known`] and the pages name; at every start of the program.
    ///
    /// # Errors
    /// What the database refused.
    pub async fn publish(&self, tx: &mut Tx) -> Result<()> {
        store::replace_registries(tx, &self.0).await
    }
}

impl From<Declared> for Registry {
    fn from(declared: Declared) -> Self {
        Self {
            id: declared.id.into_inner(),
            name: declared.name.into_inner(),
            body: declared.body.into_inner(),
            holds: declared.holds.into_inner(),
            purpose: declared.purpose.into_inner(),
            correction: declared.correction.into_inner(),
        }
    }
}

fn complaints(source: &Source, declared: &[Declared]) -> Vec<Diagnostic> {
    let (mut wrong, mut ids) = (Vec::new(), BTreeSet::new());
    for registry in declared {
        let id = registry.id.get_ref();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if id.is_empty() || !id.chars().all(fits) {
            let message = format!("«{id}» non può essere il nome di una banca dati");
            wrong.push(source.complain(&registry.id.span(), &message, "usare lettere minuscole, cifre e trattini"));
        }
        if !ids.insert(id) {
            let message = format!("la banca dati «{id}» c’è già");
            wrong.push(source.complain(&registry.id.span(), &message, "dare un altro id a una delle due"));
        }
        let texts = [&registry.name, &registry.body, &registry.holds, &registry.purpose, &registry.correction];
        for text in texts.into_iter().filter(|text| text.get_ref().get(Language::Italian).trim().is_empty()) {
            wrong.push(source.complain(
                &text.span(),
                "manca il testo italiano",
                "scrivere { it = \"…\", en = \"…\", de = \"…\" }",
            ));
        }
    }
    wrong
}

/// The text that is read, for complaints at a place of it.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn complain(&self, at: &Range<usize>, message: &str, mend: &str) -> Diagnostic {
        let TextPlace { line, column, source } = text_place(self.text, at.start);
        Diagnostic {
            file: self.file.to_owned(),
            line,
            column,
            message: message.to_owned(),
            mend: mend.to_owned(),
            source: source.to_owned(),
        }
    }
}
