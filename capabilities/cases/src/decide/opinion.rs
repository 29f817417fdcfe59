//! Opinions of experts (art. 16 and 17 L. 241/1990): asking, reminding, answering.

use acts::NewAct;
use base::Date;
use deadlines::Rules;
use jiff::ToSpan;

use super::{Context, NotNow, Step, allowed, allowed::impartial, required};
use crate::{
    case::Case,
    payload::{OpinionGiven, OpinionReminded, OpinionRequested, kind},
};

/// What an officer asks of an expert.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// Who is asked, by name.
    pub expert: String,
    /// The account of an expert of the office; `None` for one outside.
    pub officer: Option<String>,
    /// What is asked.
    pub question: String,
    /// Whether the applicant reads question and answer.
    pub shared: bool,
    /// Whether it is a technical assessment for which the term may stand still (art. 17).
    pub technical: bool,
}

/// The last day for an answer asked for today. An assessment that stops the term has as long as the term may stand still.
#[must_use]
pub fn last_opinion_day(rules: &Rules, today: Date, technical: bool) -> Date {
    let days = if technical { rules.opinion_suspension_days } else { rules.opinion_days };
    today.saturating_add(i64::from(days).days())
}

/// Asks an expert. The term runs on, unless the rules let a technical assessment stop it, once; a term that is over is
/// stopped by nothing.
///
/// # Errors
/// [`NotNow::NoExpert`], [`NotNow::NoReasons`], or as for the others.
pub fn consult(case: &Case, context: &Context<'_>, asked: &Question) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Consult)?;
    if asked.expert.trim().is_empty() {
        return Err(NotNow::NoExpert);
    }
    if let Some(officer) = &asked.officer {
        impartial(case, context, officer)?;
    }
    let first = !case.opinions.iter().any(|opinion| opinion.request.stops_term);
    let may_stop = 0 < context.rules.opinion_suspension_days && !context.term(case).overdue();
    let stops_term = asked.technical && first && may_stop;
    let request = OpinionRequested {
        expert: asked.expert.trim().to_owned(),
        officer: asked.officer.clone(),
        question: required(&asked.question)?,
        shared: asked.shared,
        answer_by: last_opinion_day(context.rules, context.today, stops_term),
        stops_term,
    };
    Ok(context.act(case.id, kind::OPINION_REQUESTED, &request))
}

/// An expert of the office answers; the answer of one outside is written down by whoever works on the case.
///
/// # Errors
/// [`NotNow::NothingAsked`], [`NotNow::NotTheExpert`], [`NotNow::NoReasons`], [`NotNow::Closed`].
pub fn advise(case: &Case, context: &Context<'_>, seq: i64, text: &str) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Advise)?;
    let opinion = case.awaited_opinion(seq).ok_or(NotNow::NothingAsked)?;
    if !case.answers(opinion, context.actor) {
        return Err(NotNow::NotTheExpert);
    }
    let given = OpinionGiven { request: seq, expert: opinion.request.expert.clone(), text: required(text)? };
    Ok(context.act(case.id, kind::OPINION_GIVEN, &given))
}

/// The time for the answer passed: the case says so, and the office may decide without it (art. 16 c. 2).
///
/// # Errors
/// [`NotNow::NothingAsked`] when it was answered, [`NotNow::AwaitingAnswer`] before the day has passed.
pub fn remind(case: &Case, context: &Context<'_>, seq: i64) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Remind)?;
    let opinion = case.awaited_opinion(seq).filter(|opinion| !opinion.reminded).ok_or(NotNow::NothingAsked)?;
    if context.today <= opinion.request.answer_by {
        return Err(NotNow::AwaitingAnswer);
    }
    let reminded = OpinionReminded { request: seq, expert: opinion.request.expert.clone() };
    Ok(context.act(case.id, kind::OPINION_REMINDED, &reminded))
}
