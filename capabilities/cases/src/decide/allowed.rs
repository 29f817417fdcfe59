//! The law of the desk, in one place: what may be done to a case in which state, and by whom. Pages offer what stands
//! here, and every decision begins with it.

use base::Date;
use deadlines::{Event, EventKind, Rules};

use super::{Context, NotNow};
use crate::{
    case::{Case, State},
    payload::RefusalReasons,
};

/// Something that may be done to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// An officer takes it.
    Take,
    /// Its officer gives it back.
    Release,
    /// Who heads the office gives it to somebody.
    Assign,
    /// Its officer asks the applicant again.
    Ask,
    /// Somebody of the office notes something.
    Note,
    /// Its officer grants.
    Grant,
    /// Its officer sends the notice before refusal.
    Notice,
    /// Its officer refuses.
    Refuse,
    /// The applicant supplies what was asked.
    Supply,
    /// The applicant answers the notice.
    Observe,
    /// The applicant withdraws, or gives up what was granted.
    Withdraw,
    /// The time for an answer has passed.
    Lapse,
}

/// Whether this may be done to the case today, whatever it will say.
///
/// # Errors
/// [`NotNow`]: what stands against it.
pub fn allowed(case: &Case, context: &Context<'_>, step: Step) -> Result<(), NotNow> {
    match step {
        Step::Note => Ok(()),
        Step::Withdraw => unless(matches!(case.state, State::Refused | State::Withdrawn), NotNow::Closed),
        Step::Assign => open(case),
        Step::Take => open(case).and_then(|()| unless(case.officer.is_some(), NotNow::AlreadyTaken)),
        Step::Release | Step::Grant => mine(case, context),
        Step::Ask => mine(case, context).and_then(|()| suspendable(case, context)),
        Step::Notice => mine(case, context).and_then(|()| noticeable(case, context.rules)),
        Step::Refuse => mine(case, context).and_then(|()| refusable(case, context)),
        Step::Supply => open(case).and_then(|()| asked(case)),
        Step::Observe => open(case).and_then(|()| unanswered(case)),
        Step::Lapse => {
            open(case)?;
            asked(case)?;
            unless(!expired(case, context.today), NotNow::AwaitingAnswer)
        }
    }
}

/// Whether the next step towards a refusal is the notice, where the service foresees one.
#[must_use]
pub fn notice_first(case: &Case, rules: &Rules) -> bool {
    rules.notice_before_refusal && case.proposal.is_none()
}

fn unless(stands_against: bool, why: NotNow) -> Result<(), NotNow> {
    if stands_against { Err(why) } else { Ok(()) }
}

fn open(case: &Case) -> Result<(), NotNow> {
    unless(case.state.is_closed(), NotNow::Closed)
}

fn mine(case: &Case, context: &Context<'_>) -> Result<(), NotNow> {
    open(case)?;
    let holder = case.officer.as_ref().map(|taken| taken.officer.as_str());
    unless(holder != Some(context.actor.subject.as_str()), NotNow::NotYours)
}

fn suspendable(case: &Case, context: &Context<'_>) -> Result<(), NotNow> {
    let can_suspend = case.term(context.rules, context.calendar, context.today).can_suspend;
    if can_suspend && case.open_request.is_none() { Ok(()) } else { Err(why_not_suspended(case, context.rules)) }
}

fn why_not_suspended(case: &Case, rules: &Rules) -> NotNow {
    let asked = |event: &Event| matches!(event.kind, EventKind::IntegrationRequested { .. });
    match rules.max_suspension_days {
        0 => NotNow::SuspensionNotForeseen,
        _ if case.events.iter().any(asked) => NotNow::AlreadySuspended,
        _ => NotNow::TermOver,
    }
}

fn asked(case: &Case) -> Result<(), NotNow> {
    unless(case.open_request.is_none(), NotNow::NothingAsked)
}

fn expired(case: &Case, today: Date) -> bool {
    case.open_request.as_ref().is_some_and(|open| open.request.deadline < today)
}

fn unanswered(case: &Case) -> Result<(), NotNow> {
    unless(case.proposal.is_none() || case.observations.is_some(), NotNow::NothingAsked)
}

fn noticeable(case: &Case, rules: &Rules) -> Result<(), NotNow> {
    unless(!rules.notice_before_refusal, NotNow::NoticeNotForeseen)?;
    unless(case.proposal.is_some(), NotNow::NoticeSent)?;
    answered(case)
}

fn refusable(case: &Case, context: &Context<'_>) -> Result<(), NotNow> {
    answered(case)?;
    unless(context.rules.notice_before_refusal && !heard(case, context.today), NotNow::NoticeFirst)
}

/// Nobody is refused while the time for an answer that was asked of them still runs.
fn answered(case: &Case) -> Result<(), NotNow> {
    unless(case.open_request.is_some(), NotNow::AwaitingAnswer)
}

/// Whether the applicant has had the chance to answer the notice.
fn heard(case: &Case, today: Date) -> bool {
    let expired = |proposal: &RefusalReasons| proposal.observations_by.is_some_and(|by| by < today);
    case.observations.is_some() || case.proposal.as_ref().is_some_and(expired)
}
