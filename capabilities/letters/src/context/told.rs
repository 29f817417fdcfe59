//! What the act itself says, as its kind has it.

use acts::{Act, Door};
use base::{Date, Language, rome_date};
use cases::payload::{
    Extended, FieldRequest, Granted, IntegrationRequested, PassedOn, RefusalReasons, SilenceEffect, SubstituteCalled,
    Timing, Words,
};
use catalogue::LetterAct;
use protocol::Protocol;
use rules::Decision;
use serde_json::{Value, json};

use super::Matter;

/// The content of an act that a letter tells of.
pub(super) enum Told<'a> {
    Submitted,
    PassedOn(PassedOn),
    Asked(&'a IntegrationRequested),
    Refused(&'a RefusalReasons),
    Granted(&'a Granted),
    /// A withdrawal, or observations: words of the applicant.
    Said(Words),
    Extended(Extended),
    SubstituteCalled(SubstituteCalled),
    Silence(SilenceEffect),
}

/// `None` where the content was erased or cannot be read.
pub(super) fn told<'a>(matter: &Matter<'a>) -> Option<Told<'a>> {
    let case = matter.case;
    Some(match matter.told {
        LetterAct::Submitted => Told::Submitted,
        LetterAct::PassedOn => Told::PassedOn(matter.act.payload()?),
        LetterAct::IntegrationRequested => Told::Asked(&case.open_request.as_ref()?.request),
        LetterAct::RefusalProposed => Told::Refused(case.proposal.as_ref()?),
        LetterAct::Refused => Told::Refused(case.refused.as_ref()?),
        LetterAct::Granted => Told::Granted(case.granted.as_ref()?),
        LetterAct::Withdrawn | LetterAct::ObservationsFiled => Told::Said(matter.act.payload()?),
        LetterAct::Extended => Told::Extended(matter.act.payload()?),
        LetterAct::SubstituteCalled => Told::SubstituteCalled(matter.act.payload()?),
        LetterAct::SilenceConsent | LetterAct::SilenceRefusal => Told::Silence(matter.act.payload()?),
    })
}

