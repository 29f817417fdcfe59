use std::{fmt, iter::Sum, ops::Add, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Language;

/// An amount in euro cents. Displayed as Italians write it: `1.234,50 €`. Never a binary fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub i64);

impl Cents {
    /// Digits and separators without the currency sign: `-1.234,50`.
    #[must_use]
    pub fn digits(self) -> String {
        let (euro, cents) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let sign = if self.0 < 0 { "-" } else { "" };
        format!("{sign}{},{cents:02}", in_threes(euro, '.'))
    }
}

/// A count as people write it in a language: `12.345`, in English `12,345`.
#[must_use]
pub fn shown_count(count: u64, language: Language) -> String {
    in_threes(count, if language == Language::English { ',' } else { '.' })
}

/// Digits with a sign between each three.
fn in_threes(number: u64, sign: char) -> String {
    let plain = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in plain.chars().enumerate() {
        if place > 0 && (plain.len() - place).is_multiple_of(3) {
            grouped.push(sign);
        }
        grouped.push(digit);
    }
    grouped
}

impl Cents {
    /// As people write it in a language: `1.234,50 €`, in English `€1,234.50`.
    #[must_use]
    pub fn shown(self, language: Language) -> String {
        if language != Language::English {
            return self.to_string();
        }
        let swapped = |sign| match sign {
            '.' => ',',
            ',' => '.',
            other => other,
        };
        let digits: String = self.digits().chars().map(swapped).collect();
        digits.strip_prefix('-').map_or_else(|| format!("€{digits}"), |digits| format!("-€{digits}"))
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A no-break space keeps amount and sign on one line.
        write!(f, "{}\u{a0}€", self.digits())
    }
}

impl Add for Cents {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("amounts of people stay far below 92 million billion euro"))
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0), Add::add)
    }
}

/// Why a typed amount was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an amount in euro: write for example 1.234,50")]
pub struct CentsError;

impl FromStr for Cents {
    type Err = CentsError;

    /// Reads what people type: `1234`, `1.234,5`, `1234.50`, `€ 1.234,50`. A single dot followed by exactly three
    /// digits is the thousands separator, as in Italian; any other dot is a decimal point.
    fn from_str(typed: &str) -> Result<Self, CentsError> {
        let text: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '€' && *c != '\u{a0}').collect();
        let (negative, text) = text.strip_prefix('-').map_or((false, text.as_str()), |rest| (true, rest));
        let (whole, fraction) = split_decimals(text)?;
        let digits: String = whole.chars().filter(|c| *c != '.').collect();
        let valid = |part: &str| part.chars().all(|c| c.is_ascii_digit());
        if digits.is_empty() || !valid(&digits) || !valid(fraction) || fraction.len() > 2 || !grouped(whole) {
            return Err(CentsError);
        }
        let euro: i64 = digits.parse().map_err(|_| CentsError)?;
        let cents: i64 = format!("{fraction:0<2}").parse().map_err(|_| CentsError)?;
        let total = euro.checked_mul(100).and_then(|sum| sum.checked_add(cents)).ok_or(CentsError)?;
        Ok(Self(if negative { -total } else { total }))
    }
}

fn split_decimals(text: &str) -> Result<(&str, &str), CentsError> {
    if let Some((whole, fraction)) = text.split_once(',') {
        return if fraction.contains([',', '.']) { Err(CentsError) } else { Ok((whole, fraction)) };
    }
    match text.rsplit_once('.') {
        Some((whole, fraction)) if fraction.len() != 3 && !whole.contains('.') => Ok((whole, fraction)),
        _ => Ok((text, "")),
    }
}

/// Dots, where there are any, part the digits by threes.
fn grouped(whole: &str) -> bool {
    let mut groups = whole.split('.');
    let first = groups.next().unwrap_or("");
    let rest: Vec<_> = groups.collect();
    rest.is_empty() || (first.len() <= 3 && rest.iter().all(|group| group.len() == 3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_people_type() {
        for (typed, cents) in
            [("12", 1200), ("1.234,5", 123_450), ("1234.50", 123_450), ("€ 1.234", 123_400), ("-3,07", -307)]
        {
            assert_eq!(typed.parse(), Ok(Cents(cents)), "{typed}");
        }
        for wrong in ["", "12,345", "1.23.4", "dodici", "1,2,3", "12a", "1.2345,00", "99999999999999999999"] {
            assert_eq!(wrong.parse::<Cents>(), Err(CentsError), "{wrong}");
        }
    }

    #[test]
    fn amounts_follow_the_language() {
        assert_eq!(Cents(123_450).shown(Language::German), "1.234,50\u{a0}€");
        assert_eq!(Cents(123_450).shown(Language::English), "€1,234.50");
        assert_eq!(Cents(-307).shown(Language::English), "-€3.07");
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_read_back(cents in -1_000_000_000_000i64..1_000_000_000_000) {
            prop_assert_eq!(Cents(cents).to_string().parse(), Ok(Cents(cents)));
        }
    }
}
