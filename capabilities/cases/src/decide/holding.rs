//! In whose hands a case is, and what is noted in its file.

use acts::NewAct;

use super::{Context, NotNow, Step, allowed, allowed::impartial, required};
use crate::{
    case::Case,
    payload::{Assigned, Taken, Words, kind},
};

/// An officer takes a case that nobody works on.
///
/// # Errors
/// [`NotNow::Closed`], [`NotNow::AlreadyTaken`].
pub fn take(case: &Case, context: &Context<'_>) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Take)?;
    let taken = Taken { officer: context.actor.subject.clone(), officer_name: context.actor.name.clone() };
    Ok(context.act(case.id, kind::TAKEN, &taken))
}

/// The officer gives the case back, for colleagues to take.
///
/// # Errors
/// [`NotNow::Closed`], [`NotNow::NotYours`].
pub fn release(case: &Case, context: &Context<'_>) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Release)?;
    Ok(context.act(case.id, kind::RELEASED, &Words { text: String::new() }))
}

/// Who heads the office gives an open case to one of its officers: the new person in charge (art. 5 L. 241/1990). That
/// the one who acts heads the office is checked at the door.
///
/// # Errors
/// [`NotNow::Closed`], [`NotNow::AlreadyTheirs`], [`NotNow::FiledByOfficer`], [`NotNow::ConcernsOfficer`].
pub fn assign(case: &Case, context: &Context<'_>, to: &Assigned) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Assign)?;
    if case.is_held_by(&to.officer) {
        return Err(NotNow::AlreadyTheirs);
    }
    impartial(case, context, &to.officer)?;
    Ok(context.act(case.id, kind::ASSIGNED, to))
}

/// A note for the file.
///
/// # Errors
/// [`NotNow::NoReasons`] when it is empty.
pub fn note(case: &Case, context: &Context<'_>, text: &str) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Note)?;
    let text = required(text)?;
    Ok(context.act(case.id, kind::NOTE_ADDED, &Words { text }))
}
