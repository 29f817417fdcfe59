use base::Date;
use jiff::ToSpan;
use serde::{Deserialize, Serialize};

use crate::{Calendar, Clock, Event, EventKind, Rules, Silence};

/// Days within which whoever holds the substitute power must conclude: half the original term (art. 2 c. 9-ter).
/// Half a day becomes a whole one, because a term in days ends with a day.
#[must_use]
pub const fn substitute_days(original_term_days: u16) -> u16 {
    original_term_days.div_ceil(2)
}

/// Until when an act that gives an economic benefit may be annulled on the office's own motion: six months
/// (art. 21-nonies). A month without that day ends on its last one (art. 2963 c. 5 c.c.).
#[must_use]
pub fn own_motion_annulment_until(adopted: Date) -> Date {
    adopted.saturating_add(6.months())
}

/// The day on which an unanswered request for access to documents counts as refused (art. 25 c. 4).
#[must_use]
pub fn access_silence(received: Date, calendar: &Calendar) -> Date {
    receipt_terms(received, &Rules::access_to_documents(), calendar).answer_by
}

/// What the immediate receipt must say about time (art. 18-bis and art. 8 c. 2 L. 241/1990).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptTerms {
    /// The day on which the application was filed, which is also the day of its protocol registration.
    pub filed_on: Date,
    /// The day by which the office must answer.
    pub answer_by: Date,
    /// What it means if the office does not.
    pub silence: Silence,
    /// If it does not and silence means nothing: by when the substitute power must conclude (art. 2 c. 9-ter).
    pub substitute_due: Date,
}

/// The terms of an application filed on that day.
#[must_use]
pub fn receipt_terms(filed_on: Date, rules: &Rules, calendar: &Calendar) -> ReceiptTerms {
    let events = [Event::new(filed_on, EventKind::Received)];
    let state =
        Clock::new(rules, calendar).state(&events, filed_on).expect("an event of the same day starts the clock");
    ReceiptTerms { filed_on, answer_by: state.due, silence: rules.silence, substitute_due: state.substitute_due }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn half_of_an_odd_term_is_rounded_up() {
        assert_eq!((substitute_days(30), substitute_days(45), substitute_days(1)), (15, 23, 1));
    }

    #[test]
    fn six_months_from_the_last_of_august_end_with_february() {
        assert_eq!(own_motion_annulment_until(date(2026, 8, 31)), date(2027, 2, 28));
    }
}
