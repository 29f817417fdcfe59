//! What may be done to a case, and by whom: pure decisions that give the act to be written, or say why not.

mod deed;

use base::{Date, Uuid};
use deadlines::{Calendar, Clock, Event, EventKind, Rules, Week};
use jiff::ToSpan;
use serde::Serialize;

use acts::{Actor, NewAct};

pub use deed::{Deed, last_by_a_person};

use crate::{
    case::{Case, State},
    payload::{
        Assigned, FieldRequest, Granted, IntegrationRequested, IntegrationSupplied, RefusalReasons, Taken, Words, kind,
    },
};

/// Why something cannot be done to a case now. The words are under `cases.not_now`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotNow {
    /// The case is decided or withdrawn.
    Closed,
    /// Somebody else works on it: take it first.
    NotYours,
    /// It is already in somebody's hands.
    AlreadyTaken,
    /// It is in the hands of the colleague to whom it should be given.
    AlreadyTheirs,
    /// The clock was already stopped once (art. 2 c. 7).
    AlreadySuspended,
    /// The term is over: a clock that ran out cannot be stopped any more.
    TermOver,
    /// The service foresees no suspension.
    SuspensionNotForeseen,
    /// The deadline is before tomorrow or after the longest suspension.
    Deadline,
    /// No field was chosen.
    NoFields,
    /// Reasons are required.
    NoReasons,
    /// This service requires a notice before refusal (art. 10-bis), and ten days for the answer.
    NoticeFirst,
    /// The service foresees no notice before refusal.
    NoticeNotForeseen,
    /// The notice was sent already: there is one only.
    NoticeSent,
    /// The observations must be discussed in the decision.
    ObservationsIgnored,
    /// Granting against the rules needs a reason.
    OverrideNeedsReason,
    /// Nothing was asked of the applicant.
    NothingAsked,
    /// The applicant was asked for something and still has time to answer.
    AwaitingAnswer,
}

impl NotNow {
    /// The key of the words that tell it to a person.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Closed => "cases.not_now.closed",
            Self::NotYours => "cases.not_now.not_yours",
            Self::AlreadyTaken => "cases.not_now.already_taken",
            Self::AlreadyTheirs => "cases.not_now.already_theirs",
            Self::TermOver => "cases.not_now.term_over",
            Self::SuspensionNotForeseen => "cases.not_now.suspension_not_foreseen",
            Self::NoticeSent => "cases.not_now.notice_sent",
            Self::AlreadySuspended => "cases.not_now.already_suspended",
            Self::Deadline => "cases.not_now.deadline",
            Self::NoFields => "cases.not_now.no_fields",
            Self::NoReasons => "cases.not_now.no_reasons",
            Self::NoticeFirst => "cases.not_now.notice_first",
            Self::NoticeNotForeseen => "cases.not_now.notice_not_foreseen",
            Self::ObservationsIgnored => "cases.not_now.observations_ignored",
            Self::OverrideNeedsReason => "cases.not_now.override_needs_reason",
            Self::NothingAsked => "cases.not_now.nothing_asked",
            Self::AwaitingAnswer => "cases.not_now.awaiting_answer",
        }
    }
}

/// What a decision looks at besides the case.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Who acts.
    pub actor: &'a Actor,
    /// The flags of the service's proceeding.
    pub rules: &'a Rules,
    /// The office's holidays.
    pub calendar: &'a Calendar,
    /// The day in Italy.
    pub today: Date,
    /// The unit of what the service pays (`euro/mese`), where it pays something.
    pub amount_unit: Option<&'a str>,
}

impl Context<'_> {
    fn act(&self, case: Uuid, kind: &'static str, payload: &impl Serialize) -> NewAct {
        let payload =
            serde_json::to_value(payload).expect("our payloads have text keys and nothing that fails to serialise");
        NewAct { case, kind, actor: self.actor.clone(), payload }
    }
}

fn open(case: &Case) -> Result<(), NotNow> {
    if case.state.is_closed() { Err(NotNow::Closed) } else { Ok(()) }
}

fn mine(case: &Case, context: &Context<'_>) -> Result<(), NotNow> {
    open(case)?;
    let holder = case.officer.as_ref().map(|taken| taken.officer.as_str());
    if holder == Some(context.actor.subject.as_str()) { Ok(()) } else { Err(NotNow::NotYours) }
}

/// An officer takes a case that nobody works on.
///
/// # Errors
/// [`NotNow::Closed`], [`NotNow::AlreadyTaken`].
pub fn take(case: &Case, context: &Context<'_>) -> Result<NewAct, NotNow> {
    open(case)?;
    if case.officer.is_some() {
        return Err(NotNow::AlreadyTaken);
    }
    let taken = Taken { officer: context.actor.subject.clone(), officer_name: context.actor.name.clone() };
    Ok(context.act(case.id, kind::TAKEN, &taken))
}

/// The officer gives the case back, for colleagues to take.
///
/// # Errors
/// [`NotNow::Closed`], [`NotNow::NotYours`].
pub fn release(case: &Case, context: &Context<'_>) -> Result<NewAct, NotNow> {
    mine(case, context)?;
    Ok(context.act(case.id, kind::RELEASED, &Words { text: String::new() }))
}

