//! The words that people read, in three languages: `words/{it,en,de}.toml` of each crate, merged by the app.
//!
//! Nested tables become dotted keys; `{name}` is a placeholder; a key that ends in `_one` or `_other` is chosen by
//! number. Every crate's keys begin with the crate's own name, so that two crates cannot collide unnoticed.

mod check;

use std::collections::HashMap;

use base::{Language, Translated};

pub use check::check;

/// The three files of a crate. Made by [`crate::word_files!`].
#[derive(Debug, Clone, Copy)]
pub struct WordFiles {
    /// The crate, for messages.
    pub room: &'static str,
    /// Italian, English, German: TOML text.
    pub texts: [&'static str; 3],
}

/// The [`WordFiles`] of the crate that calls it: `pub const WORDS: web::WordFiles = web::word_files!("cases");`
#[macro_export]
macro_rules! word_files {
    ($room:literal) => {
        $crate::WordFiles {
            room: $room,
            texts: [
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/words/it.toml")),
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/words/en.toml")),
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/words/de.toml")),
            ],
        }
    };
}

/// Why the words of the program cannot be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    /// A file is not TOML, or holds something else than texts and tables.
    #[error("words of `{room}`, {language}: {message}")]
    Unreadable {
        /// The crate.
        room: &'static str,
        /// Tag of the file.
        language: &'static str,
        /// What is wrong and where.
        message: String,
    },
    /// Two crates define one key.
    #[error("`{key}` is defined by `{first}` and by `{second}`: rename one")]
    Twice {
        /// The key.
        key: String,
        /// The crate that came first.
        first: &'static str,
        /// The other one.
        second: &'static str,
    },
}

#[derive(Debug)]
struct Entry {
    room: &'static str,
    texts: [Option<String>; 3],
}

/// All words of the program.
#[derive(Debug, Default)]
pub struct Words(HashMap<String, Entry>);

impl Words {
    /// Joins the words of several crates.
    ///
    /// # Errors
    /// [`WordsError`] when a file is unreadable or two crates define one key.
    pub fn merge(files: &[WordFiles]) -> Result<Self, WordsError> {
        let mut words = Self::default();
        for file in files {
            words.add(file)?;
        }
        Ok(words)
    }

    fn add(&mut self, files: &WordFiles) -> Result<(), WordsError> {
        for language in Language::ALL {
            for (key, text) in read(files, language)? {
                let fresh = || Entry { room: files.room, texts: [None, None, None] };
                let entry = self.0.entry(key.clone()).or_insert_with(fresh);
                if entry.room != files.room {
                    return Err(WordsError::Twice { key, first: entry.room, second: files.room });
                }
                entry.texts[language as usize] = Some(text);
            }
        }
        Ok(())
    }

    /// The text of `key` in `language`, in Italian where it is not translated; `None` for a key nobody defined.
    #[must_use]
    pub fn get(&self, language: Language, key: &str) -> Option<&str> {
        let texts = &self.0.get(key)?.texts;
        texts[language as usize].as_deref().or(texts[Language::Italian as usize].as_deref())
    }

    /// Like [`Words::get`], but shows the key itself where nobody defined it (and says so in the log): a page with
    /// an odd word is better than no page, and [`check`] keeps it from happening.
    #[must_use]
    pub fn t<'a>(&'a self, language: Language, key: &'a str) -> &'a str {
        self.get(language, key).unwrap_or_else(|| {
            tracing::warn!(key, "no such word");
            key
        })
    }

    /// The sentence of `key` in every language, with values that have their own words in each: who reads it later may
    /// speak another language than who causes it now.
    #[must_use]
    pub fn in_all(&self, key: &str, values: &[(&str, &Translated)]) -> Translated {
        let said = |language| {
            let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.get(language).to_owned())).collect();
            fill(self.t(language, key), &values)
        };
        Translated::Many(Language::ALL.into_iter().map(|language| (language, said(language))).collect())
    }
}

/// Puts values in the place of `{name}`. Values are not looked at again: `{x}` inside a value stays as it is.
#[must_use]
pub fn fill(text: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let value = after
            .split_once('}')
            .and_then(|(name, tail)| values.iter().find(|(known, _)| *known == name).map(|(_, value)| (value, tail)));
        match value {
            Some((value, tail)) => {
                base::push_elided(&mut filled, value);
                rest = tail;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

fn read(files: &WordFiles, language: Language) -> Result<Vec<(String, String)>, WordsError> {
    let unreadable = |message| WordsError::Unreadable { room: files.room, language: language.tag(), message };
    let table: toml::Table =
        files.texts[language as usize].parse().map_err(|error: toml::de::Error| unreadable(error.to_string()))?;
    let mut found = Vec::new();
    flatten("", table, &mut found).map_err(unreadable)?;
    Ok(found)
}

fn flatten(prefix: &str, table: toml::Table, found: &mut Vec<(String, String)>) -> Result<(), String> {
    for (name, value) in table {
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::String(text) => found.push((key, text)),
            toml::Value::Table(inner) => flatten(&key, inner, found)?,
            other => return Err(format!("`{key}` is a {}: write a text", other.type_str())),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: WordFiles =
        WordFiles { room: "one", texts: ["a.b = 'sì {n}'\na.c = 'solo qui'", "a.b = 'yes {n}'", ""] };

    #[test]
    fn a_missing_translation_is_said_in_italian() {
        let words = Words::merge(&[ONE]).unwrap();
        assert_eq!(words.t(Language::English, "a.b"), "yes {n}");
        assert_eq!(words.t(Language::German, "a.b"), "sì {n}");
        assert_eq!(words.t(Language::German, "nobody"), "nobody");
    }

    #[test]
    fn a_sentence_in_every_language_has_its_values_in_that_language() {
        let words = Words::merge(&[ONE]).unwrap();
        let value = Translated::Many([(Language::Italian, "uno {n}".into()), (Language::English, "one".into())].into());
        let said = words.in_all("a.b", &[("n", &value)]);
        let shown = Language::ALL.map(|language| said.get(language).to_owned());
        assert_eq!(shown, ["sì uno {n}", "yes one", "sì uno {n}"]);
    }

    #[test]
    fn two_crates_may_not_share_a_key() {
        let two = WordFiles { room: "two", ..ONE };
        let error = Words::merge(&[ONE, two]).unwrap_err();
        assert!(matches!(error, WordsError::Twice { first: "one", second: "two", .. }));
    }

    #[test]
    fn a_broken_file_is_named() {
        let broken = WordFiles { room: "broken", texts: ["a = 1", "", ""] };
        let message = Words::merge(&[broken]).unwrap_err().to_string();
        assert_eq!(message, "words of `broken`, it: `a` is a integer: write a text");
    }

    #[test]
    fn values_are_filled_in_once() {
        let values = [("a", "{b}".to_owned()), ("b", "2".to_owned())];
        assert_eq!(fill("{a} e {b} e {c} {", &values), "{b} e 2 e {c} {");
    }
}
