use serde::{Deserialize, Serialize};

use crate::Week;

/// Which days a term counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Count {
    /// Every day: what a term "in days" means unless a law says otherwise (art. 2963 c.c.).
    #[default]
    Calendar,
    /// Monday to Saturday, holidays left out.
    WorkingSixDays,
    /// Monday to Friday, holidays left out.
    WorkingFiveDays,
}

impl Count {
    pub(crate) const fn week(self) -> Option<Week> {
        match self {
            Self::Calendar => None,
            Self::WorkingSixDays => Some(Week::SixDays),
            Self::WorkingFiveDays => Some(Week::FiveDays),
        }
    }
}

/// What happens to a term whose last day is not a working day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slide {
    /// It ends on that day all the same.
    None,
    /// It moves past Sundays and holidays (art. 2963 c. 3 c.c.).
    #[default]
    Holidays,
    /// It moves past Saturdays too (as art. 155 c. 5 c.p.c. does for courts).
    HolidaysAndSaturdays,
}

impl Slide {
    pub(crate) const fn week(self) -> Option<Week> {
        match self {
            Self::None => None,
            Self::Holidays => Some(Week::SixDays),
            Self::HolidaysAndSaturdays => Some(Week::FiveDays),
        }
    }
}

/// What it means if the term passes without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Silence {
    /// Nothing is granted or refused: the office is late (art. 2), and the substitute power opens.
    #[default]
    #[serde(rename = "none")]
    Late,
    /// The application is granted (*silenzio assenso*, art. 20).
    Consent,
    /// The application is refused (e.g. art. 25 c. 4, access to documents).
    Refusal,
}

/// The statutory term of a service: the flags of its `process.toml`. Defaults are those of L. 241/1990.
///
/// Other keys are left alone, because `process.toml` says more than the term: whoever reads the whole file refuses
/// those that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// Days of the term; 30 unless a decree or a law says otherwise (art. 2 c. 2-4).
    #[serde(rename = "term_days")]
    pub days: u16,
    /// Which days count.
    #[serde(rename = "term_kind")]
    pub count: Count,
    /// What happens if the last day is not a working day.
    pub slide: Slide,
    /// Longest suspension for an integration request, in calendar days; at most 30 (art. 2 c. 7). 0: none allowed.
    pub max_suspension_days: u16,
    /// Whether reasons must be announced before refusing (art. 10-bis). Off for benefits of social-security bodies.
    pub notice_before_refusal: bool,
    /// Days to file observations after the notice, and days after which the term resumes once they are filed.
    pub observation_days: u16,
    /// Days that whoever is asked for an opinion has to answer; 20 unless a law says otherwise (art. 16 c. 1).
    pub opinion_days: u16,
    /// For how many days the term may stand still, once, while a technical assessment is awaited; at most 90
    /// (art. 17 c. 1, which art. 2 c. 7 leaves untouched). 0: opinions count in the term.
    pub opinion_suspension_days: u16,
    /// Longest extension that the office may grant itself, once; 0 where no law foresees one.
    pub extension_days: u16,
    /// What silence means at the end.
    pub silence: Silence,
    /// Where the term comes from, for letters and pages, e.g. `art. 2 c. 2 L. 241/1990`.
    #[serde(rename = "term_law")]
    pub law: String,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            days: 30,
            count: Count::Calendar,
            slide: Slide::Holidays,
            max_suspension_days: 30,
            notice_before_refusal: true,
            observation_days: 10,
            opinion_days: 20,
            opinion_suspension_days: 0,
            extension_days: 0,
            silence: Silence::Late,
            law: "art. 2 c. 2 L. 241/1990".to_owned(),
        }
    }
}

