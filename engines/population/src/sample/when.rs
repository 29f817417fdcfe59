//! Times counted back from `today`, so that a demonstration keeps its stories in any year.

use base::{Date, age_on};
use jiff::Span;
use serde::Deserialize;

use crate::dates::{days_before, days_between, end_of_year};

/// `{ anni = 5 }`, `{ mesi = 4 }`, `{ giorni = 12 }`, or a sum of them: so long ago.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ago {
    #[serde(default)]
    anni: u8,
    #[serde(default)]
    mesi: u16,
    #[serde(default)]
    giorni: u16,
}

impl Ago {
    /// As a length of time from a day on.
    pub(super) fn after(self, day: Date) -> Date {
        let months = i32::from(self.anni) * 12 + i32::from(self.mesi);
        day.saturating_add(Span::new().months(months).days(i32::from(self.giorni)))
    }

    pub(super) fn from(self, today: Date) -> Date {
        let months = i32::from(self.anni) * 12 + i32::from(self.mesi);
        days_before(today.saturating_sub(Span::new().months(months)), i64::from(self.giorni))
    }
}

/// A birth: by age and birthday, by how long ago, or on a day that stays, for whose fiscal code others write down.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Birth {
    /// `{ eta = 10, giorno = "03-15" }`: has completed ten years, born on a 15 March.
    Age(AgeAndBirthday),
    /// `{ il = "1980-03-15" }`.
    On(OnDay),
    /// `{ mesi = 4 }`.
    Ago(Ago),
}

/// Completed years and the birthday as `MM-DD`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgeAndBirthday {
    eta: i16,
    giorno: String,
}

/// A day that does not move with `today`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OnDay {
    il: Date,
}

impl Birth {
    /// The date of birth; `None` for a day that does not exist in every year.
    pub(super) fn date(&self, today: Date) -> Option<Date> {
        match self {
            Self::Ago(ago) => Some(ago.from(today)),
            Self::On(OnDay { il }) => Some(*il),
            Self::Age(AgeAndBirthday { eta, giorno }) => {
                let (month, day) = giorno.split_once('-')?;
                let (month, day) = (month.parse().ok()?, day.parse().ok()?);
                // A common year refuses 29 February, which would move the birthday with `today`.
                Date::new(2023, month, day).ok()?;
                let birthday = |year| Date::new(year, month, day).ok();
                let this_year = birthday(today.year().checked_sub(*eta)?)?;
                if age_on(this_year, today) == *eta { Some(this_year) } else { birthday(this_year.year() - 1) }
            }
        }
    }
}

/// When in the year an ISEE attestation was registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum InYear {
    /// On 15 January, or today where that has not come yet; and so in the year before.
    #[default]
    InizioAnno,
    /// Halfway between 1 January and today, this year only: it replaces the earlier one.
    AMeta,
}

impl InYear {
    pub(super) fn date(self, today: Date) -> Date {
        let first = days_before(end_of_year(today.year() - 1), -1);
        match self {
            Self::InizioAnno => days_before(first, -14).min(today),
            Self::AMeta => days_before(today, days_between(first, today) / 2),
        }
    }
}
