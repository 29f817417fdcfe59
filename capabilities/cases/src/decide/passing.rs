//! Passing a case on to the office that is competent for it (*trasmissione per competenza*).

use std::sync::Arc;

use acts::NewAct;
use deadlines::{Calendar, EventKind, State as Term};

use super::{Context, NotNow, Step, allowed, required};
use crate::{
    case::Case,
    payload::{PassedOn, kind},
};

/// An office that may have a case of a service, and has not.
#[derive(Debug, Clone)]
pub struct OtherOffice {
    /// Its identifier.
    pub id: String,
    /// Its Italian name.
    pub name: String,
    /// Who answers for the proceeding there, in Italian.
    pub responsible: String,
    /// Its holidays.
    pub calendar: Arc<Calendar>,
}

/// Passes the case on to another office that may have it, with why. The numbers of both registers are put into the act
/// in the transaction that writes it.
///
/// # Errors
/// [`NotNow::HeldByColleague`], [`NotNow::NoOtherOffice`], [`NotNow::WrongOffice`], [`NotNow::NoReasons`], while
/// something is awaited what that is, or as for the others.
pub fn pass_on(case: &Case, context: &Context<'_>, to: &str, reason: &str) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::PassOn)?;
    let to = context.other_offices.iter().find(|office| office.id == to).ok_or(NotNow::WrongOffice)?;
    let (reason, (term, anew)) = (required(reason)?, term_at(case, context, to));
    let passed = PassedOn {
        from: case.office().id.to_owned(),
        from_name: case.office().name.to_owned(),
        to: to.id.clone(),
        to_name: to.name.clone(),
        responsible: to.responsible.clone(),
        reason,
        due: term.due,
        anew,
        sent: None,
        received: None,
    };
    Ok(context.act(case.id, kind::PASSED_ON, &passed))
}

/// Where the term would stand if the office received the case today, and whether it would begin anew: the engine lets it,
/// unless somebody has already worked on the case.
#[must_use]
pub fn term_at(case: &Case, context: &Context<'_>, office: &OtherOffice) -> (Term, bool) {
    let there = Context { calendar: &office.calendar, ..*context };
    let term = there.term_with(case, EventKind::ReceivedByCompetentOffice);
    let ignored = |kind, on| kind == EventKind::ReceivedByCompetentOffice && on == context.today;
    let anew = !term.ignored.iter().any(|event| ignored(event.kind, event.on));
    (term, anew)
}
