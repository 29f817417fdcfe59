//! What may be done to a mandate, by whom and when: pure. Each gives the act, or says why not.

use acts::{Actor, NewAct};
use base::{Date, FiscalCode, Timestamp, Uuid, rome_date};
use jiff::ToSpan;
use serde::Serialize;

use crate::{
    Limits, Mandate, Services, Standing, Verbs,
    payload::{Accepted, Giver, Proposed, Proposee, kind, office_key},
};

/// Level of the e-ID with which one gives, accepts and ends mandates.
pub const LEVEL: u8 = 2;

/// Why something cannot be done to a mandate now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    /// It is not for this person to do it.
    NotYours,
    /// It is over already, by its end or by somebody.
    Over,
    /// It was accepted already.
    Accepted,
    /// Nobody has accepted it.
    NotAccepted,
    /// The e-ID is too weak.
    Level,
    /// Nobody gives a mandate to oneself.
    Oneself,
    /// The last day has passed, or lies too far ahead.
    Until,
    /// Nothing may be done by it.
    Nothing,
    /// A new digital identity came lately in this person's name: until it is sure that it is theirs, nobody else is let in.
    Frozen,
    /// The surname does not go with the fiscal code.
    Surname,
}

impl NotNow {
    /// The key of the words for it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotYours => "mandates.not_now.not_yours",
            Self::Over => "mandates.not_now.over",
            Self::Accepted => "mandates.not_now.accepted",
            Self::NotAccepted => "mandates.not_now.not_accepted",
            Self::Level => "mandates.not_now.level",
            Self::Oneself => "mandates.not_now.oneself",
            Self::Until => "mandates.not_now.until",
            Self::Nothing => "mandates.not_now.nothing",
            Self::Frozen => "mandates.not_now.frozen",
            Self::Surname => "mandates.not_now.surname",
        }
    }
}

/// Who shall do something for somebody.
#[derive(Debug, Clone)]
pub enum Delegate {
    /// A person, by fiscal code and by surname, so that a mistyped code is noticed.
    Person(FiscalCode, String),
    /// An office of an intermediary, by id and name.
    Office(String, String),
}

/// What somebody wants to let somebody else do.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Who shall do it.
    pub delegate: Delegate,
    /// For which services.
    pub services: Services,
    /// Their Italian names.
    pub service_names: Vec<String>,
    /// What.
    pub verbs: Verbs,
    /// The last day.
    pub until: Date,
}

/// Proposes a mandate under a number.
///
/// # Errors
/// [`NotNow`]: to oneself, nothing, too long, with too weak an e-ID.
pub fn propose(
    proposal: Proposal,
    (id, number): (Uuid, String),
    principal: &Actor,
    limits: Limits,
    now: Timestamp,
) -> Result<NewAct, NotNow> {
    let today = rome_date(now);
    strong(principal)?;
    let delegate = match proposal.delegate {
        Delegate::Person(code, surname) => {
            unless(code.as_str() == principal.subject, NotNow::Oneself)?;
            unless(!code.is_of_surname(&surname), NotNow::Surname)?;
            Proposee { fiscal_code: code.to_string(), surname }
        }
        Delegate::Office(id, name) => Proposee { fiscal_code: office_key(&id), surname: name },
    };
    unless(proposal.verbs.is_empty(), NotNow::Nothing)?;
    unless(proposal.services.slugs().is_some_and(|slugs| slugs.is_empty()), NotNow::Nothing)?;
    let last = today.saturating_add(i64::from(limits.longest_days).days());
    unless(proposal.until < today || last < proposal.until, NotNow::Until)?;
    let answer_by = today.saturating_add(i64::from(limits.proposal_days).days()).min(proposal.until);
    let payload = Proposed {
        number,
        principal: Giver { fiscal_code: principal.subject.clone(), name: principal.name.clone() },
        delegate,
        services: proposal.services,
        service_names: proposal.service_names,
        verbs: proposal.verbs,
        until: proposal.until,
        answer_by,
    };
    Ok(act(id, kind::PROPOSED, principal, &payload))
}

/// The other person accepts.
///
/// # Errors
/// [`NotNow`].
pub fn accept(mandate: &Mandate, who: &Actor, now: Timestamp) -> Result<NewAct, NotNow> {
    strong(who)?;
    unless(mandate.delegate.fiscal_code != who.subject, NotNow::NotYours)?;
    match mandate.standing(now) {
        Standing::Proposed => Ok(act(mandate.id, kind::ACCEPTED, who, &Accepted { name: who.name.clone() })),
        Standing::Live => Err(NotNow::Accepted),
        _ => Err(NotNow::Over),
    }
}

/// The other person does not want it.
///
/// # Errors
/// [`NotNow`].
pub fn decline(mandate: &Mandate, who: &Actor, now: Timestamp) -> Result<NewAct, NotNow> {
    unless(mandate.delegate.fiscal_code != who.subject, NotNow::NotYours)?;
    match mandate.standing(now) {
        Standing::Proposed => Ok(act(mandate.id, kind::DECLINED, who, &())),
        Standing::Live => Err(NotNow::Accepted),
        _ => Err(NotNow::Over),
    }
}

/// Who gave it takes it back, with whatever e-ID: ending is never harder than it must be.
///
/// # Errors
/// [`NotNow`].
pub fn revoke(mandate: &Mandate, who: &Actor, now: Timestamp) -> Result<NewAct, NotNow> {
    unless(mandate.principal.fiscal_code != who.subject, NotNow::NotYours)?;
    unless(mandate.standing(now).is_over(), NotNow::Over)?;
    Ok(act(mandate.id, kind::REVOKED, who, &()))
}

/// Who had accepted it gives it up.
///
/// # Errors
/// [`NotNow`].
pub fn renounce(mandate: &Mandate, who: &Actor, now: Timestamp) -> Result<NewAct, NotNow> {
    unless(mandate.delegate.fiscal_code != who.subject, NotNow::NotYours)?;
    match mandate.standing(now) {
        Standing::Live => Ok(act(mandate.id, kind::RENOUNCED, who, &())),
        Standing::Proposed => Err(NotNow::NotAccepted),
        _ => Err(NotNow::Over),
    }
}

fn strong(who: &Actor) -> Result<(), NotNow> {
    unless(who.level < LEVEL, NotNow::Level)
}

fn unless(stands_against: bool, why: NotNow) -> Result<(), NotNow> {
    if stands_against { Err(why) } else { Ok(()) }
}

fn act(mandate: Uuid, kind: &'static str, who: &Actor, payload: &impl Serialize) -> NewAct {
    let payload = serde_json::to_value(payload).expect("payloads are texts, days and lists of them");
    NewAct { case: mandate, kind, actor: who.clone(), payload }
}
