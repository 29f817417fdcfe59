//! `rules.it.toml`, `rules.en.toml`, `rules.de.toml`: the words of `rules.md` in the languages of people, and how near
//! misses are said.

use std::collections::BTreeMap;

use base::Language;
use rules::Diagnostic;

use super::reader::{self, Table};
use crate::source::Site;

/// One such file.
#[derive(Debug, Clone, Default)]
pub(crate) struct LawWordFile {
    /// Italian text of `rules.md` → translation.
    pub words: BTreeMap<String, (String, Site)>,
    /// Name of a rule or datum → what is said where it is supposed otherwise.
    pub supposed: BTreeMap<String, (String, Site)>,
    /// `amount` and `entitled`: how a supposed outcome is said.
    pub outcomes: BTreeMap<String, (String, Site)>,
}

/// What may stand in a sentence of `[supposed]`.
const PLACES: [&str; 5] = ["outcome", "member", "needed", "now", "distance"];

/// What may stand in `[outcomes]`, with what must stand in it.
const OUTCOMES: [(&str, &str); 2] = [("amount", "{amount}"), ("entitled", "")];

/// Reads one file.
pub(crate) fn read_law_words(file: &str, text: &str, language: Language) -> Result<LawWordFile, Vec<Diagnostic>> {
    reader::read(file, text, |root| {
        let words = keyed(root, "words");
        if language == Language::Italian && !words.is_empty() {
            root.wrong("words", "le parole italiane stanno in rules.md", "lasciare qui solo [supposed] e [outcomes]");
        }
        let read = LawWordFile { words, supposed: keyed(root, "supposed"), outcomes: keyed(root, "outcomes") };
        read.supposed.values().for_each(|(sentence, site)| sentence_is_whole(root, sentence, site));
        outcomes_are_known(root, &read.outcomes);
        read
    })
}

fn keyed(root: &Table, key: &'static str) -> BTreeMap<String, (String, Site)> {
    root.texts_by_key(key).into_iter().map(|(name, text, site)| (name, (text, site))).collect()
}

/// A mistyped place would be shown to people as it is.
fn sentence_is_whole(root: &Table, sentence: &str, site: &Site) {
    if !sentence.contains("{outcome}") {
        root.wrong_at(site, "la frase non dice che cosa cambierebbe", "aggiungere {outcome} dove va il risultato");
    }
    let places = sentence.split('{').skip(1).map(|rest| rest.split('}').next().unwrap_or(""));
    for place in places.filter(|place| !PLACES.contains(place)) {
        let known = PLACES.map(|place| format!("{{{place}}}")).join(", ");
        root.wrong_at(site, format!("il segnaposto «{{{place}}}» non esiste"), format!("si possono usare: {known}"));
    }
}

fn outcomes_are_known(root: &Table, outcomes: &BTreeMap<String, (String, Site)>) {
    for (name, (text, site)) in outcomes {
        match OUTCOMES.iter().find(|(known, _)| known == name) {
            None => root.wrong_at(site, format!("«{name}» non è un risultato"), "scrivere amount oppure entitled"),
            Some((_, place)) if !text.contains(place) => {
                root.wrong_at(site, "la frase non dice l’importo", format!("aggiungere {place} dove va l’importo"));
            }
            Some(_) => {}
        }
    }
}
