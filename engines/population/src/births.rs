//! Unique fiscal codes without remembering the people.
//!
//! A code is made of surname letters, given-name letters, date of birth, sex and place. For each *cell* (age, place
//! of birth, surname letters) one counter is kept: the *k*-th person of a cell gets the *k*-th day of a permutation
//! of the 365 or 366 days that make that age, so dates within a cell differ, and codes with them. When all days of a
//! cell are taken the next round begins with omocode 1, and so on to 127: more than 46,000 people per cell.
//! The table of counters has a size that does not depend on how many people the world has.

use std::collections::BTreeMap;

use base::{Date, FiscalCode, PersonName, Sex};
use jiff::civil::date;

use crate::{
    dates::birthday_in,
    rng::splitmix,
    tables::{communities::COMMUNITIES, names::SURNAMES, places::MUNICIPALITIES},
};

/// Ages go from 0 to 99: the year in a fiscal code has two digits, so a hundred-year-old could share a newborn's code.
pub(crate) const OLDEST: i16 = 99;
/// Steps through the days of a year; prime to 365 and to 366.
const STEPS: [u64; 6] = [101, 127, 139, 151, 163, 179];

/// The days of birth of people of one age.
#[derive(Debug, Clone, Copy)]
struct Period {
    last: Date,
    days: u16,
}

/// Gives out days of birth.
#[derive(Debug, Clone)]
pub(crate) struct Births {
    seed: u64,
    periods: Vec<Period>,
    surname_classes: BTreeMap<&'static str, usize>,
    classes: usize,
    used: Box<[u16]>,
}

/// A day of birth, and the omocode that keeps the code unique (0: none).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Birth {
    pub born: Date,
    pub omocode: u8,
}

/// Where a person was born: index among the municipalities, then among the communities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BirthPlace {
    Italy(usize),
    Abroad(usize),
}

impl Births {
    pub(crate) fn new(seed: u64, today: Date) -> Self {
        let (surname_classes, classes) = surname_classes();
        let places = MUNICIPALITIES.len() + COMMUNITIES.len();
        let cells = usize::from(OLDEST.unsigned_abs() + 1) * places * classes;
        let periods = (0..=OLDEST).map(|age| period(today, age)).collect();
        Self { seed, periods, surname_classes, classes, used: vec![0; cells].into_boxed_slice() }
    }

    /// The next free day of birth for a person of completed years `age` (0 to [`OLDEST`]).
    pub(crate) fn take(&mut self, age: i16, place: BirthPlace, surname: &str) -> Birth {
        let age = usize::try_from(age.clamp(0, OLDEST)).unwrap_or(0);
        let cell = self.cell(age, place, surname);
        let taken = self.used[cell];
        self.used[cell] = taken.saturating_add(1);
        let Period { last, days } = self.periods[age];
        let mut key = self.seed ^ cell as u64;
        let (start, step) = (splitmix(&mut key), STEPS[(splitmix(&mut key) % 6) as usize]);
        let back = (start % u64::from(days) + u64::from(taken % days) * step) % u64::from(days);
        let born = last.saturating_sub(jiff::Span::new().days(i64::try_from(back).unwrap_or(0)));
        // Sizes are bounded by `World::new` so that no cell comes near round 127.
        Birth { born, omocode: u8::try_from(taken / days).unwrap_or(127).min(127) }
    }

    /// Bytes of the table of counters: the whole memory that grows with nothing.
    pub(crate) fn bytes(&self) -> usize {
        std::mem::size_of_val(&*self.used)
    }

    fn cell(&self, age: usize, place: BirthPlace, surname: &str) -> usize {
        let class = self.surname_classes.get(surname).copied().unwrap_or(0);
        let place = match place {
            BirthPlace::Italy(index) => index,
            BirthPlace::Abroad(index) => MUNICIPALITIES.len() + index,
        };
        (age * (MUNICIPALITIES.len() + COMMUNITIES.len()) + place) * self.classes + class
    }
}

/// The days on which a person who has completed `age` years `today` may be born: after the day of those one year
/// older, up to the one whose birthday is today.
fn period(today: Date, age: i16) -> Period {
    let (last, before) = (birthday_in(today, today.year() - age), birthday_in(today, today.year() - age - 1));
    let days = last.duration_since(before).as_hours() / 24;
    Period { last, days: u16::try_from(days).unwrap_or(365) }
}

/// Surnames that share their three letters share a class: `Rossi` and `Russo` are both `RSS`.
fn surname_classes() -> (BTreeMap<&'static str, usize>, usize) {
    let foreign = COMMUNITIES.iter().flat_map(|(_, community)| community.surnames.iter().copied());
    let mut letters = BTreeMap::new();
    let mut classes = BTreeMap::new();
    for surname in SURNAMES.iter().map(|(_, surname)| *surname).chain(foreign) {
        let next = letters.len();
        classes.insert(surname, *letters.entry(surname_letters(surname)).or_insert(next));
    }
    (classes, letters.len())
}

/// The first three letters of the codes of people with this surname.
fn surname_letters(surname: &str) -> String {
    let name = PersonName { surname: surname.to_owned(), given: "Anna".to_owned() };
    let code = FiscalCode::encode(&name, date(2000, 1, 1), Sex::F, "H501");
    code.map_or_else(|_| "XXX".to_owned(), |code| code.as_str()[..3].to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use base::age_on;

    #[test]
    fn a_crowded_cell_gives_no_date_and_omocode_twice() {
        for today in [date(2026, 11, 21), date(2028, 2, 29), date(2027, 1, 1)] {
            let mut births = Births::new(1, today);
            let mut seen = BTreeSet::new();
            for _ in 0..2_000 {
                let Birth { born, omocode } = births.take(33, BirthPlace::Italy(0), "Rossi");
                assert_eq!(age_on(born, today), 33);
                assert!(seen.insert((born, omocode)), "{born} {omocode}");
            }
            assert_eq!(seen.iter().map(|(_, omocode)| *omocode).max(), Some(5));
        }
    }

    #[test]
    fn surnames_with_the_same_letters_share_their_counters() {
        let mut births = Births::new(1, date(2026, 11, 21));
        let first = births.take(40, BirthPlace::Abroad(0), "Rossi");
        let second = births.take(40, BirthPlace::Abroad(0), "Russo");
        assert_ne!(first, second);
    }

    #[test]
    fn ages_part_the_days_of_a_century_without_overlap() {
        for today in [date(2026, 2, 28), date(2028, 2, 29), date(2026, 3, 1)] {
            let total: u32 = (0..=OLDEST).map(|age| u32::from(period(today, age).days)).sum();
            assert!((36_524..=36_525).contains(&total), "{today}: {total}");
        }
    }
}
