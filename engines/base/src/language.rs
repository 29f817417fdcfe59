use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The languages in which the office speaks. Italian is the one in which acts are valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Language {
    /// Italiano.
    #[default]
    #[serde(rename = "it")]
    Italian,
    /// English.
    #[serde(rename = "en")]
    English,
    /// Deutsch (an official language in South Tyrol).
    #[serde(rename = "de")]
    German,
}

impl Language {
    /// All of them, in the order of the language menu.
    pub const ALL: [Self; 3] = [Self::Italian, Self::English, Self::German];

    /// The BCP 47 tag, as in `<html lang>`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Italian => "it",
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The language's name in itself, for the menu.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Italian => "Italiano",
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The answer to a question that has two.
    #[must_use]
    pub const fn yes_or_no(self, yes: bool) -> &'static str {
        match (self, yes) {
            (Self::Italian, true) => "Sì",
            (Self::English, true) => "Yes",
            (Self::German, true) => "Ja",
            (Self::German, false) => "Nein",
            (_, false) => "No",
        }
    }

    /// From a tag such as `de` or `de-AT`; `None` for a language that the office does not speak.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
    }
}

/// A text that officials wrote in Italian and perhaps in other languages: `"…"` or `{ it = "…", en = "…" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Translated {
    /// Italian only.
    One(String),
    /// By language.
    Many(BTreeMap<Language, String>),
}

impl Translated {
    /// The text in `language`, or in Italian where no translation was written.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match self {
            Self::One(text) => text,
            Self::Many(texts) => texts.get(&language).or_else(|| texts.get(&Language::Italian)).map_or("", |t| t),
        }
    }

    /// Whether the text exists in `language` itself (pages mark a fallback with its own `lang`).
    #[must_use]
    pub fn has(&self, language: Language) -> bool {
        match self {
            Self::One(_) => language == Language::Italian,
            Self::Many(texts) => texts.contains_key(&language),
        }
    }
}

impl From<&str> for Translated {
    fn from(text: &str) -> Self {
        Self::One(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_translation_falls_back_to_italian() {
        let text: Translated = serde_from(&[(Language::Italian, "sì"), (Language::German, "ja")]);
        assert_eq!(text.get(Language::German), "ja");
        assert_eq!(text.get(Language::English), "sì");
        assert!(!text.has(Language::English));
    }

    #[test]
    fn tags_with_a_region_are_understood() {
        assert_eq!(Language::from_tag("de-AT"), Some(Language::German));
        assert_eq!(Language::from_tag("fr"), None);
    }

    fn serde_from(pairs: &[(Language, &str)]) -> Translated {
        Translated::Many(pairs.iter().map(|(language, text)| (*language, (*text).to_owned())).collect())
    }
}
