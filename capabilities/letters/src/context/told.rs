//! What the act itself says, as its kind has it.

use acts::{Act, Door};
use base::Language;
use cases::payload::{FieldRequest, Granted, IntegrationRequested, RefusalReasons, Words};
use catalogue::{LetterAct, Service};
use rules::Decision;
use serde_json::{Value, json};

use super::Matter;

/// The content of an act that a letter tells of.
pub(super) enum Told<'a> {
    Submitted,
    Asked(&'a IntegrationRequested),
    Refused(&'a RefusalReasons),
    Granted(&'a Granted),
    Withdrawn(Words),
}

/// `None` where the content was erased or cannot be read.
pub(super) fn told<'a>(matter: &Matter<'a>) -> Option<Told<'a>> {
    let case = matter.case;
    Some(match matter.told {
        LetterAct::Submitted => Told::Submitted,
        LetterAct::IntegrationRequested => Told::Asked(&case.open_request.as_ref()?.request),
        LetterAct::RefusalProposed => Told::Refused(case.proposal.as_ref()?),
        LetterAct::Refused => Told::Refused(case.refused.as_ref()?),
        LetterAct::Granted => Told::Granted(case.granted.as_ref()?),
        LetterAct::Withdrawn => {
            Told::Withdrawn(serde_json::from_value(matter.act.body.as_ref()?.payload.clone()).ok()?)
        }
    })
}

impl<'a> Told<'a> {
    /// The decision that the act gives its reasons with.
    pub(super) fn decision(&self) -> Option<&'a Decision> {
        match self {
            Self::Granted(granted) => granted.decision.as_ref(),
            Self::Refused(refusal) => refusal.decision.as_ref(),
            Self::Submitted | Self::Asked(_) | Self::Withdrawn(_) => None,
        }
    }

    /// The names below `atto`: all of them, empty where an act of this kind has none.
    pub(super) fn values(&self, act: &Act, service: &Service) -> Value {
        let granted = self.granted();
        let refusal = self.refusal();
        let asked = if let Self::Asked(request) = self { Some(*request) } else { None };
        let words = if let Self::Withdrawn(words) = self { filled(&words.text) } else { None };
        let actor = act.body.as_ref().map(|body| &body.actor);
        let decided_by = granted.map(|it| &it.decided_by).or(refusal.map(|it| &it.decided_by));
        let requests = asked.map_or(&[][..], |request| &request.fields);
        json!({
            "quando": act.at.to_string(),
            "autore": decided_by.or(actor.map(|actor| &actor.name)),
            "automatico": actor.is_some_and(|actor| actor.door == Door::System),
            "importo": granted.and_then(|it| it.amount.as_ref()),
            "unita": granted.and_then(|it| it.unit.as_ref()),
            "per": granted.and_then(|it| it.amount.as_ref().and(service.law.per(Language::Italian))),
            // No act says a first day so far; templates of stored versions ask for it.
            "decorrenza": null,
            "nota": granted.and_then(|it| filled(it.note.as_deref()?)),
            "motivi": refusal.and_then(|it| filled(&it.reasons)),
            "su_osservazioni": refusal.and_then(|it| filled(it.on_observations.as_deref()?)),
            "osservazioni_entro": refusal.and_then(|it| it.observations_by).map(|day| day.to_string()),
            "diverso_dal_calcolo": granted.map(|it| it.overrides_rules).or(refusal.map(|it| it.overrides_rules)) == Some(true),
            "campi": requests.iter().map(field).collect::<Vec<_>>(),
            "entro": asked.map(|request| request.deadline.to_string()),
            "messaggio": asked.and_then(|request| filled(&request.message)),
            "testo": words,
        })
    }

    const fn granted(&self) -> Option<&'a Granted> {
        if let Self::Granted(granted) = self { Some(granted) } else { None }
    }

    const fn refusal(&self) -> Option<&'a RefusalReasons> {
        if let Self::Refused(refusal) = self { Some(refusal) } else { None }
    }
}

fn field(asked: &FieldRequest) -> Value {
    json!({ "etichetta": asked.label, "motivo": filled(&asked.reason) })
}

/// An empty text is as good as none: a template asks `{% if … %}`.
fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
