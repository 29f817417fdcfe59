use base::{Language, Translated};
use rules::Diagnostic;

use super::{
    consents::{ConsentAsked, read_consents},
    reader::{self, Table},
    retention::Retention,
};
use crate::source::Site;

/// What `service.toml` declares besides name, summary and office: who may ask, on which law, with which privacy.
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    /// Whether one can ask for it now.
    pub state: State,
    /// Why it is closed and when it opens; there if and only if `state` is closed.
    pub closed_note: Option<Translated>,
    /// What makes a case begin.
    pub start: Start,
    /// Who may ask.
    pub who: Vec<Applicant>,
    /// Least level of electronic identity, 1 to 3 (eIDAS low, substantial, high).
    pub level: u8,
    /// Whether its form may be filled in without a login: sent is always by somebody who is logged in.
    pub anonymous: bool,
    /// Ids of the offices that may be competent in the place of the service's own: to them a request that came to the
    /// wrong one can be passed on (art. 18-bis c. 2 L. 241/1990).
    pub other_offices: Vec<String>,
    /// Ids of life events.
    pub life_events: Vec<String>,
    /// Words that people use for it, for the search.
    pub keywords: Vec<String>,
    /// The law behind it.
    pub law: Vec<LawReference>,
    /// What happens to the data (art. 13 and 14 GDPR).
    pub privacy: Privacy,
    /// What people are asked to agree to, if they want; nothing depends on it.
    pub consents: Vec<ConsentAsked>,
    /// Why data of registries are read, shown beside them; absent where none are read.
    pub facts_purpose: Option<Translated>,
    /// Languages in which the service is deliberately shown in Italian.
    pub italian_only: Vec<Language>,
    /// Who asks, where a whole population is computed.
    pub simulation: Simulation,
}

/// For whom a service is computed when a whole population is: `[simulation]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Simulation {
    /// Who makes an application.
    pub of: SimulationUnit,
    /// Whether somebody whom several applications of a household would list stands in the first of them only, as
    /// children of two parents do where the benefit is theirs.
    pub members_once: bool,
}

/// Who makes an application, where a whole population is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SimulationUnit {
    /// Each household makes one: a parent asks, or who heads the household.
    #[default]
    Household,
    /// Each adult makes one.
    Person,
}

/// Whether a service takes applications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Takes applications.
    Open,
    /// Takes none at present; the page says why.
    Closed,
    /// Being written: only officials see it.
    Draft,
}

/// What makes a case begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Start {
    /// Somebody asks.
    Request,
    /// Something happens, e.g. `birth-registered`.
    Event(String),
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applicant {
    /// A natural person.
    Person,
    /// A company, through who may sign for it.
    Company,
    /// An intermediary with a mandate.
    Intermediary,
}

/// A law, as people look it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LawReference {
    /// What it is about.
    pub title: String,
    /// How it is cited: `d.lgs. 29 dicembre 2021, n. 230`.
    pub reference: String,
    /// Where it can be read.
    pub url: Option<String>,
}

/// The privacy notice of a service (art. 13 and 14 GDPR).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privacy {
    /// What the data are for.
    pub purpose: Translated,
    /// On which ground they may be processed (art. 6 and 9 GDPR).
    pub basis: Translated,
    /// How long they are kept.
    pub retention: Retention,
    /// Who else receives them.
    pub recipients: Translated,
}

impl Default for Privacy {
    fn default() -> Self {
        let none = || Translated::from("");
        Self { purpose: none(), basis: none(), retention: Retention::default(), recipients: none() }
    }
}

/// A whole `service.toml`.
#[derive(Debug, Clone)]
pub(crate) struct ServiceFile {
    pub name: Translated,
    pub summary: Translated,
    pub office: String,
    pub declaration: Declaration,
    pub sites: DeclarationSites,
}

/// Where the ids stand that only the rest of the catalogue can judge.
#[derive(Debug, Clone)]
pub(crate) struct DeclarationSites {
    pub office: Site,
    pub other_offices: Vec<Site>,
    pub life_events: Vec<Site>,
}

/// Reads `service.toml`.
pub(crate) fn read_service_file(file: &str, text: &str) -> Result<ServiceFile, Vec<Diagnostic>> {
    reader::read(file, text, |root| {
        let (life_events, event_sites) = root.texts("life_events").into_iter().unzip();
        let (other_offices, other_sites) = root.texts("other_offices").into_iter().unzip();
        let read = ServiceFile {
            name: root.need_translated("name"),
            summary: root.need_translated("summary"),
            office: root.need_text("office"),
            declaration: Declaration { life_events, other_offices, ..read_declaration(root) },
            sites: DeclarationSites {
                office: root.site("office"),
                other_offices: other_sites,
                life_events: event_sites,
            },
        };
        closed_says_why(root, &read.declaration);
        speaks_all_languages(root, &read);
        read
    })
}

