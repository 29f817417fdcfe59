//! What officers do, as values: decided when they arrive, recognised when they arrive twice.

use acts::{Act, Actor, Door, NewAct};

use super::{Context, NotNow, assign, grant, note, propose_refusal, refuse, release, request_integration, take};
use crate::{
    case::Case,
    payload::{Assigned, Granted, IntegrationRequested, RefusalReasons, Words, kind},
};

/// Something that an officer does to a case, with all that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Takes it.
    Take,
    /// Gives it back.
    Release,
    /// Gives it to a colleague: for who heads the office.
    Assign(Assigned),
    /// Asks the applicant again for some fields.
    Ask(IntegrationRequested),
    /// Writes a note for the file.
    Note(String),
    /// Grants, with what is added to the motivation.
    Grant(String),
    /// Sends the notice before refusal, with its reasons.
    Notice(String),
    /// Refuses.
    Refuse {
        /// Why.
        reasons: String,
        /// How the applicant's observations were weighed.
        on_observations: String,
    },
}

impl Deed {
    /// The act to be written, or why not now.
    ///
    /// # Errors
    /// [`NotNow`], as each action says.
    pub fn decide(&self, case: &Case, context: &Context<'_>) -> Result<NewAct, NotNow> {
        match self {
            Self::Take => take(case, context),
            Self::Release => release(case, context),
            Self::Assign(to) => assign(case, context, to),
            Self::Ask(request) => {
                let IntegrationRequested { fields, deadline, message } = request.clone();
                request_integration(case, context, fields, deadline, message)
            }
            Self::Note(text) => note(case, context, text),
            Self::Grant(note) => grant(case, context, note),
            Self::Notice(reasons) => propose_refusal(case, context, reasons),
            Self::Refuse { reasons, on_observations } => refuse(case, context, reasons, on_observations),
        }
    }

    /// Whether the same officer did this already: a form that was sent twice, not a conflict. What can be done again
    /// later (a note with the same words, giving back a case that was taken again) counts only while nobody did
    /// anything else since.
    #[must_use]
    pub fn was_done(&self, case: &Case, acts: &[Act], actor: &Actor) -> bool {
        let this = |act: &Act| self.is(act, actor);
        match self {
            Self::Take => case.officer.as_ref().is_some_and(|taken| taken.officer == actor.subject),
            Self::Release | Self::Assign(_) | Self::Note(_) => last_by_a_person(acts).is_some_and(this),
            Self::Ask(_) | Self::Grant(_) | Self::Notice(_) | Self::Refuse { .. } => acts.iter().any(this),
        }
    }

    fn is(&self, act: &Act, actor: &Actor) -> bool {
        let own = act.body.as_ref().is_some_and(|body| body.actor.subject == actor.subject);
        own && match self {
            Self::Take => act.kind == kind::TAKEN,
            Self::Release => act.kind == kind::RELEASED,
            Self::Assign(to) => says(act, kind::ASSIGNED, |said: Assigned| said.officer == to.officer),
            Self::Ask(request) => says(act, kind::INTEGRATION_REQUESTED, |said| *request == said),
            Self::Note(text) => says(act, kind::NOTE_ADDED, |said: Words| said.text == text.trim()),
            Self::Grant(note) => says(act, kind::GRANTED, |said: Granted| said.note.unwrap_or_default() == note.trim()),
            Self::Notice(reasons) => {
                says(act, kind::REFUSAL_PROPOSED, |said: RefusalReasons| said.reasons == reasons.trim())
            }
            Self::Refuse { reasons, on_observations } => says(act, kind::REFUSED, |said: RefusalReasons| {
                said.reasons == reasons.trim() && said.on_observations.unwrap_or_default() == on_observations.trim()
            }),
        }
    }
}

/// The last act that a person did: what the program does by itself (letters) stands in nobody's way.
#[must_use]
pub fn last_by_a_person(acts: &[Act]) -> Option<&Act> {
    acts.iter().rev().find(|act| act.body.as_ref().is_some_and(|body| body.actor.door != Door::System))
}

fn says<T: serde::de::DeserializeOwned>(act: &Act, kind: &str, same: impl FnOnce(T) -> bool) -> bool {
    let said = act.body.as_ref().filter(|_| act.kind == kind);
    said.and_then(|body| serde_json::from_value(body.payload.clone()).ok()).is_some_and(same)
}