/// Why declared flags cannot be a lawful term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// A term of no days, or of more than three years.
    #[error("term_days: un termine va da 1 a 1095 giorni (di regola 30, fino a 90 o 180: art. 2 c. 2-4 L. 241/1990)")]
    Days,
    /// More than 30 days.
    #[error("max_suspension_days: la sospensione dura al massimo 30 giorni (art. 2 c. 7 L. 241/1990)")]
    Suspension,
    /// Fewer than the ten days of the law, or more than 90.
    #[error(
        "observation_days: chi riceve il preavviso di rigetto ha dieci giorni (art. 10-bis L. 241/1990); al massimo 90"
    )]
    Observation,
    /// No days, or more than 90.
    #[error("opinion_days: chi è sentito per un parere ha da 1 a 90 giorni (di regola 20: art. 16 c. 1 L. 241/1990)")]
    Opinion,
    /// More than 90 days.
    #[error(
        "opinion_suspension_days: una valutazione tecnica ferma il termine per 90 giorni al massimo (art. 17 c. 1)"
    )]
    OpinionSuspension,
    /// More than 180 days.
    #[error("extension_days: una proroga non può superare 180 giorni (art. 2 c. 4 L. 241/1990)")]
    Extension,
}

impl Rules {
    /// Whether the flags are within the law.
    ///
    /// # Errors
    /// The first flag that is not, in words for the person who edits `process.toml`.
    pub fn check(&self) -> Result<(), RulesError> {
        match self {
            Self { days, .. } if !(1..=1095).contains(days) => Err(RulesError::Days),
            Self { max_suspension_days, .. } if 30 < *max_suspension_days => Err(RulesError::Suspension),
            Self { observation_days, .. } if !(10..=90).contains(observation_days) => Err(RulesError::Observation),
            Self { opinion_days, .. } if !(1..=90).contains(opinion_days) => Err(RulesError::Opinion),
            Self { opinion_suspension_days, .. } if 90 < *opinion_suspension_days => Err(RulesError::OpinionSuspension),
            Self { extension_days, .. } if 180 < *extension_days => Err(RulesError::Extension),
            _ => Ok(()),
        }
    }

    /// How many days in `(after, until]` use up a term that nothing stops.
    #[must_use]
    pub fn days_between(&self, calendar: &crate::Calendar, after: base::Date, until: base::Date) -> u16 {
        let days = i32::from(u16::MAX).min(crate::days::between(after, until)).max(0);
        let counts = |day| self.count.week().is_none_or(|week| calendar.is_working(day, week));
        let counted = (1..=days).filter(|offset| counts(crate::days::plus(after, *offset))).count();
        u16::try_from(counted).unwrap_or(u16::MAX)
    }

    /// Access to administrative documents: thirty days, then silence is a refusal (art. 25 c. 4).
    #[must_use]
    pub fn access_to_documents() -> Self {
        Self { silence: Silence::Refusal, law: "art. 25 c. 4 L. 241/1990".to_owned(), ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_of_the_law_are_lawful() {
        assert_eq!(Rules::default().check(), Ok(()));
        assert_eq!(Rules::access_to_documents().check(), Ok(()));
    }

    #[test]
    fn flags_outside_the_law_are_refused() {
        assert_eq!(Rules { days: 0, ..Rules::default() }.check(), Err(RulesError::Days));
        assert_eq!(Rules { max_suspension_days: 31, ..Rules::default() }.check(), Err(RulesError::Suspension));
        assert_eq!(Rules { observation_days: 9, ..Rules::default() }.check(), Err(RulesError::Observation));
        assert_eq!(Rules { opinion_days: 0, ..Rules::default() }.check(), Err(RulesError::Opinion));
        let too_long = Rules { opinion_suspension_days: 91, ..Rules::default() };
        assert_eq!(too_long.check(), Err(RulesError::OpinionSuspension));
        assert_eq!(Rules { extension_days: 181, ..Rules::default() }.check(), Err(RulesError::Extension));
    }

    #[test]
    fn flags_are_read_from_process_toml() {
        let text = "term_days = 60\nterm_kind = \"calendar\"\nslide = \"holidays-and-saturdays\"\nsilence = \"none\"\n\
                    notice_before_refusal = false\nresponsible = \"Ufficio Prova\"\n";
        let rules: Rules = toml::from_str(text).expect("well formed");
        assert_eq!((rules.days, rules.slide, rules.notice_before_refusal), (60, Slide::HolidaysAndSaturdays, false));
        assert_eq!((rules.count, rules.silence), (Count::Calendar, Silence::Late));
        assert!(toml::from_str::<Rules>("term_days = \"trenta\"").is_err());
    }
}
