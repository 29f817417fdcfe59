//! Reading a calendar as officials declare it.

use std::ops::Range;

use base::{TextPlace, Translated, text_place};
use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use toml::Spanned;

use crate::calendar::{Calendar, Holiday, On};

/// What is wrong in a declared calendar, where, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}\n  rimedio: {mend}")]
pub struct CalendarError {
    /// The file's name, as given to [`Calendar::parse`].
    pub file: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub mend: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    #[serde(default)]
    holidays: Vec<Spanned<DeclaredHoliday>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeclaredHoliday {
    name: Translated,
    on: Spanned<String>,
    from: Spanned<i64>,
    to: Option<Spanned<i64>>,
    law: Spanned<String>,
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    errors: Vec<CalendarError>,
}

impl Calendar {
    /// Reads `[[holidays]]` with `name`, `on`, `from`, `to` and `law`. `file` is only a name for messages.
    ///
    /// # Errors
    /// Every holiday that cannot be understood, with its place and the mend.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<CalendarError>> {
        let mut reader = Reader { file, text, errors: Vec::new() };
        let declared: Declared = match toml::from_str(text) {
            Ok(declared) => declared,
            Err(error) => {
                let message = error.message().to_owned();
                reader.wrong(
                    error.span().unwrap_or(0..0),
                    message,
                    "ogni festa è [[holidays]] con name, on, from, law e, se cessata, to",
                );
                return Err(reader.errors);
            }
        };
        let holidays = declared.holidays.into_iter().filter_map(|holiday| reader.holiday(holiday)).collect();
        if reader.errors.is_empty() { Ok(Self { holidays }) } else { Err(reader.errors) }
    }
}

impl Reader<'_> {
    fn holiday(&mut self, declared: Spanned<DeclaredHoliday>) -> Option<Holiday> {
        let span = declared.span();
        let holiday = declared.into_inner();
        let before = self.errors.len();
        let on = read_on(holiday.on.get_ref());
        if on.is_none() {
            let message = format!("«{}» non è un giorno", holiday.on.get_ref());
            self.wrong(
                holiday.on.span(),
                message,
                "scrivere \"MM-GG\" (ad esempio \"12-25\"), \"easter+1\" oppure \"sunday\"",
            );
        }
        let from = self.year(&holiday.from);
        let to = holiday.to.as_ref().map(|year| self.year(year));
        if to.is_some_and(|to| to < from) {
            self.wrong(span, "l'ultimo anno viene prima del primo".to_owned(), "correggere from o to");
        }
        if holiday.law.get_ref().trim().is_empty() {
            self.wrong(holiday.law.span(), "manca la norma".to_owned(), "scrivere la legge che istituisce la festa");
        }
        let law = holiday.law.into_inner();
        (self.errors.len() == before).then_some(Holiday { name: holiday.name, on: on?, from, to, law })
    }

    fn year(&mut self, year: &Spanned<i64>) -> i16 {
        let number = *year.get_ref();
        i16::try_from(number).ok().filter(|year| (0..=9999).contains(year)).unwrap_or_else(|| {
            self.wrong(
                year.span(),
                format!("{number} non è un anno"),
                "scrivere un anno di quattro cifre, ad esempio 2026",
            );
            0
        })
    }

    fn wrong(&mut self, span: Range<usize>, message: String, mend: &str) {
        let TextPlace { line, column, .. } = text_place(self.text, span.start);
        self.errors.push(CalendarError { file: self.file.to_owned(), line, column, message, mend: mend.to_owned() });
    }
}

fn read_on(text: &str) -> Option<On> {
    if let Some(days) = text.strip_prefix("easter+") {
        return days.parse().ok().filter(|days| (0..=365).contains(days)).map(On::AfterEaster);
    }
    if let Some((month, day)) = text.split_once('-') {
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        // 2024 is a leap year: 29 February may be declared.
        return Date::new(2024, month, day).ok().map(|date| On::Fixed { month: date.month(), day: date.day() });
    }
    let weekday = match text {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        _ => return None,
    };
    Some(On::Weekly(weekday))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn errors(text: &str) -> Vec<(u32, u32, String)> {
        let errors = Calendar::parse("prova.toml", text).expect_err("must be refused");
        errors.into_iter().map(|error| (error.line, error.column, error.message)).collect()
    }

    #[test]
    fn each_wrong_holiday_is_told_with_its_place() {
        let text = "[[holidays]]\nname = \"A\"\non = \"13-40\"\nfrom = 2000\nlaw = \"x\"\n\n[[holidays]]\nname = \"B\"\non = \"01-01\"\nfrom = 20000\nlaw = \" \"\n";
        let told = errors(text);
        assert_eq!(told[0], (3, 6, "«13-40» non è un giorno".to_owned()));
        assert_eq!(told[1], (10, 8, "20000 non è un anno".to_owned()));
        assert_eq!(told[2], (11, 7, "manca la norma".to_owned()));
    }

    #[test]
    fn an_unknown_key_is_refused_where_it_stands() {
        let told = errors("[[holidays]]\nname = \"A\"\nwhen = \"01-01\"\nfrom = 2000\nlaw = \"x\"\n");
        assert_eq!(told[0].0, 3);
        assert!(told[0].2.contains("when"), "{told:?}");
    }

    #[test]
    fn years_in_the_wrong_order_are_refused() {
        assert_eq!(
            errors("[[holidays]]\nname = \"A\"\non = \"01-01\"\nfrom = 2000\nto = 1999\nlaw = \"x\"\n").len(),
            1
        );
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_fail(text in "\\PC{0,200}") {
            let _ = Calendar::parse("x", &text);
        }

        #[test]
        fn no_day_makes_the_reader_fail(on in "\\PC{0,12}", from in any::<i64>()) {
            let on = on.replace(['"', '\\'], "");
            let _ = Calendar::parse("x", &format!("[[holidays]]\nname=\"n\"\non=\"{on}\"\nfrom={from}\nlaw=\"l\""));
        }
    }
}
