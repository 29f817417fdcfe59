//! What people do to a case, as values: decided when they arrive, recognised when they arrive twice.

use acts::{Act, Actor, Door, NewAct};
use base::Uuid;
use forms::{Path, overlay};
use identity::Power;
use mandates::Verb;
use rules::{Facts, Value};
use serde::de::DeserializeOwned;

use super::{
    Context, NotNow, Question, Refusing, advise, assign, call_substitute, consult, contest, extend, grant, note,
    observe, pass_on, propose_refusal, refuse, release, request_integration, supply, take, take_over, withdraw,
};
use crate::{
    case::{Case, State},
    computed::computed,
    payload::{
        Assigned, Attachment, Extended, Granted, IntegrationRequested, IntegrationSupplied, OpinionGiven,
        OpinionRequested, PassedOn, RefusalReasons, Words, kind,
    },
};

/// Something that an officer or the applicant does to a case, with all that was typed.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// An officer takes it.
    Take,
    /// Gives it back.
    Release,
    /// Gives it to a colleague: for who heads the office.
    Assign(Assigned),
    /// Passes it on to another office.
    PassOn {
        /// Identifier of the office.
        to: String,
        /// Why.
        reason: String,
    },
    /// Asks the applicant again for some fields.
    Ask(IntegrationRequested),
    /// Writes a note for the file.
    Note(String),
    /// Grants, with what is added to the motivation.
    Grant(String),
    /// Sends the notice before refusal, with its reasons.
    Notice(String),
    /// Refuses.
    Refuse(Refusing),
    /// Extends the term.
    Extend {
        /// By how many days.
        days: u16,
        /// Why.
        reason: String,
    },
    /// Asks an expert.
    Consult(Question),
    /// An expert answers, or the answer of one outside is written down.
    Advise {
        /// The act that asked.
        request: i64,
        /// The opinion.
        text: String,
    },
    /// The applicant calls whoever holds the substitute power.
    CallSubstitute,
    /// The substitute takes the case in hand.
    TakeOver,
    /// The applicant supplies what was asked.
    Supply(Supply),
    /// The applicant answers the notice before refusal.
    Observe(String),
    /// The applicant contests what was filed for them at the counter.
    Contest(String),
    /// The applicant withdraws.
    Withdraw {
        /// Why; may be empty.
        reason: String,
        /// That giving up what was granted is meant: for an open case withdrawing means something else.
        gives_up: bool,
    },
}

/// What the applicant gives when asked again.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Supply {
    /// What was typed.
    pub typed: Facts,
    /// Which files answer the questions for files.
    pub files: Facts,
    /// These files, as the act states them.
    pub attachments: Vec<Attachment>,
}

impl Supply {
    /// All answers of the case with these, and the decision computed from them.
    fn onto(&self, case: &Case, context: &Context<'_>) -> IntegrationSupplied {
        let asked = case.open_request.iter().flat_map(|open| &open.request.fields);
        let answers = overlay(&overlay(&case.answers, &self.typed), &self.files);
        IntegrationSupplied {
            paths: asked.map(|field| field.path.clone()).collect(),
            attachments: self.attachments.clone(),
            decision: computed(context.law, &answers, context.today),
            answers,
        }
    }

    /// Whether this was already taken in. Files are left out: the same file sent twice has two identifiers.
    fn is_in(&self, taken: &IntegrationSupplied) -> bool {
        fn told<'f>(path: &Path, facts: &'f Facts) -> Option<&'f Value> {
            path.get(facts).filter(|value| !value.is_null())
        }
        Path::all(&self.typed).iter().all(|path| told(path, &self.typed) == told(path, &taken.answers))
    }
}

impl Deed {
    /// The act to be written, or why not now.
    ///
    /// # Errors
    /// `NotNow`, as each action says.
    pub fn decide(&self, case: &Case, context: &Context<'_>) -> Result<NewAct, NotNow> {
        match self {
            Self::Take => take(case, context),
            Self::Release => release(case, context),
            Self::Assign(to) => assign(case, context, to),
            Self::PassOn { to, reason } => pass_on(case, context, to, reason),
            Self::Ask(request) => {
                let IntegrationRequested { fields, deadline, message } = request.clone();
                request_integration(case, context, fields, deadline, message)
            }
            Self::Note(text) => note(case, context, text),
            Self::Grant(note) => grant(case, context, note),
            Self::Notice(reasons) => propose_refusal(case, context, reasons),
            Self::Refuse(why) => refuse(case, context, why),
            Self::Extend { days, reason } => extend(case, context, *days, reason),
            Self::Consult(asked) => consult(case, context, asked),
            Self::Advise { request, text } => advise(case, context, *request, text),
            Self::CallSubstitute => call_substitute(case, context),
            Self::TakeOver => take_over(case, context),
            Self::Supply(given) => supply(case, context, &given.onto(case, context)),
            Self::Observe(text) => observe(case, context, text),
            Self::Contest(text) => contest(case, context, text),
            Self::Withdraw { gives_up: false, .. } if case.state.is_granted() => Err(NotNow::Closed),
            Self::Withdraw { reason, .. } => withdraw(case, context, reason),
        }
    }

