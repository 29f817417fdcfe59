//! What is done to the term itself: extending it, calling the substitute, and the effect of silence.

use acts::NewAct;
use deadlines::{Clock, Event, EventKind, Silence, State as Term};
use jiff::ToSpan;

use super::{Context, NotNow, Step, allowed, required};
use crate::{
    case::Case,
    payload::{Extended, SilenceEffect, SubstituteCalled, SubstituteTookOver, Timing, kind},
};

impl Context<'_> {
    /// Where the term stands today.
    pub fn term(&self, case: &Case) -> Term {
        case.term(self.rules, self.calendar, self.today)
    }

    /// Where it would stand if this happened today.
    pub(super) fn term_with(&self, case: &Case, kind: EventKind) -> Term {
        let events: Vec<_> = case.events.iter().copied().chain([Event::new(self.today, kind)]).collect();
        Clock::new(self.rules, self.calendar).state(&events, self.today).unwrap_or_else(|| self.term(case))
    }
}

/// Extends the term once, where a law foresees it, with a reason.
///
/// # Errors
/// [`NotNow::ExtensionNotForeseen`], [`NotNow::AlreadyExtended`], [`NotNow::TermOver`], [`NotNow::ExtensionDays`],
/// [`NotNow::NoReasons`], or as for the others.
pub fn extend(case: &Case, context: &Context<'_>, days: u16, reason: &str) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Extend)?;
    if days == 0 || context.rules.extension_days < days {
        return Err(NotNow::ExtensionDays);
    }
    let reason = required(reason)?;
    let law = context.laws.extension.unwrap_or_default().to_owned();
    let due = context.term_with(case, EventKind::Extended { days }).due;
    Ok(context.act(case.id, kind::EXTENDED, &Extended { days, reason, law, due }))
}

/// Calls whoever holds the substitute power: the applicant by asking, once the term is over.
///
/// # Errors
/// [`NotNow::TermRuns`], [`NotNow::SubstituteCalled`], [`NotNow::SilenceDecides`], or [`NotNow::Closed`].
pub fn call_substitute(case: &Case, context: &Context<'_>) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::CallSubstitute)?;
    let term = context.term_with(case, EventKind::SubstituteCalled);
    let called = SubstituteCalled { due: term.due, conclude_by: term.substitute_due, on_request: true };
    Ok(context.act(case.id, kind::SUBSTITUTE_CALLED, &called))
}

/// The substitute takes the case in hand. That the one who acts holds the power is checked at the door.
///
/// # Errors
/// [`NotNow::TermRuns`], [`NotNow::SubstituteAtWork`], [`NotNow::SilenceDecides`], or [`NotNow::Closed`].
pub fn take_over(case: &Case, context: &Context<'_>) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::TakeOver)?;
    let taken = SubstituteTookOver {
        officer: context.actor.subject.clone(),
        officer_name: context.actor.name.clone(),
        conclude_by: context.term_with(case, EventKind::SubstituteCalled).substitute_due,
    };
    Ok(context.act(case.id, kind::SUBSTITUTE_TOOK_OVER, &taken))
}

/// Writes down what the law did when the term passed without a decision. It is no decision of the program: the effect is
/// there whether or not it is written down.
///
/// # Errors
/// [`NotNow::TermRuns`] before the term has passed, [`NotNow::SilenceMeansNothing`], [`NotNow::Closed`].
pub fn settle_by_silence(case: &Case, context: &Context<'_>) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::SettleBySilence)?;
    let term = context.term(case);
    let effect = SilenceEffect {
        term_ended: term.due,
        effective_from: term.due.saturating_add(1.day()),
        term_days: term.term_days,
        term_law: context.rules.law.clone(),
        law: context.laws.silence.unwrap_or_default().to_owned(),
    };
    let kind = if context.rules.silence == Silence::Consent { kind::SILENCE_CONSENT } else { kind::SILENCE_REFUSAL };
    Ok(context.act(case.id, kind, &effect))
}

/// The legal term and the time used, if the case is decided today.
#[must_use]
pub fn timing(case: &Case, context: &Context<'_>) -> Timing {
    let term = context.term_with(case, EventKind::Decided);
    let days = |span: i32| u16::try_from(span.max(0)).unwrap_or(u16::MAX);
    let used = term.started.until(context.today).map_or(0, |span| span.get_days());
    Timing {
        term_days: term.term_days,
        due: term.due,
        used_days: days(used),
        late_by: days(term.closing.map_or(0, |closing| closing.late_by)),
        by_substitute: case.substitute.as_ref().is_some_and(|taken| taken.officer == context.actor.subject),
    }
}
