//! Days as numbers, and ages as comparisons of numbers.

use std::ops::RangeInclusive;

use base::Date;
use jiff::{Span, civil::date as civil};

/// Days of the calendar from 1 January 1970: those that a [`Date`] can hold.
pub(super) const DAYS: RangeInclusive<i32> = -4_371_587..=2_932_896;

const HOURS: i64 = 24;

/// The number of a day.
pub(super) fn day_number(day: Date) -> i32 {
    let days = civil(1970, 1, 1).duration_until(day).as_hours() / HOURS;
    i32::try_from(days).expect("the calendar has fewer days than an i32")
}

/// The day of a number; `None` outside the calendar.
pub(super) fn date(number: i32) -> Option<Date> {
    if !DAYS.contains(&number) {
        return None;
    }
    civil(1970, 1, 1).checked_add(Span::new().days(number)).ok()
}

/// What an age is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Age {
    Years,
    Months,
}

impl Age {
    /// The last day of birth with at least `count` completed on `on`: who is born later has fewer. Beyond the calendar
    /// it is beyond every day.
    pub fn latest_birth(self, count: i64, on: Date) -> i32 {
        let months = match self {
            Self::Years => count.saturating_mul(12),
            Self::Months => count,
        };
        // A year has as many days whatever the century: beyond twenty thousand years there is no birth.
        let months = months.clamp(-240_000, 240_000);
        let month = i64::from(on.year()) * 12 + i64::from(on.month()) - 1 - months;
        let (year, month) = (month.div_euclid(12), month.rem_euclid(12) + 1);
        let first = i16::try_from(year).ok().and_then(|year| Date::new(year, i8::try_from(month).ok()?, 1).ok());
        match first {
            Some(first) => day_number(first) + i32::from(on.day().min(first.days_in_month())) - 1,
            None if year > 0 => i32::MAX,
            None => i32::MIN,
        }
    }

    /// Completed years or months of one person.
    pub fn completed(self, born: Date, on: Date) -> i32 {
        let whole = (i32::from(on.year()) - i32::from(born.year())) * 12 + i32::from(on.month())
            - i32::from(born.month())
            - i32::from(on.day() < born.day());
        match self {
            Self::Months => whole,
            Self::Years => whole.div_euclid(12),
        }
    }

    /// Average length, times 4,800: 400 years have 146,097 days and 4,800 months.
    fn per_400_years(self) -> i32 {
        match self {
            Self::Years => 400,
            Self::Months => 4_800,
        }
    }
}

/// The days on which births complete one more year, or month, for whoever lives: no calendar for each row.
#[derive(Debug, Clone)]
pub(super) struct Ages {
    age: Age,
    on: Date,
    today: i32,
    /// By count from 0: the last day of birth that has it; one more than is looked at.
    latest: Vec<i32>,
}

/// Ages in the table, in years.
const OLDEST: i32 = 130;

impl Ages {
    pub fn new(age: Age, on: Date) -> Self {
        let counts = i64::from(OLDEST * age.per_400_years() / 400 + 2);
        Self { age, on, today: day_number(on), latest: (0..=counts).map(|count| age.latest_birth(count, on)).collect() }
    }

    /// Completed years or months of who is born on the day of that number; 0 where there is no such day.
    pub fn of(&self, born: i32) -> i32 {
        let lived = self.today.wrapping_sub(born);
        if (0..OLDEST * 365).contains(&lived) {
            // Never more than one away from the truth, on either side.
            let near = i64::from(lived) * i64::from(self.age.per_400_years()) / 146_097;
            let near = usize::try_from(near).unwrap_or(0);
            let below = near.saturating_sub(1);
            let reached = |count: usize| i32::from(born <= self.latest[count]);
            i32::try_from(below).unwrap_or(0) + reached(below + 1) + reached(below + 2)
        } else {
            date(born).map_or(0, |born| self.age.completed(born, self.on))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_birth_has_its_age() {
        for on in [civil(2026, 3, 1), civil(2024, 2, 29), civil(2025, 2, 28), civil(2026, 12, 31)] {
            let today = day_number(on);
            for age in [Age::Years, Age::Months] {
                let ages = Ages::new(age, on);
                for born in today - 50_000..today + 3_000 {
                    let day = date(born).expect("a day of the calendar");
                    let completed = age.completed(day, on);
                    assert_eq!(ages.of(born), completed, "{day} on {on}");
                    assert!(born <= age.latest_birth(completed.into(), on), "{day} on {on}");
                    assert!(born > age.latest_birth(i64::from(completed) + 1, on), "{day} on {on}");
                    if age == Age::Years {
                        assert_eq!(completed, i32::from(base::age_on(day, on)));
                    }
                }
            }
        }
    }

    #[test]
    fn the_calendar_ends_where_days_do() {
        for (number, day) in [(*DAYS.start(), Date::MIN), (*DAYS.end(), Date::MAX), (0, civil(1970, 1, 1))] {
            assert_eq!((day_number(day), date(number)), (number, Some(day)));
        }
        assert_eq!(date(DAYS.end() + 1), None);
        assert_eq!(Age::Years.latest_birth(i64::MAX, Date::MAX), i32::MIN);
        assert_eq!(Age::Months.latest_birth(i64::MIN, Date::MIN), i32::MAX);
    }
}