/// All but the ids, whose places are kept beside them.
fn read_declaration(root: &Table) -> Declaration {
    Declaration {
        state: root.need_choice("state", &[("open", State::Open), ("closed", State::Closed), ("draft", State::Draft)]),
        closed_note: root.translated("closed_note"),
        start: read_start(root),
        who: read_who(root),
        level: root.need_number("level", 1..=3),
        anonymous: root.flag("anonymous_drafts"),
        other_offices: Vec::new(),
        life_events: Vec::new(),
        keywords: root.texts("keywords").into_iter().map(|(word, _)| word).collect(),
        law: read_law(root),
        privacy: read_privacy(root),
        consents: read_consents(root),
        facts_purpose: root.table("facts", |facts| facts.need_translated("purpose")),
        italian_only: read_italian_only(root),
        simulation: root.table("simulation", read_simulation).unwrap_or_default(),
    }
}

fn read_simulation(table: &Table) -> Simulation {
    Simulation {
        of: table.need_choice("of", &[("household", SimulationUnit::Household), ("person", SimulationUnit::Person)]),
        members_once: table.choice("members", &[("each", false), ("once", true)]).unwrap_or_default(),
    }
}

fn read_start(root: &Table) -> Start {
    let start = root.need_text("start");
    if let Some(event) = start.strip_prefix("event:").filter(|event| !event.is_empty()) {
        return Start::Event(event.to_owned());
    }
    if !matches!(start.as_str(), "" | "request") {
        root.wrong(
            "start",
            format!("«{start}» non è un modo di iniziare"),
            "scrivere \"request\" oppure \"event:nome-dell-evento\"",
        );
    }
    Start::Request
}

fn read_who(root: &Table) -> Vec<Applicant> {
    let read = |(word, site): (String, Site)| match word.as_str() {
        "person" => Some(Applicant::Person),
        "company" => Some(Applicant::Company),
        "intermediary" => Some(Applicant::Intermediary),
        _ => {
            root.wrong_at(
                &site,
                format!("«{word}» non può chiedere"),
                "scrivere \"person\", \"company\" oppure \"intermediary\"",
            );
            None
        }
    };
    root.need_texts("who").into_iter().filter_map(read).collect()
}

fn read_law(root: &Table) -> Vec<LawReference> {
    let law = root.tables("law", |table| {
        let url = table.text("url");
        if url.as_ref().is_some_and(|url| !url.starts_with("https://")) {
            table.wrong(
                "url",
                "un collegamento che non è https",
                "scrivere l’indirizzo intero, che comincia con https://",
            );
        }
        LawReference { title: table.need_text("title"), reference: table.need_text("ref"), url }
    });
    if law.is_empty() {
        root.wrong("law", "manca la norma su cui si fonda il servizio", "aggiungere [[law]] con title e ref");
    }
    law
}

fn read_privacy(root: &Table) -> Privacy {
    let privacy = root.table("privacy", |table| Privacy {
        purpose: table.need_translated("purpose"),
        basis: table.need_translated("basis"),
        retention: Retention {
            years: table.need_number("retention_years", 1..=100),
            benefit_years: table.number("benefit_years", &(0..=100)).unwrap_or_default(),
        },
        recipients: table.need_translated("recipients"),
    });
    privacy.unwrap_or_else(|| {
        root.wrong(
            "privacy",
            "manca l’informativa",
            "aggiungere [privacy] con purpose, basis, retention_years e recipients",
        );
        Privacy::default()
    })
}

fn read_italian_only(root: &Table) -> Vec<Language> {
    let read = |(tag, site): (String, Site)| match tag.as_str() {
        "en" => Some(Language::English),
        "de" => Some(Language::German),
        _ => {
            root.wrong_at(&site, format!("«{tag}» non può ripiegare sull’italiano"), "scrivere \"en\" o \"de\"");
            None
        }
    };
    root.texts("italian_only").into_iter().filter_map(read).collect()
}

fn closed_says_why(root: &Table, declaration: &Declaration) {
    match (declaration.state, &declaration.closed_note) {
        (State::Closed, None) => root.wrong(
            "state",
            "il servizio è chiuso e non dice perché",
            "aggiungere closed_note = { it = \"…\" } con il motivo e, se si sa, quando riapre",
        ),
        (State::Open | State::Draft, Some(_)) => {
            root.wrong(
                "closed_note",
                "il servizio non è chiuso",
                "togliere closed_note oppure scrivere state = \"closed\"",
            );
        }
        _ => {}
    }
}

fn speaks_all_languages(root: &Table, read: &ServiceFile) {
    let declaration = &read.declaration;
    let note = declaration.closed_note.as_ref();
    let mut texts = vec![("name", Some(&read.name)), ("summary", Some(&read.summary)), ("closed_note", note)];
    // Nobody agrees to what they cannot read.
    texts.extend(
        declaration.consents.iter().flat_map(|one| [&one.title, &one.text]).map(|text| ("consents", Some(text))),
    );
    for language in [Language::English, Language::German] {
        let missing = texts.iter().filter_map(|(key, text)| Some((*key, (*text)?)));
        for (key, _) in missing.filter(|(_, text)| !text.get(language).is_empty() && !text.has(language)) {
            if !declaration.italian_only.contains(&language) {
                let tag = language.tag();
                root.wrong(
                    key,
                    format!("«{key}» non è tradotto in «{tag}»"),
                    format!("aggiungere {tag} = \"…\", oppure dichiarare italian_only = [\"{tag}\"]"),
                );
            }
        }
    }
}