/// Who heads the office gives an open case to one of its officers: the new person in charge (art. 5 L. 241/1990). That
/// the one who acts heads the office is checked at the door.
///
/// # Errors
/// [`NotNow::Closed`], [`NotNow::AlreadyTheirs`].
pub fn assign(case: &Case, context: &Context<'_>, to: &Assigned) -> Result<NewAct, NotNow> {
    open(case)?;
    if case.officer.as_ref().is_some_and(|taken| taken.officer == to.officer) {
        return Err(NotNow::AlreadyTheirs);
    }
    Ok(context.act(case.id, kind::ASSIGNED, to))
}

/// Asks the applicant again for some fields, until a deadline of at most 30 days; the clock stops, once.
///
/// # Errors
/// [`NotNow::AlreadySuspended`], [`NotNow::TermOver`], [`NotNow::Deadline`], [`NotNow::NoFields`], or as for the others.
pub fn request_integration(
    case: &Case,
    context: &Context<'_>,
    fields: Vec<FieldRequest>,
    deadline: Date,
    message: String,
) -> Result<NewAct, NotNow> {
    mine(case, context)?;
    if !case.term(context.rules, context.calendar, context.today).can_suspend || case.open_request.is_some() {
        return Err(why_not_suspended(case, context.rules));
    }
    if fields.is_empty() || fields.iter().any(|field| field.reason.trim().is_empty()) {
        return Err(NotNow::NoFields);
    }
    if !deadline_fits(context.rules, context.today, deadline) {
        return Err(NotNow::Deadline);
    }
    let request = IntegrationRequested { fields, deadline, message };
    Ok(context.act(case.id, kind::INTEGRATION_REQUESTED, &request))
}

fn why_not_suspended(case: &Case, rules: &Rules) -> NotNow {
    let asked = |event: &Event| matches!(event.kind, EventKind::IntegrationRequested { .. });
    match rules.max_suspension_days {
        0 => NotNow::SuspensionNotForeseen,
        _ if case.events.iter().any(asked) => NotNow::AlreadySuspended,
        _ => NotNow::TermOver,
    }
}

/// Whether a day can be the last one for an answer asked for today: from tomorrow to the end of the longest suspension.
#[must_use]
pub fn deadline_fits(rules: &Rules, today: Date, deadline: Date) -> bool {
    today < deadline && deadline <= last_deadline(rules, today)
}

/// The last day that can be given for an answer asked for today.
#[must_use]
pub fn last_deadline(rules: &Rules, today: Date) -> Date {
    today.saturating_add(i64::from(rules.max_suspension_days).days())
}

/// A note for the file.
///
/// # Errors
/// [`NotNow::NoReasons`] when it is empty.
pub fn note(case: &Case, context: &Context<'_>, text: &str) -> Result<NewAct, NotNow> {
    let text = required(text)?;
    Ok(context.act(case.id, kind::NOTE_ADDED, &Words { text }))
}

/// Grants what was asked. Against the rules only with a reason, which is counted.
///
/// # Errors
/// [`NotNow::OverrideNeedsReason`], or as for the others.
pub fn grant(case: &Case, context: &Context<'_>, note: &str) -> Result<NewAct, NotNow> {
    mine(case, context)?;
    let overrides_rules = case.decision.as_ref().is_some_and(|decision| decision.entitled == Some(false));
    let note = Some(note.trim().to_owned()).filter(|text| !text.is_empty());
    if overrides_rules && note.is_none() {
        return Err(NotNow::OverrideNeedsReason);
    }
    let amount = case.decision.as_ref().and_then(|decision| decision.amount).filter(|_| !overrides_rules);
    let granted = Granted {
        amount: amount.map(|amount| amount.to_string()),
        unit: amount.and(context.amount_unit).map(ToOwned::to_owned),
        note,
        decision: case.decision.clone(),
        decided_by: context.actor.name.clone(),
        overrides_rules,
    };
    Ok(context.act(case.id, kind::GRANTED, &granted))
}

/// Tells the applicant why the application may be refused (art. 10-bis).
///
/// # Errors
/// [`NotNow::NoticeNotForeseen`], [`NotNow::NoticeSent`], [`NotNow::NoReasons`], or as for the others.
pub fn propose_refusal(case: &Case, context: &Context<'_>, reasons: &str) -> Result<NewAct, NotNow> {
    mine(case, context)?;
    if !context.rules.notice_before_refusal {
        return Err(NotNow::NoticeNotForeseen);
    }
    if case.proposal.is_some() {
        return Err(NotNow::NoticeSent);
    }
    answered(case)?;
    let reasons = required(reasons)?;
    let observations_by = observations_by(case, context);
    let proposal = RefusalReasons { observations_by, ..refusal(case, context, reasons) };
    Ok(context.act(case.id, kind::REFUSAL_PROPOSED, &proposal))
}

