//! Refusing: the notice before it (art. 10-bis L. 241/1990), the applicant's answer, the decision.

use acts::NewAct;
use base::Date;
use deadlines::{EventKind, Week};
use jiff::ToSpan;

use super::{Context, NotNow, Step, allowed, required, timing};
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
    let told = context.term_with(case, EventKind::RefusalNoticeReceived).observations_by;
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

/// The applicant contests what was filed for them at the counter.
///
/// # Errors
/// [`NotNow::NothingAsked`] when nobody filed it there or it was contested; [`NotNow::NoReasons`] without words.
pub fn contest(case: &Case, context: &Context<'_>, text: &str) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Contest)?;
    Ok(context.act(case.id, kind::FILING_CONTESTED, &Words { text: required(text)? }))
}

/// Refuses, with reasons, signed by a named person. Where the service foresees a notice, only after it and its ten days.
///
/// # Errors
/// [`NotNow::NoticeFirst`], [`NotNow::ObservationsIgnored`], [`NotNow::NewGrounds`], [`NotNow::NoReasons`], or as for
/// the others.
pub fn refuse(case: &Case, context: &Context<'_>, why: &Refusing) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Refuse)?;
    let further_grounds = told(&why.further_grounds);
    if further_grounds.is_some() && case.observations.is_none() {
        return Err(NotNow::NewGrounds);
    }
    let on_observations = told(&why.on_observations);
    if case.observations.is_some() && on_observations.is_none() {
        return Err(NotNow::ObservationsIgnored);
    }
    let refusal = refusal(case, context, grounds(case, &why.reasons)?);
    let timing = Some(timing(case, context));
    Ok(context.act(case.id, kind::REFUSED, &RefusalReasons { on_observations, further_grounds, timing, ..refusal }))
}

/// Why somebody refuses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusing {
    /// The grounds. After a notice they are those of the notice, whatever stands here.
    pub reasons: String,
    /// How the applicant's observations were weighed.
    pub on_observations: String,
    /// Grounds that follow from the observations.
    pub further_grounds: String,
}

/// Grounds that the applicant could not answer are none (art. 10-bis): after a notice they are its own.
fn grounds(case: &Case, typed: &str) -> Result<String, NotNow> {
    case.proposal.as_ref().map_or_else(|| required(typed), |proposal| Ok(proposal.reasons.clone()))
}

fn told(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn refusal(case: &Case, context: &Context<'_>, reasons: String) -> RefusalReasons {
    RefusalReasons {
        reasons,
        on_observations: None,
        further_grounds: None,
        timing: None,
        decision: case.decision.clone(),
        decided_by: context.signature(),
        overrides_rules: case.decision.as_ref().is_some_and(|decision| decision.entitled == Some(true)),
        observations_by: None,
    }
}
