//! Arithmetic of days that never fails: at the ends of the calendar it stays there.

use base::Date;
use jiff::ToSpan;

/// `days` after `date` (before, when negative). Stops at the first and last day that can be written.
#[must_use]
pub fn plus(date: Date, days: i32) -> Date {
    // Twenty thousand years hold 7.3 million days; a span refuses more.
    date.saturating_add(days.clamp(-7_300_000, 7_300_000).days())
}

/// Whole days from `from` to `to`; negative when `to` comes first.
pub(crate) fn between(from: Date, to: Date) -> i32 {
    i32::try_from(from.duration_until(to).as_hours() / 24).unwrap_or(i32::MAX)
}

/// Easter Sunday of a year of the Gregorian calendar (the anonymous method published in *Nature* in 1876).
#[must_use]
pub fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (golden, century, rest) = (year.rem_euclid(19), year.div_euclid(100), year.rem_euclid(100));
    let moon_correction = (century - (century + 8).div_euclid(25) + 1).div_euclid(3);
    let epact = (19 * golden + century - century.div_euclid(4) - moon_correction + 15).rem_euclid(30);
    let weekday = (32 + 2 * century.rem_euclid(4) + 2 * (rest / 4) - epact - rest % 4).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * weekday).div_euclid(451);
    let march = epact + weekday - 7 * late + 22;
    plus(Date::constant(year.clamp(-9999, 9999) as i16, 3, 1), march - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Weekday, date};
    use proptest::prelude::*;

    #[test]
    fn easter_of_known_years() {
        for (year, month, day) in
            [(1818, 3, 22), (1943, 4, 25), (2000, 4, 23), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2038, 4, 25)]
        {
            assert_eq!(easter(year), date(year, month, day));
        }
    }

    proptest! {
        #[test]
        fn easter_is_a_sunday_between_22_march_and_25_april(year in 1583i16..9999) {
            let day = easter(year);
            prop_assert_eq!(day.weekday(), Weekday::Sunday);
            prop_assert!(date(year, 3, 22) <= day && day <= date(year, 4, 25));
        }

        #[test]
        fn adding_days_never_fails(year in -9999i16..=9999, days in any::<i32>()) {
            let start = date(year, 6, 15);
            let end = plus(start, days);
            if (-100_000..100_000).contains(&days) && (-9000..9000).contains(&year) {
                prop_assert_eq!(between(start, end), days);
            }
        }
    }
}
