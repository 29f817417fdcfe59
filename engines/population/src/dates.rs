//! Days counted from the day on which the world is looked at.

use base::Date;
use jiff::{Span, civil::date};

use crate::rng::Rng;

/// The same day and month in another year; 28 February where that year has no 29th.
pub(crate) fn birthday_in(day: Date, year: i16) -> Date {
    Date::new(year, day.month(), day.day()).unwrap_or_else(|_| date(year, 2, 28))
}

/// `days` before `day`; after it when negative.
pub(crate) fn days_before(day: Date, days: i64) -> Date {
    day.saturating_sub(Span::new().days(days))
}

/// Whole days from `from` to `to`.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// The last day of a year.
pub(crate) fn end_of_year(year: i16) -> Date {
    date(year, 12, 31)
}

/// How many days of `year` lie from `from` to `to`, both included.
pub(crate) fn days_within(year: i16, from: Date, to: Date) -> i64 {
    let (first, last) = (from.max(date(year, 1, 1)), to.min(end_of_year(year)));
    (days_between(first, last) + 1).max(0)
}

/// First and last day of the school or academic year that `today` belongs to.
pub(crate) fn school_year(today: Date) -> (Date, Date) {
    let first = if today.month() >= 9 { today.year() } else { today.year() - 1 };
    (date(first, 9, 1), date(first + 1, 8, 31))
}

/// A day drawn from `earliest` to `latest`, both included; `latest` when they are in the wrong order.
pub(crate) fn day_between(rng: &mut Rng, earliest: Date, latest: Date) -> Date {
    days_before(latest, rng.between(0, days_between(earliest, latest).max(0)))
}