    /// What somebody needs leave for who does this for the applicant.
    #[must_use]
    pub const fn verb(&self) -> Verb {
        match self {
            Self::Supply(_) => Verb::Answer,
            Self::Observe(_) | Self::Contest(_) | Self::CallSubstitute => Verb::Object,
            // What only officers do is done by nobody for somebody else: the strongest of all stands for it.
            _ => Verb::Withdraw,
        }
    }

    /// The files that become part of the case with it.
    pub fn files(&self) -> Vec<Uuid> {
        match self {
            Self::Supply(given) => given.attachments.iter().filter_map(|file| file.upload.parse().ok()).collect(),
            _ => Vec::new(),
        }
    }

    /// What an officer needs to do it.
    #[must_use]
    pub const fn power(&self) -> Power {
        match self {
            Self::Assign(_) => Power::AssignCases,
            Self::TakeOver => Power::ConcludeInPlace,
            _ => Power::HandleCases,
        }
    }

    /// Whether the same person did this already: a form that was sent twice, not a conflict. What can be done again
    /// later (a note with the same words, giving back a case that was taken again) counts only while nobody did
    /// anything else since.
    #[must_use]
    pub fn was_done(&self, case: &Case, actor: &Actor) -> bool {
        let this = |act: &Act| self.is(act, actor);
        match self {
            Self::Take => case.is_held_by(&actor.subject),
            // It can come back, and be passed on again.
            Self::PassOn { .. } => case.acts.iter().rfind(|act| act.kind == kind::PASSED_ON).is_some_and(this),
            Self::TakeOver => case.substitute_holds() && case.is_held_by(&actor.subject),
            Self::Release | Self::Assign(_) | Self::Note(_) => last_by_a_person(&case.acts).is_some_and(this),
            Self::Ask(_)
            | Self::Grant(_)
            | Self::Notice(_)
            | Self::Refuse(_)
            | Self::Observe(_)
            | Self::Contest(_)
            | Self::Extend { .. }
            | Self::Consult(_)
            | Self::Advise { .. }
            | Self::CallSubstitute => case.acts.iter().any(this),
            Self::Supply(_) => case.open_request.is_none() && case.acts.iter().rev().any(this),
            Self::Withdraw { .. } => case.state == State::Withdrawn,
        }
    }

    fn is(&self, act: &Act, actor: &Actor) -> bool {
        let own = act.body.as_ref().is_some_and(|body| body.actor.subject == actor.subject);
        own && match self {
            Self::Take => act.kind == kind::TAKEN,
            Self::Release => act.kind == kind::RELEASED,
            Self::Assign(to) => says(act, kind::ASSIGNED, |said: Assigned| said.officer == to.officer),
            Self::PassOn { to, reason } => {
                says(act, kind::PASSED_ON, |said: PassedOn| said.to == *to && same_words(&said.reason, reason))
            }
            Self::Ask(request) => says(act, kind::INTEGRATION_REQUESTED, |said| *request == said),
            Self::Note(text) => says(act, kind::NOTE_ADDED, |said: Words| said.text == text.trim()),
            Self::Grant(note) => says(act, kind::GRANTED, |said: Granted| said.note.unwrap_or_default() == note.trim()),
            Self::Notice(reasons) => {
                says(act, kind::REFUSAL_PROPOSED, |said: RefusalReasons| said.reasons == reasons.trim())
            }
            Self::Refuse(why) => says(act, kind::REFUSED, |said: RefusalReasons| {
                // After a notice the grounds are the notice's, and nothing is typed.
                let grounds = why.reasons.trim();
                (grounds.is_empty() || said.reasons == grounds)
                    && said.on_observations.unwrap_or_default() == why.on_observations.trim()
                    && said.further_grounds.unwrap_or_default() == why.further_grounds.trim()
            }),
            Self::Extend { days, .. } => says(act, kind::EXTENDED, |said: Extended| said.days == *days),
            Self::Consult(asked) => says(act, kind::OPINION_REQUESTED, |said: OpinionRequested| {
                said.expert == asked.expert.trim() && said.question == asked.question.trim()
            }),
            Self::Advise { request, text } => says(act, kind::OPINION_GIVEN, |said: OpinionGiven| {
                said.request == *request && same_words(&said.text, text)
            }),
            Self::CallSubstitute => act.kind == kind::SUBSTITUTE_CALLED,
            Self::TakeOver => act.kind == kind::SUBSTITUTE_TOOK_OVER,
            Self::Supply(given) => says(act, kind::INTEGRATION_SUPPLIED, |said| given.is_in(&said)),
            Self::Observe(text) => says(act, kind::OBSERVATIONS_FILED, |said: Words| same_words(&said.text, text)),
            Self::Contest(text) => says(act, kind::FILING_CONTESTED, |said: Words| same_words(&said.text, text)),
            Self::Withdraw { .. } => act.kind == kind::WITHDRAWN,
        }
    }
}

/// The last act that a person did: what the program does by itself (letters) stands in nobody's way.
#[must_use]
pub fn last_by_a_person(acts: &[Act]) -> Option<&Act> {
    acts.iter().rev().find(|act| act.body.as_ref().is_some_and(|body| body.actor.door != Door::System))
}

fn says<T: DeserializeOwned>(act: &Act, kind: &str, same: impl FnOnce(T) -> bool) -> bool {
    act.kind == kind && act.payload().is_some_and(same)
}

/// Browsers write ends of lines in their own way.
fn same_words(told: &str, typed: &str) -> bool {
    told.split_whitespace().eq(typed.split_whitespace())
}
