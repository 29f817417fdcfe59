//! How a case ends well, or by the applicant's own will.

use acts::NewAct;

use super::{Context, NotNow, Step, allowed, timing};
use crate::{
    case::Case,
    payload::{Granted, Words, kind},
};

/// Grants what was asked. Against the rules only with a reason, which is counted; and with one where the applicant says
/// that they did not ask.
///
/// # Errors
/// [`NotNow::OverrideNeedsReason`], [`NotNow::ContestedNeedsReason`], or as for the others.
pub fn grant(case: &Case, context: &Context<'_>, note: &str) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Grant)?;
    let note = Some(note.trim().to_owned()).filter(|text| !text.is_empty());
    let granted = granted(case, context, note);
    if granted.overrides_rules && granted.note.is_none() {
        return Err(NotNow::OverrideNeedsReason);
    }
    if granted.note.is_none() && case.contested().is_some() {
        return Err(NotNow::ContestedNeedsReason);
    }
    Ok(context.act(case.id, kind::GRANTED, &granted))
}

/// What a grant says of the case: the amount is that of the rules, where they say that it is due.
pub(super) fn granted(case: &Case, context: &Context<'_>, note: Option<String>) -> Granted {
    let overrides_rules = case.decision.as_ref().is_some_and(|decision| decision.entitled == Some(false));
    let amount = case.decision.as_ref().and_then(|decision| decision.amount).filter(|_| !overrides_rules);
    Granted {
        amount: amount.map(|amount| amount.to_string()),
        unit: amount.and(context.amount_unit).map(ToOwned::to_owned),
        note,
        decision: case.decision.clone(),
        decided_by: context.signature(),
        overrides_rules,
        timing: Some(timing(case, context)),
        together: None,
    }
}

/// The applicant withdraws: before the decision the case ends; after a grant it renounces what was granted.
///
/// # Errors
/// [`NotNow::Closed`] when there is nothing left to withdraw.
pub fn withdraw(case: &Case, context: &Context<'_>, reason: &str) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Withdraw)?;
    Ok(context.act(case.id, kind::WITHDRAWN, &Words { text: reason.trim().to_owned() }))
}
