//! By what an officer finds a case: name, fiscal code, number.

use std::collections::BTreeSet;

use base::fold;

use crate::payload::Submitted;

/// Words of a name, and of a question, beyond which nothing is looked at.
const MOST_WORDS: usize = 6;
/// Begins the keys of pairs that stand apart in a name: no word begins so.
const APART: char = '+';
/// Begins the key that is the fiscal code.
const CODE: char = '#';
/// From so many letters on a word may be a fiscal code: its first six are letters, too.
const SHORTEST_CODE: usize = 6;

/// What an officer may look a case up by: name, fiscal code, protocol number, service; folded like the query.
#[must_use]
pub fn searchable(submitted: &Submitted) -> String {
    let protocol = &submitted.protocol;
    let parts = [
        submitted.applicant.name.as_str(),
        &submitted.applicant.fiscal_code,
        &protocol.to_string(),
        &protocol.number.to_string(),
        &submitted.service_name,
    ];
    fold(&parts.join(" "))
}

/// The keys of an applicant: those of the name, and the fiscal code.
#[must_use]
pub fn keys(name: &str, code: &str) -> BTreeSet<String> {
    let mut keys = name_keys(name);
    keys.insert(format!("{CODE}{}", fold(code)));
    keys
}

/// The keys of a name: for each of its words the word with the others behind it, and every further pair of words. So
/// one word, or two in either order, are the beginning of a key: what a database finds in one look.
fn name_keys(name: &str) -> BTreeSet<String> {
    let folded = fold(name);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).take(MOST_WORDS).collect();
    let mut keys = BTreeSet::new();
    for (at, first) in words.iter().enumerate() {
        let others = || words.iter().enumerate().filter(move |(other, _)| *other != at).map(|(_, word)| *word);
        keys.insert(std::iter::once(*first).chain(others()).collect::<Vec<_>>().join(" "));
        keys.extend(others().skip(1).map(|second| format!("{APART}{first} {second}")));
    }
    keys
}

/// What an officer looks for. All of it must be true of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Words of the name in any order; the last one may be only begun.
    pub names: Vec<String>,
    /// The beginning of the fiscal code.
    pub code: Option<String>,
    /// Number, and year if it was said.
    pub number: Option<(i64, Option<i64>)>,
}

impl Asked {
    /// Reads what was typed: digits are a number, letters with digits a fiscal code, letters a name. `None` where
    /// nothing can be called that.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let mut asked = Self::default();
        for word in fold(typed).split_whitespace().take(MOST_WORDS) {
            if let Some(number) = number(word) {
                asked.number = Some(number);
            } else if word.contains(|letter: char| letter.is_ascii_digit()) {
                asked.code = Some(word.to_owned());
            } else {
                asked.names.push(word.to_owned());
            }
        }
        (asked != Self::default()).then_some(asked)
    }

    /// The beginnings of keys, one of which a case has that is asked for; none where only a number is.
    #[must_use]
    pub fn beginnings(&self) -> Vec<String> {
        if let Some(code) = &self.code {
            return vec![format!("{CODE}{code}")];
        }
        match self.names.as_slice() {
            [] => Vec::new(),
            [only] if only.len() < SHORTEST_CODE => vec![only.clone()],
            [only] => vec![only.clone(), format!("{CODE}{only}")],
            [first, .., last] => vec![format!("{first} {last}"), format!("{APART}{first} {last}")],
        }
    }

    /// Words of the name that the beginning of a key does not say.
    #[must_use]
    pub fn besides(&self) -> &[String] {
        match (&self.code, self.number, self.names.as_slice()) {
            (None, None, [_, between @ .., _]) => between,
            (None, None, _) => &[],
            (_, _, names) => names,
        }
    }
}

/// `123/2026`, or `123` of any year.
fn number(word: &str) -> Option<(i64, Option<i64>)> {
    match word.split_once('/') {
        Some((number, year)) => Some((number.parse().ok()?, Some(year.parse().ok()?))),
        None => Some((word.parse().ok()?, None)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn finds(typed: &str, name: &str) -> bool {
        let keys = name_keys(name);
        let asked = Asked::read(typed).unwrap_or_default();
        asked.beginnings().iter().any(|begins| keys.iter().any(|key| key.starts_with(begins)))
    }

    #[test]
    fn a_name_is_found_by_its_words_in_any_order_the_last_one_begun() {
        for typed in ["maria", "ros", "maria rossi", "Rossi Mar", "anna ros", "ROSSI ANNA", "anna mar", "màría"] {
            assert!(finds(typed, "Anna Maria Rossi"), "{typed}");
        }
        for typed in ["mar rossi", "nna", "rossini", "bianchi", "maria bianchi"] {
            assert!(!finds(typed, "Anna Maria Rossi"), "{typed}");
        }
    }

    #[test]
    fn digits_are_a_number_letters_with_digits_a_code() {
        let asked = |typed| Asked::read(typed).unwrap();
        assert_eq!(asked("0000123/2026").number, Some((123, Some(2026))));
        assert_eq!(asked("123").number, Some((123, None)));
        assert_eq!(asked("RSSMRA80A").beginnings(), ["#rssmra80a"]);
        assert_eq!(asked("rssmra").beginnings(), ["rssmra", "#rssmra"], "a name or a code");
        assert_eq!(asked("rossi").beginnings(), ["rossi"]);
        assert_eq!(asked("maria anna rossi").besides(), ["anna"]);
        assert_eq!(asked("rossi 12").number, Some((12, None)));
        assert_eq!(asked("rossi 12").names, ["rossi"]);
        assert_eq!(Asked::read("% _ ' \\"), None);
    }

    proptest! {
        #[test]
        fn every_pair_of_words_of_a_name_finds_it(words in prop::collection::vec("[a-z]{2,8}", 1..5)) {
            let name = words.join(" ");
            for first in &words {
                prop_assert!(finds(first, &name), "{first} in {name}");
                for second in words.iter().filter(|second| *second != first) {
                    let typed = format!("{first} {}", &second[..1]);
                    prop_assert!(finds(&typed, &name), "{typed} in {name}");
                }
            }
        }

        #[test]
        fn nothing_that_is_typed_panics(typed in "\\PC{0,40}") {
            if let Some(asked) = Asked::read(&typed) {
                prop_assert!(asked.beginnings().len() <= 2);
                prop_assert!(asked.besides().len() <= MOST_WORDS);
            }
        }
    }
}
