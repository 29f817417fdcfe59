//! What acts about the term of a proceeding say.

use base::Date;
use serde::{Deserialize, Serialize};

/// The term that the law gave and the time that was used: an act that comes late must state both (art. 2 c. 9-quinquies
/// L. 241/1990), so every final act does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    /// Days of the term, an extension included.
    pub term_days: u16,
    /// The last day of the term, with suspensions.
    pub due: Date,
    /// Days from the receipt to the act.
    pub used_days: u16,
    /// Days after the term; 0 if in time.
    pub late_by: u16,
    /// Whether the substitute concluded in place of the office (art. 2 c. 9-ter).
    #[serde(default)]
    pub by_substitute: bool,
}

/// `extended`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extended {
    /// By how many days, counted like the term.
    pub days: u16,
    /// Why, in the officer's words.
    pub reason: String,
    /// The law that lets the office do it.
    pub law: String,
    /// The last day of the term from now on.
    pub due: Date,
}

/// `opinion-requested` (art. 16 and 17 L. 241/1990).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpinionRequested {
    /// Who is asked, by name.
    pub expert: String,
    /// The account of an expert of the office; `None` for one outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<String>,
    /// What is asked.
    pub question: String,
    /// Whether the applicant reads question and answer while the case is open.
    pub shared: bool,
    /// Last day for the answer.
    pub answer_by: Date,
    /// Whether the term stands still meanwhile, where a law says so.
    #[serde(default)]
    pub stops_term: bool,
}

/// `opinion-reminded`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpinionReminded {
    /// The act that asked.
    pub request: i64,
    /// Who was asked.
    pub expert: String,
}

/// `opinion-given`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpinionGiven {
    /// The act that asked.
    pub request: i64,
    /// Whose opinion it is.
    pub expert: String,
    /// The opinion.
    pub text: String,
}

/// `substitute-called` (art. 2 c. 9-ter L. 241/1990).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubstituteCalled {
    /// The last day of the term, which is over.
    pub due: Date,
    /// By when the substitute must conclude: half the term.
    pub conclude_by: Date,
    /// Whether the applicant asked; otherwise the substitute began of their own motion.
    pub on_request: bool,
}

/// `substitute-took-over`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubstituteTookOver {
    /// Identifier of whoever holds the substitute power.
    pub officer: String,
    /// Name.
    pub officer_name: String,
    /// By when the case must be concluded.
    pub conclude_by: Date,
}

/// `silence-consent` and `silence-refusal`: an effect of the law that the program writes down. Nobody decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilenceEffect {
    /// The last day of the term, after which the law has its effect.
    pub term_ended: Date,
    /// The first day of the effect.
    pub effective_from: Date,
    /// Days of the term, an extension included.
    pub term_days: u16,
    /// Where the term comes from.
    pub term_law: String,
    /// The law by which silence decides.
    pub law: String,
}
