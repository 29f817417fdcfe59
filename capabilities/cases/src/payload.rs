//! What each kind of act says. These types are the contract with the branches, and with whoever reads the book in ten
//! years: fields are added, never renamed or removed.

use std::collections::BTreeMap;

use acts::Act;
use base::{Date, Timestamp};
pub use protocol::Protocol;
use rules::{Decision, Facts};
use serde::{Deserialize, Serialize};

/// Kinds of act, as they stand in the book.
pub mod kind {
    /// An application with everything in it.
    pub const SUBMITTED: &str = "submitted";
    /// An officer takes the case.
    pub const TAKEN: &str = "taken";
    /// Who heads the office gives it to one of its officers.
    pub const ASSIGNED: &str = "assigned";
    /// The office that it came to by mistake passes it on to the competent one.
    pub const PASSED_ON: &str = "passed-on";
    /// An officer gives it back.
    pub const RELEASED: &str = "released";
    /// Some fields are asked again.
    pub const INTEGRATION_REQUESTED: &str = "integration-requested";
    /// The applicant answered.
    pub const INTEGRATION_SUPPLIED: &str = "integration-supplied";
    /// Nobody answered in time.
    pub const INTEGRATION_LAPSED: &str = "integration-lapsed";
    /// A note for the file.
    pub const NOTE_ADDED: &str = "note-added";
    /// Notice before refusal.
    pub const REFUSAL_PROPOSED: &str = "refusal-proposed";
    /// The applicant's answer to the notice.
    pub const OBSERVATIONS_FILED: &str = "observations-filed";
    /// The applicant says that what was filed for them at the counter is not theirs.
    pub const FILING_CONTESTED: &str = "filing-contested";
    /// Granted.
    pub const GRANTED: &str = "granted";
    /// Refused.
    pub const REFUSED: &str = "refused";
    /// Withdrawn by the applicant.
    pub const WITHDRAWN: &str = "withdrawn";
    /// The office extends its term, where a law lets it.
    pub const EXTENDED: &str = "extended";
    /// An opinion is asked of an expert.
    pub const OPINION_REQUESTED: &str = "opinion-requested";
    /// The expert's time is over without an answer.
    pub const OPINION_REMINDED: &str = "opinion-reminded";
    /// The expert answered.
    pub const OPINION_GIVEN: &str = "opinion-given";
    /// The term is over, and whoever holds the substitute power is called.
    pub const SUBSTITUTE_CALLED: &str = "substitute-called";
    /// The substitute takes the case in hand.
    pub const SUBSTITUTE_TOOK_OVER: &str = "substitute-took-over";
    /// The term is over, and the law grants (art. 20 L. 241/1990).
    pub const SILENCE_CONSENT: &str = "silence-consent";
    /// The term is over, and the law refuses (art. 25 c. 4 L. 241/1990).
    pub const SILENCE_REFUSAL: &str = "silence-refusal";
    /// Its time was over: what the acts before this one say was destroyed.
    pub const DESTROYED: &str = "destroyed";
    /// A document was issued; written by `letters`.
    pub const LETTER_ISSUED: &str = "letter-issued";
}

/// Somebody in the role of applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// Fiscal code.
    pub fiscal_code: String,
    /// Given name and surname.
    pub name: String,
}

/// Where an answer came from, when nobody typed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Identifier of the registry.
    pub registry: String,
    /// Its name as people know it.
    pub registry_name: String,
    /// The day on which the registry recorded the value.
    pub recorded_on: Date,
}

/// An answer that the person gave in the place of what a registry knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Identifier of the registry that knows something else.
    pub registry: String,
    /// Its name as people know it.
    pub registry_name: String,
    /// The day on which the person gave it.
    pub on: Date,
}

/// A file that belongs to an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Identifier of the stored file.
    pub upload: String,
    /// Its name.
    pub file_name: String,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
    /// Its media type; empty in acts of earlier versions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub media_type: String,
}

/// Under which number an act was registered: applications, all else that the applicant files (integrations,
/// observations, withdrawals) and letters. `None` for acts of earlier versions, which registered applications alone.
/// What was passed on has two: see [`protocols_of`].
#[must_use]
pub fn protocol_of(act: &Act) -> Option<Protocol> {
    Protocol::deserialize(act.field("protocol")).ok()
}

/// Every number under which an act was registered: one as [`protocol_of`], those of both offices where a case was passed
/// on.
#[must_use]
pub fn protocols_of(act: &Act) -> Vec<Protocol> {
    let passed = act.payload_of::<PassedOn>(kind::PASSED_ON);
    let both = passed.into_iter().flat_map(|passed| [passed.sent, passed.received]).flatten();
    protocol_of(act).into_iter().chain(both).collect()
}

