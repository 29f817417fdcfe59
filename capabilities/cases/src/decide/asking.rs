//! Asking the applicant again (art. 2 c. 7 L. 241/1990): the request, the answer, and the end of the time for it.

use acts::NewAct;
use base::Date;
use deadlines::Rules;
use jiff::ToSpan;

use super::{Context, NotNow, Step, allowed};
use crate::{
    case::Case,
    payload::{FieldRequest, IntegrationRequested, IntegrationSupplied, Words, kind},
};

/// Asks the applicant again for some fields, until a deadline of at most 30 days; the clock stops, once.
///
/// # Errors
/// [`NotNow::AlreadySuspended`], [`NotNow::TermOver`], [`NotNow::Deadline`], [`NotNow::NoFields`], or as for the others.
pub fn request_integration(
    case: &Case,
    context: &Context<'_>,
    fields: Vec<FieldRequest>,
    deadline: Date,
    message: String,
) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Ask)?;
    if fields.is_empty() || fields.iter().any(|field| field.reason.trim().is_empty()) {
        return Err(NotNow::NoFields);
    }
    if !deadline_fits(context.rules, context.today, deadline) {
        return Err(NotNow::Deadline);
    }
    let request = IntegrationRequested { fields, deadline, message };
    Ok(context.act(case.id, kind::INTEGRATION_REQUESTED, &request))
}

/// Whether a day can be the last one for an answer asked for today: from tomorrow to the end of the longest suspension.
#[must_use]
pub fn deadline_fits(rules: &Rules, today: Date, deadline: Date) -> bool {
    today < deadline && deadline <= last_deadline(rules, today)
}

/// The last day that can be given for an answer asked for today.
#[must_use]
pub fn last_deadline(rules: &Rules, today: Date) -> Date {
    today.saturating_add(i64::from(rules.max_suspension_days).days())
}

/// The applicant supplies what was asked.
///
/// # Errors
/// [`NotNow::NothingAsked`] when nothing is asked (any more).
pub fn supply(case: &Case, context: &Context<'_>, supplied: &IntegrationSupplied) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Supply)?;
    Ok(context.act(case.id, kind::INTEGRATION_SUPPLIED, supplied))
}

/// The deadline of a request passed without an answer: the clock runs again.
///
/// # Errors
/// [`NotNow::NothingAsked`] when it was answered, [`NotNow::AwaitingAnswer`] before the deadline has passed.
pub fn lapse(case: &Case, context: &Context<'_>) -> Result<NewAct, NotNow> {
    allowed(case, context, Step::Lapse)?;
    Ok(context.act(case.id, kind::INTEGRATION_LAPSED, &Words { text: String::new() }))
}
