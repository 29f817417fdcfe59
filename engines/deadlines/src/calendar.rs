use base::{Date, Translated};
use jiff::civil::Weekday;
use serde::{Deserialize, Serialize};

use crate::days::{easter, plus};

/// Which weekdays an office works. Whether Saturday counts is a choice of each administration, so it is a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Week {
    /// Monday to Saturday.
    SixDays,
    /// Monday to Friday.
    FiveDays,
}

/// When in a year a holiday falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// The same month and day every year.
    Fixed {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
    /// That many days after Easter Sunday.
    AfterEaster(i16),
    /// Every week.
    Weekly(Weekday),
}

/// A day on which public offices are closed by law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// What people call it.
    pub name: Translated,
    /// When it falls.
    pub on: On,
    /// First year in which it is a holiday.
    pub from: i16,
    /// Last year; `None` while it is in force.
    pub to: Option<i16>,
    /// The law that says so.
    pub law: String,
}

impl Holiday {
    /// Whether `day` is this holiday.
    #[must_use]
    pub fn falls_on(&self, day: Date) -> bool {
        let in_force = self.from <= day.year() && self.to.is_none_or(|last| day.year() <= last);
        in_force
            && match self.on {
                On::Fixed { month, day: of_month } => (day.month(), day.day()) == (month, of_month),
                On::AfterEaster(days) => plus(easter(day.year()), i32::from(days)) == day,
                On::Weekly(weekday) => day.weekday() == weekday,
            }
    }
}

/// The holidays that an office keeps. Read with [`Calendar::parse`] from `law/calendars/`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    pub(crate) holidays: Vec<Holiday>,
}

impl Calendar {
    /// The same calendar with the feast of the town's patron saint, e.g. 24 June in Florence. It is a holiday of the
    /// office's town only, by custom and collective agreement.
    #[must_use]
    pub fn with_patron(mut self, name: Translated, month: i8, day: i8) -> Self {
        let law = "festa patronale del Comune".to_owned();
        self.holidays.push(Holiday { name, on: On::Fixed { month, day }, from: 0, to: None, law });
        self
    }

    /// All holidays, in the order in which they were declared.
    #[must_use]
    pub fn holidays(&self) -> &[Holiday] {
        &self.holidays
    }

    /// The holiday that falls on `day`, if any; for Sundays too, where the calendar declares them.
    #[must_use]
    pub fn holiday(&self, day: Date) -> Option<&Holiday> {
        self.holidays.iter().find(|holiday| holiday.falls_on(day))
    }

    /// Whether offices that keep this `week` are open on `day`.
    #[must_use]
    pub fn is_working(&self, day: Date, week: Week) -> bool {
        let free_saturday = week == Week::FiveDays && day.weekday() == Weekday::Saturday;
        !free_saturday && self.holiday(day).is_none()
    }

    /// `day` itself if it is a working day, otherwise the first working day after it (art. 2963 c.c., art. 155 c.p.c.).
    #[must_use]
    pub fn next_working(&self, day: Date, week: Week) -> Date {
        // A declared calendar could close every day of the week: a year is the bound, then the day stays.
        let year_ahead = (0..=366).map(|days| plus(day, days));
        year_ahead.into_iter().find(|candidate| self.is_working(*candidate, week)).unwrap_or(day)
    }

    /// The `days`-th working day after `day`; `day` itself is not counted (art. 2963 c. 2 c.c.).
    #[must_use]
    pub fn add_working(&self, day: Date, days: u16, week: Week) -> Date {
        (0..days).fold(day, |reached, _| self.next_working(plus(reached, 1), week))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn italy() -> Calendar {
        Calendar::parse("italia.toml", include_str!("../../../law/calendars/italia.toml")).expect("the law's calendar")
    }

    #[test]
    fn saint_francis_is_a_holiday_from_2026_and_17_march_was_one_in_2011_only() {
        assert!(italy().holiday(date(2025, 10, 4)).is_none());
        let francis = italy().holiday(date(2027, 10, 4)).map(|holiday| holiday.law.clone());
        assert_eq!(francis.as_deref(), Some("L. 8 ottobre 2025 n. 151"));
        assert!(italy().holiday(date(2011, 3, 17)).is_some());
        assert!(italy().holiday(date(2026, 3, 17)).is_none());
    }

    #[test]
    fn easter_monday_and_the_patron_close_the_office() {
        assert!(!italy().is_working(date(2026, 4, 6), Week::SixDays));
        assert!(italy().is_working(date(2026, 6, 24), Week::SixDays));
        let florence = italy().with_patron("San Giovanni".into(), 6, 24);
        assert!(!florence.is_working(date(2026, 6, 24), Week::SixDays));
    }

    #[test]
    fn saturday_is_a_setting() {
        let saturday = date(2026, 5, 2);
        assert_eq!(italy().next_working(date(2026, 5, 1), Week::SixDays), saturday);
        assert_eq!(italy().next_working(date(2026, 5, 1), Week::FiveDays), date(2026, 5, 4));
    }

    #[test]
    fn working_days_jump_over_christmas() {
        // Wednesday 23 December 2026; 24 is a Thursday, 25 and 26 are holidays, 27 is a Sunday.
        assert_eq!(italy().add_working(date(2026, 12, 23), 3, Week::SixDays), date(2026, 12, 29));
        assert_eq!(italy().add_working(date(2026, 12, 23), 0, Week::SixDays), date(2026, 12, 23));
    }

    #[test]
    fn a_calendar_with_no_working_day_does_not_hang() {
        let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
        let text: String = weekdays
            .iter()
            .map(|day| format!("[[holidays]]\nname = \"x\"\non = \"{day}\"\nfrom = 1\nlaw = \"x\"\n"))
            .collect();
        let closed = Calendar::parse("chiuso.toml", &text).expect("well formed");
        assert_eq!(closed.next_working(date(2026, 1, 1), Week::SixDays), date(2026, 1, 1));
    }
}