impl<'a> Told<'a> {
    /// The decision that the act gives its reasons with.
    pub(super) fn decision(&self) -> Option<&'a Decision> {
        match self {
            Self::Granted(granted) => granted.decision.as_ref(),
            Self::Refused(refusal) => refusal.decision.as_ref(),
            _ => None,
        }
    }

    /// The names below `atto`: all of them, empty where an act of this kind has none.
    pub(super) fn values(&self, matter: &Matter<'_>, observations: Option<&str>) -> Value {
        let Matter { act, service, .. } = matter;
        let granted = self.granted();
        let refusal = self.refusal();
        let asked = if let Self::Asked(request) = self { Some(*request) } else { None };
        let words = if let Self::Said(words) = self { filled(&words.text) } else { None };
        let actor = act.body.as_ref().map(|body| &body.actor);
        let decided_by = granted.map(|it| &it.decided_by).or(refusal.map(|it| &it.decided_by));
        let requests = asked.map_or(&[][..], |request| &request.fields);
        let mut values = json!({
            "quando": act.at.to_string(),
            "autore": decided_by.or(actor.map(|actor| &actor.name)),
            "automatico": actor.is_some_and(|actor| actor.door == Door::System),
            "importo": granted.and_then(|it| it.amount.as_ref()),
            "unita": granted.and_then(|it| it.unit.as_ref()),
            "per": granted.and_then(|it| it.amount.as_ref().and(service.law.per(Language::Italian))),
            // No act says a first day so far; templates of stored versions ask for it.
            "decorrenza": null,
            "nota": granted.and_then(|it| filled(it.note.as_deref()?)),
            "motivi": refusal.map(|it| &it.reasons).or(self.reason()).and_then(|text| filled(text)),
            "su_osservazioni": refusal.and_then(|it| filled(it.on_observations.as_deref()?)),
            "osservazioni_entro": refusal.and_then(|it| it.observations_by).map(|day| day.to_string()),
            "diverso_dal_calcolo": granted.map(|it| it.overrides_rules).or(refusal.map(|it| it.overrides_rules)) == Some(true),
            "campi": requests.iter().map(field).collect::<Vec<_>>(),
            "entro": asked.map(|it| it.deadline).or(self.called().map(|it| it.conclude_by)).map(|day| day.to_string()),
            "messaggio": asked.and_then(|request| filled(&request.message)),
            "testo": words,
            // What a refusal answers to stands in it.
            "osservazioni": refusal.and(observations),
            "altri_motivi": refusal.and_then(|it| filled(it.further_grounds.as_deref()?)),
        });
        for more in [self.terms(act), self.passage(matter)] {
            if let (Value::Object(values), Value::Object(more)) = (&mut values, more) {
                values.extend(more);
            }
        }
        values
    }

    /// What the act says of the term.
    fn terms(&self, act: &Act) -> Value {
        let (extended, called) = (self.extended(), self.called());
        let effect = if let Self::Silence(it) = self { Some(it) } else { None };
        let timing = self.granted().and_then(|it| it.timing.as_ref());
        let timing = timing.or(self.refusal().and_then(|it| it.timing.as_ref()));
        let day = |day: Date| day.to_string();
        json!({
            "giorni": extended.map(|it| it.days),
            "nuovo_termine": extended.map(|it| day(it.due)).or(self.passed().map(|it| day(it.due))),
            "norma": extended.map(|it| &it.law).or(effect.map(|it| &it.law)).and_then(|law| filled(law)),
            "scaduto_il": called.map(|it| day(it.due)),
            "su_richiesta": called.is_some_and(|it| it.on_request),
            "formato_il": effect.map(|it| day(it.term_ended)),
            "dal": effect.map(|it| day(it.effective_from)),
            "termine_giorni": effect.map(|it| it.term_days),
            "termine_norma": effect.and_then(|it| filled(&it.term_law)),
            "tempi": timing.map(|timing| times(timing, rome_date(act.at))),
            "da_sostituto": timing.is_some_and(|timing| timing.by_substitute),
        })
    }

    /// What the act says of the office that had the case before.
    fn passage(&self, matter: &Matter<'_>) -> Value {
        let passed = self.passed();
        let shown = |number: &Option<Protocol>| Some(protocol::shown(matter.catalogue, number.as_ref()?));
        json!({
            "da_ufficio": passed.map(|it| &it.from_name),
            "termine_da_capo": passed.is_some_and(|it| it.anew),
            "protocollo_uscita": passed.and_then(|it| shown(&it.sent)),
            "protocollo_entrata": passed.and_then(|it| shown(&it.received)),
        })
    }

    /// Why, in the words of an officer, where it is not a refusal.
    fn reason(&self) -> Option<&String> {
        self.extended().map(|it| &it.reason).or(self.passed().map(|it| &it.reason))
    }

    const fn passed(&self) -> Option<&PassedOn> {
        if let Self::PassedOn(passed) = self { Some(passed) } else { None }
    }

    const fn granted(&self) -> Option<&'a Granted> {
        if let Self::Granted(granted) = self { Some(granted) } else { None }
    }

    const fn extended(&self) -> Option<&Extended> {
        if let Self::Extended(extended) = self { Some(extended) } else { None }
    }

    const fn called(&self) -> Option<&SubstituteCalled> {
        if let Self::SubstituteCalled(called) = self { Some(called) } else { None }
    }

    const fn refusal(&self) -> Option<&'a RefusalReasons> {
        if let Self::Refused(refusal) = self { Some(refusal) } else { None }
    }
}

/// The legal term and the time used (art. 2 c. 9-quinquies L. 241/1990).
fn times(timing: &Timing, on: Date) -> Value {
    json!({
        "previsti": timing.term_days,
        "impiegati": timing.used_days,
        "termine": timing.due.to_string(),
        "ritardo": timing.late_by,
        "decisa_il": on.to_string(),
    })
}

fn field(asked: &FieldRequest) -> Value {
    json!({ "etichetta": asked.label, "motivo": filled(&asked.reason) })
}

/// An empty text is as good as none: a template asks `{% if … %}`.
fn filled(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