/// `submitted`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Submitted {
    /// Slug of the service.
    pub service: String,
    /// Version of its folder: the case stays with it.
    pub service_version: String,
    /// Italian name of the service.
    pub service_name: String,
    /// Identifier of the office.
    pub office: String,
    /// Its name.
    pub office_name: String,
    /// Who answers for the proceeding (art. 5 L. 241/1990).
    pub responsible: String,
    /// Who asks.
    pub applicant: Applicant,
    /// The registration.
    pub protocol: Protocol,
    /// What was declared.
    pub answers: Facts,
    /// By path (`isee`, `figli.0.data_nascita`): what was not typed but known.
    pub sources: BTreeMap<String, Source>,
    /// By path: answers that the person gave, for this application, in the place of what this registry knows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub replaced: BTreeMap<String, Replaced>,
    /// Attached files, bound to the log by their digests.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// What the rules said of these answers, where the service has rules.
    pub decision: Option<Decision>,
    /// The day by which the proceeding must end, as known at filing (art. 8 c. 2 c-bis).
    pub due: Date,
    /// What one can do if it does not end by then.
    pub remedies: String,
    /// By what it is put in order, where the service has a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordering: Option<Ordering>,
    /// What others signed beside the applicant, and their signatures; where the service asks for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signed>,
}

/// By what the applications of a window are put in order after it closed. The time of sending is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ordering {
    /// `need` or `event-date`.
    pub order: String,
    /// The question whose answer decides.
    pub datum: String,
    /// Who set this order.
    pub law: String,
    /// What decides between equals: sixteen hexadecimal digits, the same for a person in the whole window.
    pub lot: String,
}

/// One field that the officer asks again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldRequest {
    /// Path of the question.
    pub path: String,
    /// Its label.
    pub label: String,
    /// Why it is asked again.
    pub reason: String,
}

/// `integration-requested`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrationRequested {
    /// Only these fields reopen.
    pub fields: Vec<FieldRequest>,
    /// Last day for the answer; at most 30 days after the request (art. 2 c. 7).
    pub deadline: Date,
    /// The officer's words.
    pub message: String,
}

/// `integration-supplied`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntegrationSupplied {
    /// All answers after the integration.
    pub answers: Facts,
    /// The paths that were asked.
    pub paths: Vec<String>,
    /// Files supplied, bound to the log by their digests.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// What the rules say now.
    pub decision: Option<Decision>,
}

/// `refusal-proposed` and `refused`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RefusalReasons {
    /// The reasons in fact and law, in the officer's words (art. 3 L. 241/1990).
    pub reasons: String,
    /// How the applicant's observations were weighed; required when there are any (art. 10-bis).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_observations: Option<String>,
    /// Grounds that the notice did not have and that follow from the observations: no others may be added (art. 10-bis).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub further_grounds: Option<String>,
    /// The legal term and the time used, for a refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
    /// What the rules say, for the motivation.
    pub decision: Option<Decision>,
    /// The named person who decides: no refusal is automatic.
    pub decided_by: String,
    /// The officer departs from what the rules say (counted, and explained by `reasons`).
    #[serde(default)]
    pub overrides_rules: bool,
    /// Last day for observations, for a notice before refusal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observations_by: Option<Date>,
}

/// `granted`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Granted {
    /// Amount in euro as decimal text (`914.30`), where the service pays one.
    pub amount: Option<String>,
    /// The unit of the amount, as the rules state it (`euro/mese`).
    pub unit: Option<String>,
    /// What the officer adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What the rules say, for the motivation.
    pub decision: Option<Decision>,
    /// The named person who decides.
    pub decided_by: String,
    /// The officer departs from what the rules say, for the reason in `note`.
    #[serde(default)]
    pub overrides_rules: bool,
    /// The legal term and the time used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timing: Option<Timing>,
    /// The mass decision by which it was granted together with others, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<Together>,
}

/// A mass decision, as the acts name it that follow from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Together {
    /// Its identifier.
    pub mass_decision: String,
    /// When the person who decides confirmed it.
    pub confirmed_at: Timestamp,
}

mod office;
mod signed;
mod time;

pub use office::PassedOn;
pub use signed::{Signature, Signed};
pub use time::{
    Extended, OpinionGiven, OpinionReminded, OpinionRequested, SilenceEffect, SubstituteCalled, SubstituteTookOver,
    Timing,
};

/// `withdrawn`, `note-added`, `observations-filed`: words of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// What was written; may be empty for a withdrawal.
    pub text: String,
}

/// `taken`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Identifier of the officer.
    pub officer: String,
    /// Name of the officer.
    pub officer_name: String,
}

/// `assigned`: who is in charge from now on, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Identifier of the officer.
    pub officer: String,
    /// Name of the officer.
    pub officer_name: String,
    /// Why, in words of who heads the office; may be empty.
    #[serde(default)]
    pub reason: String,
}

/// `letter-issued`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterIssued {
    /// Name of the template: `ricevuta`, `accoglimento`, …
    pub letter: String,
    /// Title as the person reads it.
    pub title: String,
    /// Name of the PDF as a person keeps it: `ricevuta-0000123-2026.pdf`.
    pub file_name: String,
    /// The act that the letter tells of.
    pub act_seq: i64,
    /// SHA-256 of the PDF, hexadecimal: binds the document to the log.
    pub sha256: String,
    /// Identifier of the document.
    pub document: String,
}

/// `destroyed`: by which list of the office, on whose approval. It names nobody of those whom the case was about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destroyed {
    /// Identifier of the list.
    pub list: String,
    /// Its number as people know it: `3/2038`.
    pub number: String,
    /// Its digest, hexadecimal: what was approved.
    pub digest: String,
    /// Who authorised it, with number and date (art. 21 c. 1 lett. d d.lgs. 42/2004).
    pub authorisation: String,
    /// The two officials who approved it.
    pub approved_by: Vec<String>,
}
