use base::{Timestamp, Translated};
use deadlines::{Count, RulesError, Silence, Slide};
use rules::Diagnostic;

use super::{
    Phase, Signatures, Window,
    reader::{self, Table},
    signatures::{SignatureSites, read_signatures},
    window::read_window,
};
use crate::source::Site;

/// What `process.toml` declares: the clock of the proceeding, who is responsible. What decides by itself is only
/// the law, by silence: the program never grants and never refuses.
#[derive(Debug, Clone, PartialEq)]
pub struct Process {
    /// The statutory term and its flags (L. 241/1990).
    pub rules: deadlines::Rules,
    /// Who set a term of more than thirty days; `None` where nobody says so.
    pub term_set_by: Option<TermSetBy>,
    /// The law by which silence decides, where it does (art. 20, art. 25 c. 4).
    pub silence_law: Option<String>,
    /// The law by which the office may extend its own term, where it may.
    pub extension_law: Option<String>,
    /// The law by which a technical assessment stops the term, where it does (art. 17).
    pub opinion_law: Option<String>,
    /// When applications are taken, and by what they are put in order; `None`: always, as they come.
    pub window: Option<Window>,
    /// Who must sign beside the applicant; `None`: nobody.
    pub signatures: Option<Signatures>,
    /// Whether somebody may ask again while an application is open or granted.
    pub again: Again,
    /// For how many minutes a mass decision that was confirmed can be taken back before it takes effect.
    pub undo_minutes: u16,
    /// The person or unit responsible (*responsabile del procedimento*, art. 5).
    pub responsible: Translated,
    /// What one can do if the proceeding does not end in time (art. 8 c. 2 lett. c-bis).
    pub remedies: Translated,
    /// To whom and by when one can appeal (art. 3 c. 4).
    pub appeal: Translated,
}

impl Process {
    /// The window and where an instant stands to it; `None` where applications are always taken.
    #[must_use]
    pub fn window_at(&self, now: Timestamp) -> Option<(&Window, Phase)> {
        self.window.as_ref().map(|window| (window, window.phase(now)))
    }
}

/// Who may set a term of more than thirty days (art. 2 c. 2-4 L. 241/1990).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermSetBy {
    /// A decree or the body's own rules: up to ninety days (c. 3).
    Regulation,
    /// A decree with the reinforced procedure: up to a hundred and eighty (c. 4).
    ReinforcedRegulation,
    /// A law of its own, which c. 2 leaves untouched.
    Law,
}

impl TermSetBy {
    /// The longest term that it may set, in days.
    #[must_use]
    pub const fn longest(self) -> u16 {
        match self {
            Self::Regulation => 90,
            Self::ReinforcedRegulation | Self::Law => 180,
        }
    }
}

/// Whether somebody may ask again while an application of theirs is open or granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Again {
    /// Yes; the page says that there is one.
    Allowed,
    /// No: one leads to the case that there is.
    NeverWhileOpen {
        /// The question by which two applications are about the same (`figli.codice_fiscale`): one answer in common is
        /// enough. Without it, any two are.
        about: Option<String>,
        /// The service in which a change is told.
        changes_by: Option<String>,
    },
}

/// Where the flags stand that only the rest of the folder can judge.
#[derive(Debug, Clone)]
pub(crate) struct ProcessSites {
    pub term_days: Site,
    /// Versions of before this key was dropped have it; it never had an effect.
    pub automatic: Option<Site>,
    pub again_about: Site,
    pub changes_by: Site,
    pub window_datum: Option<Site>,
    pub signatures: Option<SignatureSites>,
}

const SLIDES: [(&str, Slide); 3] =
    [("holidays", Slide::Holidays), ("none", Slide::None), ("saturdays", Slide::HolidaysAndSaturdays)];
const COUNTS: [(&str, Count); 3] =
    [("calendar", Count::Calendar), ("working", Count::WorkingFiveDays), ("working-six", Count::WorkingSixDays)];
const SILENCES: [(&str, Silence); 3] =
    [("none", Silence::Late), ("consent", Silence::Consent), ("refusal", Silence::Refusal)];
const SETTERS: [(&str, TermSetBy); 3] = [
    ("regulation", TermSetBy::Regulation),
    ("reinforced-regulation", TermSetBy::ReinforcedRegulation),
    ("law", TermSetBy::Law),
];

/// The longest term that a regulation may set for complex proceedings (art. 2 c. 4 L. 241/1990).
const LONGEST_TERM: i64 = 180;

/// How long a mass decision can be taken back where nothing is said.
const UNDO_MINUTES: u16 = 15;
/// A week.
const LONGEST_UNDO: i64 = 7 * 24 * 60;

