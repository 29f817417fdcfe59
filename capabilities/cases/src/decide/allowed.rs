//! The law of the desk, in one place: what may be done to a case in which state, and by whom. Pages offer what stands
//! here, and every decision begins with it.

use base::Date;
use deadlines::{Event, EventKind, Rules, Silence, State as Term};

use super::{Context, NotNow, together::plain};
use crate::{case::Case, payload::RefusalReasons};

/// Something that may be done to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// An officer takes it.
    Take,
    /// Its officer gives it back.
    Release,
    /// Who heads the office gives it to somebody.
    Assign,
    /// An officer of its office passes it on to the competent one.
    PassOn,
    /// Its officer asks the applicant again.
    Ask,
    /// Somebody of the office notes something.
    Note,
    /// Its officer grants.
    Grant,
    /// Who heads the office grants it together with others.
    GrantTogether,
    /// Its officer sends the notice before refusal.
    Notice,
    /// Its officer refuses.
    Refuse,
    /// The applicant supplies what was asked.
    Supply,
    /// The applicant answers the notice.
    Observe,
    /// The applicant says that what was filed for them at the counter is not theirs.
    Contest,
    /// The applicant withdraws, or gives up what was granted.
    Withdraw,
    /// The time for an answer has passed.
    Lapse,
    /// Its officer extends the term.
    Extend,
    /// Its officer asks an expert.
    Consult,
    /// An expert answers.
    Advise,
    /// The expert's time has passed.
    Remind,
    /// The applicant calls whoever holds the substitute power.
    CallSubstitute,
    /// The substitute takes it in hand.
    TakeOver,
    /// The law decides, because the term has passed.
    SettleBySilence,
}

