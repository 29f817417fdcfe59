//! The law's words as a person reads them. `rules.md` is Italian, because acts are valid in Italian; what stands beside
//! it says the same in other languages, and is asked for at the time of showing, in the version that a case is pinned to.

mod audit;
mod reference;
mod sentences;
mod teller;
mod values;

use std::collections::BTreeMap;

use base::{Language, Translated};
use forms::Form;
use rules::{Diagnostic, Value};

use crate::{
    Folder,
    declared::{LawWordFile, read_law_words},
    source::whole_file,
};

pub(crate) use audit::audit;
pub use reference::law_reference;
pub use teller::{LawTeller, Said};

/// A datum by group (`None`: the household) and name.
type Datum = (Option<String>, String);

/// The words of one service's rules in the languages of people; empty for a service that computes nothing.
#[derive(Debug, Clone, Default)]
pub struct LawWords {
    files: BTreeMap<Language, LawWordFile>,
    /// By datum: its allowed values with their names, as the form offers them.
    values: BTreeMap<Datum, Vec<(String, Translated)>>,
    /// By group.
    members: BTreeMap<String, Member>,
}

/// What the members of a group are called.
#[derive(Debug, Clone)]
struct Member {
    noun: Translated,
    named_by: Option<String>,
}

/// The name of the file in a language.
pub(crate) const fn file_name(language: Language) -> &'static str {
    match language {
        Language::Italian => "rules.it.toml",
        Language::English => "rules.en.toml",
        Language::German => "rules.de.toml",
    }
}

impl LawWords {
    /// Reads the files beside `rules.md`.
    pub(crate) fn read(folder: &Folder) -> Result<Self, Vec<Diagnostic>> {
        let (mut words, mut told) = (Self::default(), Vec::new());
        for language in Language::ALL {
            let path = file_name(language);
            let Some(text) = folder.text(path) else { continue };
            if folder.text("rules.md").is_none() {
                told.push(whole_file(&folder.name_of(path), "parole di regole che non ci sono", "togliere il file"));
            }
            match read_law_words(&folder.name_of(path), text, language) {
                Ok(read) => drop(words.files.insert(language, read)),
                Err(wrong) => told.extend(wrong),
            }
        }
        if told.is_empty() { Ok(words) } else { Err(told) }
    }

    /// The same, knowing what a form calls values and members.
    pub(crate) fn with_form(mut self, form: &Form) -> Self {
        for (group, question) in form.questions() {
            let named = question.kind.options().iter().map(|option| (option.value.clone(), option.label.clone()));
            self.values.insert((group.map(|group| group.id.clone()), question.id.clone()), named.collect());
        }
        for group in form.groups() {
            let member = Member { noun: group.member.clone(), named_by: group.named_by.clone() };
            self.members.insert(group.id.clone(), member);
        }
        self
    }

    /// The name that a member of a group has in its own answers, where the form says which answer that is.
    #[must_use]
    pub fn name_of<'r>(&self, group: &str, row: &'r BTreeMap<String, Value>) -> Option<&'r str> {
        let name = row.get(self.members.get(group)?.named_by.as_ref()?)?.as_text()?.trim();
        (!name.is_empty()).then_some(name)
    }

    fn translation(&self, italian: &str, language: Language) -> Option<&str> {
        self.files.get(&language)?.words.get(italian).map(|(text, _)| text.as_str())
    }

    fn supposed(&self, name: &str, language: Language) -> Option<&str> {
        self.files.get(&language)?.supposed.get(name).map(|(text, _)| text.as_str())
    }

    fn outcome(&self, name: &str, language: Language) -> Option<&str> {
        self.files.get(&language)?.outcomes.get(name).map(|(text, _)| text.as_str())
    }
}