/// Reads `process.toml`.
pub(crate) fn read_process(file: &str, text: &str) -> Result<(Process, ProcessSites), Vec<Diagnostic>> {
    reader::read(file, text, |root| {
        let rules = read_rules(root);
        let (window, window_datum) = read_window(root).unzip();
        let (signatures, signature_sites) = read_signatures(root, window.is_some()).unzip();
        let process = Process {
            term_set_by: root.choice("term_set_by", &SETTERS),
            silence_law: root.text("silence_law"),
            extension_law: root.text("extension_law"),
            opinion_law: root.text("opinion_law"),
            window,
            signatures,
            again: read_again(root),
            // Absent in versions that were written before the key existed.
            undo_minutes: root.number("undo_minutes", &(1..=LONGEST_UNDO)).unwrap_or(UNDO_MINUTES),
            responsible: root.need_translated("responsible"),
            remedies: root.need_translated("remedies"),
            appeal: root.need_translated("appeal"),
            rules,
        };
        silence_has_a_law(root, &process);
        exceptions_have_a_law(root, &process);
        let sites = ProcessSites {
            term_days: root.site("term_days"),
            automatic: root.text("automatic").map(|_| root.site("automatic")),
            again_about: root.site("again_about"),
            changes_by: root.site("changes_by"),
            window_datum,
            signatures: signature_sites,
        };
        (process, sites)
    })
}

/// Absent, it is allowed: versions written before the key existed go on being read.
fn read_again(root: &Table) -> Again {
    let never = root.choice("again", &[("allowed", false), ("never-while-open", true)]).unwrap_or(false);
    let (about, changes_by) = (root.text("again_about"), root.text("changes_by"));
    if never {
        return Again::NeverWhileOpen { about, changes_by };
    }
    for key in ["again_about", "changes_by"].into_iter().zip([&about, &changes_by]).filter(|(_, text)| text.is_some()) {
        let mend = "scrivere again = \"never-while-open\", oppure togliere la chiave";
        root.wrong(key.0, format!("«{}» vale solo se non si può chiedere due volte", key.0), mend);
    }
    Again::Allowed
}

fn read_rules(root: &Table) -> deadlines::Rules {
    let usual = deadlines::Rules::default();
    let rules = deadlines::Rules {
        days: root.need_number("term_days", 1..=LONGEST_TERM),
        count: root.need_choice("term_kind", &COUNTS),
        slide: root.need_choice("slide", &SLIDES),
        max_suspension_days: root.need_number("max_suspension_days", 0..=30),
        notice_before_refusal: root.need_flag("notice_before_refusal"),
        // Absent in versions that were written before the key existed.
        opinion_days: root.number("opinion_days", &(1..=90)).unwrap_or(usual.opinion_days),
        opinion_suspension_days: root.number("opinion_suspension_days", &(0..=90)).unwrap_or(0),
        extension_days: root.number("extension_days", &(0..=180)).unwrap_or(0),
        silence: root.need_choice("silence", &SILENCES),
        law: root.need_text("term_law"),
        ..usual
    };
    if let Err(error) = rules.check() {
        root.wrong(key_of(error), error.to_string(), "correggere il valore secondo la norma indicata");
    }
    rules
}

fn key_of(error: RulesError) -> &'static str {
    match error {
        RulesError::Days => "term_days",
        RulesError::Suspension => "max_suspension_days",
        RulesError::Opinion => "opinion_days",
        RulesError::OpinionSuspension => "opinion_suspension_days",
        RulesError::Extension => "extension_days",
        RulesError::Observation => "term_law",
    }
}

/// Silence that decides is an exception that a law must make (art. 20 for consent; refusal only where expressly said).
fn silence_has_a_law(root: &Table, process: &Process) {
    let rules = &process.rules;
    match (rules.silence, &process.silence_law) {
        (Silence::Late, Some(_)) => {
            root.wrong(
                "silence_law",
                "una norma sul silenzio che non decide nulla",
                "togliere silence_law oppure indicare che cosa vale il silenzio",
            );
        }
        (Silence::Consent | Silence::Refusal, None) => {
            root.wrong(
                "silence",
                "il silenzio decide e manca la norma che lo prevede",
                "aggiungere silence_law = \"art. … \"",
            );
        }
        _ => {}
    }
    if rules.silence == Silence::Consent && rules.notice_before_refusal && rules.max_suspension_days == 0 {
        root.wrong(
            "max_suspension_days",
            "con il silenzio assenso non resta modo di chiedere ciò che manca",
            "consentire una sospensione, al massimo 30 (art. 2 c. 7 L. 241/1990)",
        );
    }
}

/// An office neither extends its term nor lets it stand still because it likes to: a law says so.
fn exceptions_have_a_law(root: &Table, process: &Process) {
    let exceptions = [
        ("extension_days", "extension_law", process.rules.extension_days, &process.extension_law),
        ("opinion_suspension_days", "opinion_law", process.rules.opinion_suspension_days, &process.opinion_law),
    ];
    for (key, law_key, days, law) in exceptions {
        match (days, law) {
            (0, Some(_)) => {
                root.wrong(
                    law_key,
                    "una norma per giorni che non ci sono",
                    format!("togliere {law_key}, oppure scrivere {key}"),
                );
            }
            (1.., None) => {
                let mend = format!("aggiungere {law_key} = \"art. … \"");
                root.wrong(key, "manca la norma che lo consente", mend);
            }
            _ => {}
        }
    }
}
