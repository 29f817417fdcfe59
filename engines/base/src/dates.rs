use jiff::{
    Timestamp,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use crate::Language;

const MONTHS: [[&str; 12]; 3] = [
    [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
];

fn rome() -> TimeZone {
    TimeZone::get("Europe/Rome").expect("the zone data is built into the program")
}

/// What a clock on the wall in Italy shows at an instant.
#[must_use]
pub fn rome_time(instant: Timestamp) -> DateTime {
    instant.to_zoned(rome()).datetime()
}

/// The civil day in Italy at `instant`: the day that counts for protocol numbers and statutory clocks.
#[must_use]
pub fn rome_date(instant: Timestamp) -> Date {
    instant.to_zoned(rome()).date()
}

/// The instant at which a clock on the wall in Italy shows this; of two, the first.
#[must_use]
pub fn rome_instant(shown: DateTime) -> Timestamp {
    shown.to_zoned(rome()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

/// The instant at which a day begins in Italy.
#[must_use]
pub fn rome_midnight(day: Date) -> Timestamp {
    // Clocks are moved at two in the night: every midnight exists.
    rome_instant(day.into())
}

/// `21/11/2026`, as in tables.
#[must_use]
pub fn short_date(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month(), date.year())
}

/// `21 novembre 2026`, `21 November 2026`, `21. November 2026`.
#[must_use]
pub fn long_date(date: Date, language: Language) -> String {
    let month = MONTHS[language as usize][usize::from(date.month().unsigned_abs()) - 1];
    let day = match (language, date.day()) {
        (Language::Italian, 1) => "1º".to_owned(),
        (Language::German, day) => format!("{day}."),
        (_, day) => day.to_string(),
    };
    format!("{day} {month} {}", date.year())
}

/// The days of a month whose names begin with a vowel.
const ELIDED: [&str; 2] = ["8 ", "11 "];
/// What stands before a day, and before one whose name begins with a vowel.
const BEFORE: [(&str, &str); 6] =
    [("dal ", "dall’"), ("al ", "all’"), ("del ", "dell’"), ("nel ", "nell’"), ("sul ", "sull’"), ("il ", "l’")];

/// Puts a value behind a text. Before `8 dicembre` and `11 dicembre`, which begin with a vowel when they are read, an Italian
/// article or preposition loses its own: `entro l’8 dicembre`.
pub fn push_elided(text: &mut String, value: &str) {
    let day = ELIDED.iter().find_map(|day| value.strip_prefix(day));
    let month = |rest: &str| MONTHS[Language::Italian as usize].iter().any(|month| rest.starts_with(month));
    if day.is_some_and(month) {
        let marks = text.len() - text.trim_end_matches('*').len();
        let bare = text[..text.len() - marks].to_owned();
        let ends = |word: &str| {
            let rest = bare.to_lowercase();
            rest.len() == bare.len()
                && rest.strip_suffix(word).is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
        };
        if let Some((word, elided)) = BEFORE.iter().find(|(word, _)| ends(word)) {
            let capital = bare[bare.len() - word.len()..].starts_with(char::is_uppercase);
            text.truncate(bare.len() - word.len());
            let mut letters = elided.chars();
            let first = letters.next().map(|first| if capital { first.to_ascii_uppercase() } else { first });
            text.extend(first);
            text.push_str(letters.as_str());
            text.push_str(&"*".repeat(marks));
        }
    }
    text.push_str(value);
}

/// Day and minute in Italy: `21 novembre 2026, ore 14:05`.
#[must_use]
pub fn long_timestamp(instant: Timestamp, language: Language) -> String {
    let local = instant.to_zoned(rome());
    let time = format!("{:02}:{:02}", local.hour(), local.minute());
    let date = long_date(local.date(), language);
    match language {
        Language::Italian => format!("{date}, ore {time}"),
        Language::English => format!("{date} at {time}"),
        Language::German => format!("{date}, {time} Uhr"),
    }
}

/// Completed years on a day; negative before birth. Who is born on 29 February ages on 1 March in common years.
#[must_use]
pub fn age_on(born: Date, day: Date) -> i16 {
    let had_birthday = (day.month(), day.day()) >= (born.month(), born.day());
    day.year() - born.year() - i16::from(!had_birthday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn italian_day_differs_from_utc_at_night() {
        let late = "2026-06-30T22:30:00Z".parse().unwrap();
        assert_eq!(rome_date(late), date(2026, 7, 1));
        assert_eq!(long_timestamp(late, Language::Italian), "1º luglio 2026, ore 00:30");
    }

    #[test]
    fn italian_clocks_show_instants() {
        for (local, instant) in [
            ("2026-12-01T09:00:00", "2026-12-01T08:00:00Z"),
            ("2026-07-01T09:00:00", "2026-07-01T07:00:00Z"),
            ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
            ("2026-03-29T02:30:00", "2026-03-29T01:30:00Z"),
        ] {
            let at: Timestamp = instant.parse().unwrap();
            assert_eq!(rome_instant(local.parse().unwrap()), at, "{local}");
        }
    }

    #[test]
    fn dates_read_as_people_write_them() {
        let day = date(2026, 3, 9);
        assert_eq!(short_date(day), "09/03/2026");
        assert_eq!(long_date(day, Language::Italian), "9 marzo 2026");
        assert_eq!(long_date(day, Language::English), "9 March 2026");
        assert_eq!(long_date(day, Language::German), "9. März 2026");
    }

    #[test]
    fn the_eighth_and_the_eleventh_begin_with_a_vowel() {
        for (before, value, joined) in [
            ("entro il ", "8 dicembre 2026", "entro l’8 dicembre 2026"),
            ("Dal ", "11 marzo 2026", "Dall’11 marzo 2026"),
            ("Rispondiamo entro il **", "8 aprile 2026", "Rispondiamo entro l’**8 aprile 2026"),
            ("fino al ", "18 aprile 2026", "fino al 18 aprile 2026"),
            ("entro il ", "9 aprile 2026", "entro il 9 aprile 2026"),
            ("il ", "8 December 2026", "il 8 December 2026"),
            ("dal ", "8 euro", "dal 8 euro"),
            ("april ", "8 maggio 2026", "april 8 maggio 2026"),
            ("", "11 maggio 2026, ore 10:00", "11 maggio 2026, ore 10:00"),
        ] {
            let mut text = before.to_owned();
            push_elided(&mut text, value);
            assert_eq!(text, joined);
        }
    }

    #[test]
    fn age_turns_on_the_birthday() {
        let born = date(2008, 2, 29);
        assert_eq!(age_on(born, date(2026, 2, 28)), 17);
        assert_eq!(age_on(born, date(2026, 3, 1)), 18);
        assert_eq!(age_on(born, born), 0);
    }
}