/// The last day for observations if the notice is received today: the clock says it, holidays included.
fn observations_by(case: &Case, context: &Context<'_>) -> Option<Date> {
    let notice = Event::new(context.today, EventKind::RefusalNoticeReceived);
    let events: Vec<_> = case.events.iter().copied().chain([notice]).collect();
    let told = Clock::new(context.rules, context.calendar).state(&events, context.today)?.observations_by;
    // A term that is over cannot be stopped, but the ten days are the applicant's all the same (art. 10-bis).
    let days = i64::from(context.rules.observation_days).days();
    told.or_else(|| Some(context.calendar.next_working(context.today.saturating_add(days), Week::SixDays)))
}

/// Refuses, with reasons, signed by a named person. Where the service foresees a notice, only after it and its ten days.
///
/// # Errors
/// [`NotNow::NoticeFirst`], [`NotNow::ObservationsIgnored`], [`NotNow::NoReasons`], or as for the others.
pub fn refuse(case: &Case, context: &Context<'_>, reasons: &str, on_observations: &str) -> Result<NewAct, NotNow> {
    mine(case, context)?;
    let reasons = required(reasons)?;
    answered(case)?;
    if context.rules.notice_before_refusal && !heard(case, context.today) {
        return Err(NotNow::NoticeFirst);
    }
    let discussed = Some(on_observations.trim().to_owned()).filter(|text| !text.is_empty());
    if case.observations.is_some() && discussed.is_none() {
        return Err(NotNow::ObservationsIgnored);
    }
    let refusal = RefusalReasons { on_observations: discussed, ..refusal(case, context, reasons) };
    Ok(context.act(case.id, kind::REFUSED, &refusal))
}

/// Nobody is refused while the time for an answer that was asked of them still runs.
fn answered(case: &Case) -> Result<(), NotNow> {
    if case.open_request.is_some() { Err(NotNow::AwaitingAnswer) } else { Ok(()) }
}

/// Whether a refusal (or the notice before it) can be adopted today, reasons aside: officers are not shown what the law
/// does not allow yet.
#[must_use]
pub fn may_refuse(case: &Case, rules: &Rules, today: Date) -> bool {
    let noticed = !rules.notice_before_refusal || case.proposal.is_none() || heard(case, today);
    open(case).is_ok() && answered(case).is_ok() && noticed
}

/// Whether the applicant has had the chance to answer the notice.
fn heard(case: &Case, today: Date) -> bool {
    let expired = |proposal: &RefusalReasons| proposal.observations_by.is_some_and(|by| by < today);
    case.observations.is_some() || case.proposal.as_ref().is_some_and(expired)
}

fn refusal(case: &Case, context: &Context<'_>, reasons: String) -> RefusalReasons {
    RefusalReasons {
        reasons,
        on_observations: None,
        decision: case.decision.clone(),
        decided_by: context.actor.name.clone(),
        overrides_rules: case.decision.as_ref().is_some_and(|decision| decision.entitled == Some(true)),
        observations_by: None,
    }
}

/// The applicant supplies what was asked.
///
/// # Errors
/// [`NotNow::NothingAsked`] when nothing is asked (any more).
pub fn supply(case: &Case, context: &Context<'_>, supplied: &IntegrationSupplied) -> Result<NewAct, NotNow> {
    open(case)?;
    case.open_request.as_ref().ok_or(NotNow::NothingAsked)?;
    Ok(context.act(case.id, kind::INTEGRATION_SUPPLIED, supplied))
}

/// The applicant answers the notice before refusal.
///
/// # Errors
/// [`NotNow::NothingAsked`] when there is none or it was answered; [`NotNow::NoReasons`] when the answer is empty.
pub fn observe(case: &Case, context: &Context<'_>, text: &str) -> Result<NewAct, NotNow> {
    open(case)?;
    if case.proposal.is_none() || case.observations.is_some() {
        return Err(NotNow::NothingAsked);
    }
    Ok(context.act(case.id, kind::OBSERVATIONS_FILED, &Words { text: required(text)? }))
}

/// The applicant withdraws: before the decision the case ends; after a grant it renounces what was granted.
///
/// # Errors
/// [`NotNow::Closed`] when there is nothing left to withdraw.
pub fn withdraw(case: &Case, context: &Context<'_>, reason: &str) -> Result<NewAct, NotNow> {
    if matches!(case.state, State::Refused | State::Withdrawn) {
        return Err(NotNow::Closed);
    }
    Ok(context.act(case.id, kind::WITHDRAWN, &Words { text: reason.trim().to_owned() }))
}

/// The deadline of a request passed without an answer: the clock runs again.
///
/// # Errors
/// [`NotNow::NothingAsked`] when it was answered, [`NotNow::AwaitingAnswer`] before the deadline has passed.
pub fn lapse(case: &Case, context: &Context<'_>) -> Result<NewAct, NotNow> {
    open(case)?;
    let request = case.open_request.as_ref().ok_or(NotNow::NothingAsked)?;
    if context.today <= request.request.deadline {
        return Err(NotNow::AwaitingAnswer);
    }
    Ok(context.act(case.id, kind::INTEGRATION_LAPSED, &Words { text: String::new() }))
}

fn required(text: &str) -> Result<String, NotNow> {
    let text = text.trim();
    if text.is_empty() { Err(NotNow::NoReasons) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests;
