//! `facts.toml`: what each answer says to the services.

use base::Translated;
use forms::Path;
use rules::{Condition, Diagnostic, Formula, Program, Value};

use crate::{
    declared::reader::{self, Table},
    source::Site,
};

/// The questions, in the format of `form.toml`.
pub(super) const QUESTIONS: &str = "screener/questions.toml";
/// What their answers say.
pub(super) const FACTS: &str = "screener/facts.toml";

/// What the answers say to the services.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mapping {
    /// What is already written when one begins.
    pub start: Vec<(Path, Value)>,
    /// Where the rows of services' lists come from.
    pub lists: Vec<List>,
    /// Where the inputs of services come from.
    pub sources: Vec<Source>,
    /// For what an amount is, where its unit does not say it.
    pub amounts: Vec<Amount>,
}

/// For what the amount of a service is: "per ogni mese di nido".
#[derive(Debug, Clone)]
pub(crate) struct Amount {
    pub of: String,
    pub text: Translated,
    pub site: Site,
}

/// Rows of services' lists: one for each row of `each` for which `when` holds.
#[derive(Debug, Clone)]
pub(crate) struct List {
    /// Service and relation.
    pub of: Vec<(String, String)>,
    /// The group of answers.
    pub each: String,
    /// For whom.
    pub when: Condition,
    pub site: Site,
}

/// Where some inputs of services come from.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// The inputs that it fills.
    pub inputs: Vec<InputName>,
    /// Their value, computed from the answers; `None`: nobody is asked.
    pub formula: Option<Formula>,
    /// How sure it is.
    pub surety: Surety,
    pub site: Site,
}

/// How sure the value of an input is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Surety {
    /// The answer says it.
    Said,
    /// The answer lets it be estimated; the text says what was not verified.
    Estimated(Translated),
    /// So it is for nearly everybody; the text says what was supposed.
    Assumed(Translated),
    /// Nobody is asked; the text says what was left out.
    Unchecked(Translated),
}

impl Surety {
    /// What was not verified, if something was not.
    pub const fn doubt(&self) -> Option<&Translated> {
        match self {
            Self::Said => None,
            Self::Estimated(text) | Self::Assumed(text) | Self::Unchecked(text) => Some(text),
        }
    }
}

/// An input of a service: `assegno-unico.isee`, `assegno-unico.figli.data_nascita`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct InputName {
    pub service: String,
    pub relation: Option<String>,
    pub name: String,
}

impl InputName {
    /// Whether it is this input.
    pub fn is(&self, service: &str, relation: Option<&str>, name: &str) -> bool {
        self.service == service && self.relation.as_deref() == relation && self.name == name
    }

    fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split('.').collect();
        match parts[..] {
            [service, name] => Some(Self { service: service.into(), relation: None, name: name.into() }),
            [service, relation, name] => {
                Some(Self { service: service.into(), relation: Some(relation.into()), name: name.into() })
            }
            _ => None,
        }
    }
}

pub(super) fn read(file: &str, text: &str) -> Result<Mapping, Vec<Diagnostic>> {
    reader::read(file, text, |root| {
        let lists = root.tables("lists", list).into_iter().flatten().collect();
        let given = root.tables("given", |table| source(table, said(table)));
        let assumed = root.tables("assumed", |table| source(table, Surety::Assumed(text_of(table))));
        let unchecked = root.tables("unchecked", |table| source(table, Surety::Unchecked(text_of(table))));
        let sources = given.into_iter().chain(assumed).chain(unchecked).flatten().collect();
        let start = root.tables("start", start).into_iter().flatten().collect();
        let amounts = root.tables("amounts", amount);
        Mapping { start, lists, sources, amounts }
    })
}

fn amount(table: &Table) -> Amount {
    Amount { of: table.need_text("of"), text: text_of(table), site: table.site("of") }
}

fn said(table: &Table) -> Surety {
    table.translated("estimate").map_or(Surety::Said, Surety::Estimated)
}

fn text_of(table: &Table) -> Translated {
    table.need_translated("text")
}

fn start(table: &Table) -> Option<(Path, Value)> {
    let path = table.need_text("answer").parse().ok();
    if path.is_none() {
        table.wrong("answer", "non è il posto di una risposta", "scrivere domanda, oppure gruppo.riga.domanda");
    }
    Some((path?, Value::Text(table.need_text("is"))))
}

fn list(table: &Table) -> Option<List> {
    let of = table.need_texts("of").into_iter().filter_map(|(text, site)| {
        let pair = text.split_once('.').map(|(service, list)| (service.to_owned(), list.to_owned()));
        if pair.is_none() {
            table.wrong_at(&site, format!("«{text}» non è l’elenco di un servizio"), "scrivere servizio.elenco");
        }
        pair
    });
    let (of, each) = (of.collect(), table.need_text("each"));
    let condition = Program::expression(&table.need_text("when"));
    let when = condition.map_err(|told| table.wrong("when", told.message, told.mend)).ok()?;
    Some(List { of, each, when, site: table.site("of") })
}

fn source(table: &Table, surety: Surety) -> Option<Source> {
    let inputs = table.need_texts("inputs").into_iter().filter_map(|(text, site)| {
        let name = InputName::read(&text);
        if name.is_none() {
            let mend = "scrivere servizio.dato, oppure servizio.elenco.dato";
            table.wrong_at(&site, format!("«{text}» non è il dato di un servizio"), mend);
        }
        name
    });
    let inputs = inputs.collect();
    let formula = match surety {
        Surety::Unchecked(_) => None,
        _ => {
            let read = Program::formula(&table.need_text("is"));
            Some(read.map_err(|told| table.wrong("is", told.message, told.mend)).ok()?)
        }
    };
    Some(Source { inputs, formula, surety, site: table.site("inputs") })
}
