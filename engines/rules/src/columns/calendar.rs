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

/// From 1 March of the year 0 to 1 January 1970. Years that begin in March have their day more, or not, at the end.
const FROM_YEAR_0: i32 = 719_468;

/// The first of March of a year, in days from that of the year 0.
fn first_of_march(year: i32) -> i32 {
    365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400)
}

/// Days from the first of March to the first of a month, counted from March: five months have 153 days.
fn days_before(month: i32) -> i32 {
    (153 * month + 2) / 5
}

/// Year, month and day of a day of the calendar, without branches that depend on the day.
fn parts(number: i32) -> (i32, i32, i32) {
    let day = number + FROM_YEAR_0;
    // Average years lead at most one too far.
    let near = (i64::from(day) * 400).div_euclid(146_097);
    let near = i32::try_from(near).unwrap_or(0);
    let year = near - i32::from(first_of_march(near) > day) + i32::from(first_of_march(near + 1) <= day);
    let in_year = day - first_of_march(year);
    let month = (5 * in_year + 2) / 153;
    let early = i32::from(month >= 10);
    (year + early, month + 3 - 12 * early, in_year - days_before(month) + 1)
}

/// The number of the first of a month; months are counted from January of the year 0.
fn first_of(months: i32) -> i32 {
    let from_march = months - 2;
    first_of_march(from_march.div_euclid(12)) + days_before(from_march.rem_euclid(12)) - FROM_YEAR_0
}

/// The first of the month of a day; 0 where it is none.
pub(super) fn first_of_month(number: i32) -> i32 {
    if DAYS.contains(&number) { number - parts(number).2 + 1 } else { 0 }
}

/// As many months as the calendar has.
const ALL_MONTHS: i64 = 239_976;

/// So many months later on the same day, or on the last one; or so many days later. `None` beyond the calendar.
pub(super) fn later(months: bool, number: i32, count: i64) -> Option<i32> {
    if !DAYS.contains(&number) {
        return None;
    }
    let there = if months {
        let count = i32::try_from(count).ok().filter(|_| count.abs() <= ALL_MONTHS)?;
        let (year, month, day) = parts(number);
        let total = year * 12 + month - 1 + count;
        let (first, next) = (first_of(total), first_of(total + 1));
        (first + day - 1).min(next - 1)
    } else {
        i32::try_from(i64::from(number).checked_add(count)?).ok()?
    };
    DAYS.contains(&there).then_some(there)
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

    /// Completed years or months from one day to another, both by number; 0 where one is none.
    pub fn elapsed(self, born: i32, on: i32) -> i32 {
        if !DAYS.contains(&born) || !DAYS.contains(&on) {
            return 0;
        }
        let ((year, month, day), (on_year, on_month, on_day)) = (parts(born), parts(on));
        let whole = (on_year - year) * 12 + on_month - month - i32::from(on_day < day);
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
    fn days_without_a_calendar_are_those_of_the_calendar() {
        let (first, last) = (*DAYS.start(), *DAYS.end());
        for number in (first..first + 2_000).chain((-800_000..800_000).step_by(7)).chain(last - 2_000..=last) {
            let day = date(number).expect("a day of the calendar");
            assert_eq!(parts(number), (day.year().into(), day.month().into(), day.day().into()));
            assert_eq!(date(first_of_month(number)), Some(day.first_of_month()));
            for count in [-239_976i64, -119_988, -1_201, -12, -1, 0, 1, 11, 30, 119_988, 239_976] {
                let months = Span::new().try_months(count).and_then(|span| day.checked_add(span)).ok();
                assert_eq!(later(true, number, count), months.map(day_number), "{day} and {count} months");
                let days = day.checked_add(Span::new().days(count)).ok();
                assert_eq!(later(false, number, count), days.map(day_number), "{day} and {count} days");
                for age in [Age::Years, Age::Months] {
                    let on = number.saturating_sub(i32::try_from(count).expect("few")).clamp(first, last);
                    let completed = age.completed(day, date(on).expect("a day of the calendar"));
                    assert_eq!(age.elapsed(number, on), completed, "from {day}, {count} days before");
                }
            }
        }
        assert_eq!(later(false, 0, i64::MAX), None);
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
