//! Granting many cases together: only what is plain. Whatever needs somebody who looks is decided one by one, and a
//! refusal is never made together.

use acts::NewAct;
use rules::Decision;

use super::{Context, NotNow, Step, allowed, allowed::nothing_awaited, outcome::granted};
use crate::{
    case::Case,
    payload::{Granted, Together, kind},
};

/// Grants one of the cases of a mass decision, with its motivation. That the one who acts heads the office is checked at
/// the door, and again when it takes effect.
///
/// # Errors
/// What stands against it: [`NotNow::HeldByColleague`] and whatever is not plain, or as for a single grant.
pub fn grant_together(
    case: &Case,
    context: &Context<'_>,
    (motivation, together): (&str, &Together),
) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::GrantTogether)?;
    let granted = granted(case, context, Some(motivation.to_owned()));
    if context.amount_unit.is_some() && granted.amount.is_none() {
        return Err(NotNow::NotComputed);
    }
    Ok(context.act(case.id, kind::GRANTED, &Granted { together: Some(together.clone()), ..granted }))
}

/// Whether nothing in the case asks for somebody who looks.
pub(super) fn plain(case: &Case) -> Result<(), NotNow> {
    let decision = case.decision.as_ref().ok_or(NotNow::NotComputed)?;
    nothing_awaited(case)?;
    if case.contested().is_some() {
        return Err(NotNow::Contested);
    }
    let against = Some(NotNow::AgainstRegistry).filter(|_| !case.replaced.is_empty());
    against.or_else(|| doubt(decision)).map_or(Ok(()), Err)
}

/// Why the rules do not simply say that it is due.
fn doubt(decision: &Decision) -> Option<NotNow> {
    match decision.entitled {
        // What the sources of the law leave uncertain is the same for all: whoever confirms reads it once.
        Some(true) => None,
        Some(false) => Some(NotNow::NotDue),
        None if decision.missing.is_empty() => Some(NotNow::NotComputed),
        None => Some(NotNow::FactsMissing),
    }
}
