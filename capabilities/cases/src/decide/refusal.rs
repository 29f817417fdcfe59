//! Refusing: the notice before it (art. 10-bis L. 241/1990), the applicant's answer, the decision.

use acts::NewAct;
use base::Date;
use deadlines::{Clock, Event, EventKind, Week};
use jiff::ToSpan;

use super::{Context, NotNow, Step, allowed, required};
use crate::{
    case::Case,
    payload::{RefusalReasons, Words, kind},
};

/// Tells the applicant why the application may be refused (art. 10-bis).
///
/// # Errors
/// [`NotNow::NoticeNotForeseen`], [`NotNow::NoticeSent`], [`NotNow::NoReasons`], or as for the others.
pub fn propose_refusal(case: &Case, context: &Context<'_>, reasons: &str) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Notice)?;
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

/// The applicant answers the notice before refusal.
///
/// # Errors
/// [`NotNow::NothingAsked`] when there is none or it was answered; [`NotNow::NoReasons`] when the answer is empty.
pub fn observe(case: &Case, context: &Context<'_>, text: &str) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Observe)?;
    Ok(context.act(case.id, kind::OBSERVATIONS_FILED, &Words { text: required(text)? }))
}

/// Refuses, with reasons, signed by a named person. Where the service foresees a notice, only after it and its ten days.
///
/// # Errors
/// [`NotNow::NoticeFirst`], [`NotNow::ObservationsIgnored`], [`NotNow::NoReasons`], or as for the others.
pub fn refuse(case: &Case, context: &Context<'_>, reasons: &str, on_observations: &str) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Refuse)?;
    let reasons = required(reasons)?;
    let discussed = Some(on_observations.trim().to_owned()).filter(|text| !text.is_empty());
    if case.observations.is_some() && discussed.is_none() {
        return Err(NotNow::ObservationsIgnored);
    }
    let refusal = RefusalReasons { on_observations: discussed, ..refusal(case, context, reasons) };
    Ok(context.act(case.id, kind::REFUSED, &refusal))
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