/// Whether this may be done to the case today, whatever it will say.
///
/// # Errors
/// [`NotNow`]: what stands against it.
pub fn allowed(case: &Case, context: &Context<'_>, step: Step) -> Result<(), NotNow> {
    match step {
        Step::Note => Ok(()),
        Step::Withdraw => unless(case.state.is_closed() && !case.state.is_granted(), NotNow::Closed),
        Step::Assign => open(case),
        Step::Take => {
            open(case)?;
            unless(case.officer.is_some(), NotNow::AlreadyTaken)?;
            impartial(case, context, &context.actor.subject)
        }
        Step::PassOn => {
            not_others(case, context)?;
            impartial(case, context, &context.actor.subject)?;
            passable(case, context)
        }
        Step::Release => mine(case, context),
        Step::Grant | Step::Consult => decidable(case, context),
        Step::GrantTogether => {
            not_others(case, context)?;
            impartial(case, context, &context.actor.subject)?;
            undecided(case, context)?;
            plain(case)
        }
        Step::Extend => {
            mine(case, context)?;
            impartial(case, context, &context.actor.subject)?;
            extendable(case, context)
        }
        Step::Advise => open(case).and_then(|()| impartial(case, context, &context.actor.subject)),
        Step::Remind => open(case),
        Step::CallSubstitute => replaceable(case, context)
            .and_then(|term| unless(term.substitute_since.is_some(), NotNow::SubstituteCalled)),
        Step::TakeOver => {
            replaceable(case, context)?;
            unless(case.substitute_holds(), NotNow::SubstituteAtWork)?;
            impartial(case, context, &context.actor.subject)
        }
        Step::SettleBySilence => open(case).and_then(|()| silent(case, context)),
        Step::Ask => {
            mine(case, context)?;
            impartial(case, context, &context.actor.subject)?;
            suspendable(case, context)
        }
        Step::Notice => {
            decidable(case, context)?;
            noticeable(case, context.rules)
        }
        Step::Refuse => {
            decidable(case, context)?;
            refusable(case, context)
        }
        Step::Supply => open(case).and_then(|()| asked(case)),
        Step::Contest => unless(!case.was_filed_at_counter() || case.contested().is_some(), NotNow::NothingAsked),
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
    unless(!case.is_in_hands_of(context.actor), NotNow::NotYours)
}

/// Its officer may decide: the law has not, and they did not file it themselves.
fn decidable(case: &Case, context: &Context<'_>) -> Result<(), NotNow> {
    mine(case, context)?;
    impartial(case, context, &context.actor.subject)?;
    undecided(case, context)
}

/// Whoever filed it for the applicant at the counter has a part in it, as has whoever is named in it: they abstain (art. 6-bis
/// L. 241/1990).
pub(super) fn impartial(case: &Case, context: &Context<'_>, officer: &str) -> Result<(), NotNow> {
    unless(case.was_filed_by(officer), NotNow::FiledByOfficer)?;
    unless(context.concerned.iter().any(|one| one == officer), NotNow::ConcernsOfficer)
}

/// A case that nobody was given is in the hands of who heads the office (art. 5 c. 2 L. 241/1990).
fn not_others(case: &Case, context: &Context<'_>) -> Result<(), NotNow> {
    open(case)?;
    let others = case.officer.is_some() && !case.is_in_hands_of(context.actor);
    unless(others, NotNow::HeldByColleague)
}

/// What the law has decided by silence nobody decides any more, also before it is written down: an act adopted after
/// silent consent has no effect (art. 2 c. 8-bis L. 241/1990).
fn undecided(case: &Case, context: &Context<'_>) -> Result<(), NotNow> {
    let formed = context.term(case).silence.filter(|silence| silence.formed).map(|silence| silence.meaning);
    match formed {
        Some(Silence::Consent) => Err(NotNow::ConsentFormed),
        Some(Silence::Refusal) => Err(NotNow::RefusalFormed),
        Some(Silence::Late) | None => Ok(()),
    }
}

/// The wrong office finds out before it asks or refuses anything, and what was awaited has come; what the law decided by
/// silence nobody passes on, and the substitute who was called is that of this office. A service with one office leads to no
/// other.
fn passable(case: &Case, context: &Context<'_>) -> Result<(), NotNow> {
    unless(context.other_offices.is_empty(), NotNow::NoOtherOffice)?;
    undecided(case, context)?;
    unless(context.term(case).substitute_since.is_some(), NotNow::SubstituteCalled)?;
    nothing_awaited(case)
}

/// Whether nobody waits for anybody: the applicant for nothing, the office for no answer and no opinion.
pub(super) fn nothing_awaited(case: &Case) -> Result<(), NotNow> {
    answered(case)?;
    unless(case.opinions.iter().any(|opinion| opinion.given.is_none()), NotNow::OpinionAwaited)?;
    unless(case.proposal.is_some(), NotNow::RefusalUnderWay)
}

fn silent(case: &Case, context: &Context<'_>) -> Result<(), NotNow> {
    match context.term(case).silence {
        None => Err(NotNow::SilenceMeansNothing),
        Some(silence) => unless(!silence.formed, NotNow::TermRuns),
    }
}

fn extendable(case: &Case, context: &Context<'_>) -> Result<(), NotNow> {
    unless(context.rules.extension_days == 0, NotNow::ExtensionNotForeseen)?;
    unless(case.extension.is_some(), NotNow::AlreadyExtended)?;
    unless(context.term(case).overdue(), NotNow::TermOver)
}

/// A term that is over, where silence decides nothing: somebody else may conclude (art. 2 c. 9-bis L. 241/1990).
fn replaceable(case: &Case, context: &Context<'_>) -> Result<Term, NotNow> {
    open(case)?;
    unless(context.rules.silence != Silence::Late, NotNow::SilenceDecides)?;
    let term = context.term(case);
    unless(!term.overdue(), NotNow::TermRuns).map(|()| term)
}

fn suspendable(case: &Case, context: &Context<'_>) -> Result<(), NotNow> {
    if context.term(case).can_suspend && case.open_request.is_none() {
        Ok(())
    } else {
        Err(why_not_suspended(case, context.rules))
    }
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
