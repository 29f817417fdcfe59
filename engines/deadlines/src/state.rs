use base::{Date, Language};
use serde::{Deserialize, Serialize};

use crate::{EventKind, Silence};

/// Why a stretch of days counts or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The term runs.
    Running,
    /// Stopped: the applicant was asked for something.
    IntegrationRequest,
    /// Stopped: the applicant may answer the reasons for a refusal.
    RefusalNotice,
    /// Stopped: a technical assessment was asked for.
    Opinion,
    /// The last day was not a working day: the term ends on the next one.
    MovedToWorkingDay,
    /// The term is over and the office has not decided.
    Late,
}

impl Cause {
    /// The article behind it.
    #[must_use]
    pub const fn article(self) -> &'static str {
        match self {
            Self::Running => "art. 2 c. 6 L. 241/1990",
            Self::IntegrationRequest => "art. 2 c. 7 L. 241/1990",
            Self::RefusalNotice => "art. 10-bis L. 241/1990",
            Self::Opinion => "art. 17 c. 1 L. 241/1990",
            Self::MovedToWorkingDay => "art. 2963 c. 3 c.c.",
            Self::Late => "art. 2 c. 9-bis L. 241/1990",
        }
    }

    /// In plain words, for the citizen and the officer alike.
    #[must_use]
    pub const fn text(self, language: Language) -> &'static str {
        use Language::{English, German, Italian};
        match (self, language) {
            (Self::Running, Italian) => "Il termine corre",
            (Self::Running, English) => "The term is running",
            (Self::Running, German) => "Die Frist läuft",
            (Self::IntegrationRequest, Italian) => "Termine sospeso: aspettiamo le informazioni richieste",
            (Self::IntegrationRequest, English) => "Term suspended: we are waiting for the information requested",
            (Self::IntegrationRequest, German) => "Frist ausgesetzt: wir warten auf die angeforderten Angaben",
            (Self::RefusalNotice, Italian) => "Termine sospeso: si può rispondere ai motivi del possibile rigetto",
            (Self::RefusalNotice, English) => "Term suspended: the reasons for a possible refusal can be answered",
            (Self::RefusalNotice, German) => {
                "Frist ausgesetzt: zu den möglichen Ablehnungsgründen kann Stellung genommen werden"
            }
            (Self::Opinion, Italian) => "Termine sospeso: aspettiamo una valutazione tecnica",
            (Self::Opinion, English) => "Term suspended: we are waiting for a technical assessment",
            (Self::Opinion, German) => "Frist ausgesetzt: wir warten auf ein technisches Gutachten",
            (Self::MovedToWorkingDay, Italian) => {
                "L'ultimo giorno non era lavorativo: il termine passa al primo giorno lavorativo"
            }
            (Self::MovedToWorkingDay, English) => {
                "The last day was not a working day: the term ends on the next working day"
            }
            (Self::MovedToWorkingDay, German) => {
                "Der letzte Tag war kein Arbeitstag: die Frist endet am nächsten Arbeitstag"
            }
            (Self::Late, Italian) => "Il termine è scaduto",
            (Self::Late, English) => "The term has expired",
            (Self::Late, German) => "Die Frist ist abgelaufen",
        }
    }
}

/// A stretch of days in the life of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// First day, included.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Why these days count or do not; it names the article.
    pub cause: Cause,
}

impl Segment {
    /// How many days, both ends included.
    #[must_use]
    pub fn days(&self) -> i32 {
        crate::days::between(self.from, self.to) + 1
    }
}

/// Where a term stands on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// It runs.
    Running,
    /// It is stopped.
    Suspended {
        /// Last suspended day if nothing else happens.
        until: Date,
        /// Why.
        cause: Cause,
    },
    /// It is over and nothing was decided.
    Overdue,
    /// The case is decided or withdrawn.
    Closed,
}

/// How a case ended with respect to its term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// The day of the act; of silence, the last day of the term.
    pub on: Date,
    /// Whether the applicant withdrew.
    pub withdrawn: bool,
    /// Whether it was the law that closed it, by silence, and not an act of the office.
    #[serde(default)]
    pub by_silence: bool,
    /// Days after the term; 0 if in time. A late act must state it (art. 2 c. 9-quinquies).
    pub late_by: i32,
    /// False for an act adopted after silent consent was formed (art. 2 c. 8-bis).
    pub effective: bool,
}

/// What silence means and from when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilenceAt {
    /// Its meaning.
    pub meaning: Silence,
    /// The last day of the term.
    pub on: Date,
    /// Whether that day has passed without an act.
    pub formed: bool,
}

/// An event that changed nothing, and why: shown to the officer, never silently dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ignored {
    /// When.
    pub on: Date,
    /// What.
    pub kind: EventKind,
    /// Why.
    pub why: WhyIgnored,
}

/// Why an event changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WhyIgnored {
    /// It is dated before the start, or the term had already started.
    OutOfPlace,
    /// The case was already closed.
    AlreadyClosed,
    /// The term was already over: what is over cannot be suspended or extended.
    AlreadyExpired,
    /// The law allows it once only (art. 2 c. 7).
    AlreadyUsed,
    /// The rules of this service do not foresee it (e.g. notice before refusal in social security).
    NotForeseen,
    /// The term still runs: silence means nothing yet, and nobody can be called in place of the office.
    TooEarly,
    /// An answer to something that was not asked, or after the suspension had ended by itself.
    TooLate,
}

/// A term on a day: what officer and citizen both see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The day from which the term counts; not counted itself (art. 2963 c. 2 c.c.).
    pub started: Date,
    /// Days of the term, extension included.
    pub term_days: u16,
    /// Last day before moving it to a working day.
    pub raw_due: Date,
    /// Last day on which the office is in time, as far as is known today.
    pub due: Date,
    /// Where the term stands.
    pub phase: Phase,
    /// Days of the term already used.
    pub elapsed: u16,
    /// Days that still count, up to `due`, without suspended ones; 0 when closed or overdue.
    pub days_left: u16,
    /// Days past `due` until today or until the decision; 0 if in time.
    pub days_late: i32,
    /// Days added by an extension.
    pub extended_by: u16,
    /// Whether the one suspension for an integration request is still available today.
    pub can_suspend: bool,
    /// Last day for observations, once a notice before refusal was received.
    pub observations_by: Option<Date>,
    /// The term, stretch by stretch, until `due` (planned), the decision, or today if late.
    pub history: Vec<Segment>,
    /// By when whoever holds the substitute power must conclude (art. 2 c. 9-ter): half the term from the day on which
    /// they were called; while nobody was, from the end of the term.
    pub substitute_due: Date,
    /// The day on which the substitute was called, if the term passed and somebody was.
    #[serde(default)]
    pub substitute_since: Option<Date>,
    /// What silence means, where it means something.
    pub silence: Option<SilenceAt>,
    /// How the case ended, if it did.
    pub closing: Option<Closing>,
    /// Events that changed nothing.
    pub ignored: Vec<Ignored>,
}

impl State {
    /// Whether the office is late today, or decided late.
    #[must_use]
    pub const fn overdue(&self) -> bool {
        0 < self.days_late
    }
}
