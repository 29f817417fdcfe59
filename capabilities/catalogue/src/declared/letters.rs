use std::collections::BTreeMap;

use base::Translated;
use rules::Diagnostic;

use super::reader;
use crate::{
    Folder,
    folder::LETTERS,
    source::{Site, Source},
};

/// An act of a case that people are told of by letter: what `for_act` of a template names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterAct {
    /// The application (artt. 7, 8 and 18-bis L. 241/1990).
    Submitted,
    /// The office that it came to passed it on to the competent one (art. 18-bis c. 2).
    PassedOn,
    /// Something is asked again (art. 2 c. 7).
    IntegrationRequested,
    /// The notice before refusal (art. 10-bis).
    RefusalProposed,
    /// The applicant answered it.
    ObservationsFiled,
    /// The office extended its term, where a law lets it.
    Extended,
    /// Whoever holds the substitute power was called (art. 2 c. 9-ter).
    SubstituteCalled,
    /// Granted by silence: the letter is the attestation of art. 20 c. 2-bis.
    SilenceConsent,
    /// Refused by silence, where a law says so (art. 25 c. 4).
    SilenceRefusal,
    /// Granted.
    Granted,
    /// Refused (art. 3).
    Refused,
    /// Withdrawn.
    Withdrawn,
}

impl LetterAct {
    /// All of them, in the order of a case.
    pub const ALL: [Self; 12] = [
        Self::Submitted,
        Self::PassedOn,
        Self::IntegrationRequested,
        Self::RefusalProposed,
        Self::ObservationsFiled,
        Self::Extended,
        Self::SubstituteCalled,
        Self::SilenceConsent,
        Self::SilenceRefusal,
        Self::Granted,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// The kind of the act in the book.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::PassedOn => "passed-on",
            Self::IntegrationRequested => "integration-requested",
            Self::RefusalProposed => "refusal-proposed",
            Self::ObservationsFiled => "observations-filed",
            Self::Extended => "extended",
            Self::SubstituteCalled => "substitute-called",
            Self::SilenceConsent => "silence-consent",
            Self::SilenceRefusal => "silence-refusal",
            Self::Granted => "granted",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The act of this kind; `None` for kinds that nobody is written to about.
    #[must_use]
    pub fn from_kind(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.kind() == kind)
    }

    /// What the letter is usually called, as a file without extension: a service may call it otherwise.
    #[must_use]
    pub const fn usual_letter(self) -> &'static str {
        match self {
            Self::Submitted => "ricevuta",
            Self::PassedOn => "trasmissione",
            Self::IntegrationRequested => "integrazione",
            Self::RefusalProposed => "preavviso",
            Self::ObservationsFiled => "osservazioni",
            Self::Extended => "proroga",
            Self::SubstituteCalled => "potere-sostitutivo",
            Self::SilenceConsent => "silenzio-assenso",
            Self::SilenceRefusal => "silenzio-rigetto",
            Self::Granted => "accoglimento",
            Self::Refused => "diniego",
            Self::Withdrawn => "ritiro",
        }
    }
}

/// A letter of a service, its own or one common to all.
#[derive(Debug, Clone)]
pub struct Letter {
    /// What it is called.
    pub title: Translated,
    /// The act that it tells of.
    pub act: LetterAct,
    /// Name of the file, for messages.
    pub file: String,
    /// The whole text, head included.
    pub text: String,
    /// Where the act is named.
    pub(crate) site: Site,
}

/// A part that letters include, such as the table of the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterPart {
    /// Name of the file, for messages.
    pub file: String,
    /// Markdown with placeholders, without a head.
    pub text: String,
}

/// The letters of a service, and the parts that they include.
#[derive(Debug, Clone, Default)]
pub(crate) struct Letters {
    /// By name without extension: `ricevuta`.
    pub letters: BTreeMap<String, Letter>,
    /// By the name that `{% include … %}` says: `parti/ufficio.md`.
    pub parts: BTreeMap<String, LetterPart>,
}

/// Below `letters/`.
const PARTS: &str = "parti/";
const FRONT_MEND: &str = "cominciare con +++, poi title e for_act, poi una riga +++";
const TEMPLATE_MEND: &str = "correggere i segnaposto {{ … }} e i blocchi {% … %}";

/// Reads the front matter of every letter and sees that every template can be read.
pub(crate) fn read_letters(folder: &Folder) -> Result<Letters, Vec<Diagnostic>> {
    let mut read = Letters::default();
    let mut complaints = Vec::new();
    for (path, text) in folder.below(LETTERS) {
        let file = folder.name_of(&format!("{LETTERS}{path}"));
        if path.starts_with(PARTS) {
            complaints.extend(fault(Source::new(&file, text), text, 0));
            read.parts.insert(path.to_owned(), LetterPart { file, text: text.to_owned() });
            continue;
        }
        match read_letter(&file, text) {
            Ok(letter) => drop(read.letters.insert(path.trim_end_matches(".md").to_owned(), letter)),
            Err(told) => complaints.extend(told),
        }
    }
    if complaints.is_empty() { Ok(read) } else { Err(complaints) }
}

fn read_letter(file: &str, text: &str) -> Result<Letter, Vec<Diagnostic>> {
    let source = Source::new(file, text);
    let front = text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++"));
    let Some((front, body)) = front else {
        return Err(vec![source.site(0).complain("manca l’intestazione della comunicazione", FRONT_MEND)]);
    };
    // A line before, so that places in the front matter are places in the file.
    let letter = reader::read(file, &format!("\n{front}"), |root| {
        let named = root.need_text("for_act");
        let act = LetterAct::from_kind(&named);
        if act.is_none() && !named.is_empty() {
            let known = LetterAct::ALL.map(LetterAct::kind).join(", ");
            root.wrong("for_act", format!("«{named}» non è un atto"), format!("scrivere uno di: {known}"));
        }
        let title = root.need_translated("title");
        let (file, text) = (file.to_owned(), text.to_owned());
        act.map(|act| Letter { title, act, file, text, site: root.site("for_act") })
    });
    match (letter, fault(source, body, front.matches('\n').count() + 2)) {
        (Ok(Some(letter)), None) => Ok(letter),
        (letter, fault) => Err(letter.err().into_iter().flatten().chain(fault).collect()),
    }
}

/// What is wrong with the syntax of a template that has so many lines before it.
fn fault(source: Source<'_>, body: &str, lines_before: usize) -> Option<Diagnostic> {
    let environment = minijinja::Environment::new();
    let error = environment.template_from_str(body).err()?;
    let message = format!("segnaposto non valido: {}", error.detail().unwrap_or("non si legge"));
    Some(source.line(lines_before + error.line().unwrap_or(1)).complain(message, TEMPLATE_MEND))
}

/// The parts that a template includes, each with the place of its name in the text.
pub(crate) fn included(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices("{%").filter_map(|(at, _)| {
        let named = text[at + 2..].trim_start_matches('-').trim_start().strip_prefix("include")?.trim_start();
        let quote = named.chars().next().filter(|sign| ['"', '\''].contains(sign))?;
        let name = named[1..].split(quote).next()?;
        Some((text.len() - named.len(), name))
    })
}
