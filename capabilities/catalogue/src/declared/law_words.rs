//! `rules.it.toml`, `rules.en.toml`, `rules.de.toml`: the words of `rules.md` in the languages of people, and how near
//! misses are said.

use std::collections::BTreeMap;

use rules::Diagnostic;

use super::reader::{self, Table};
use crate::source::Site;

/// One such file.
#[derive(Debug, Clone, Default)]
pub(crate) struct LawWordFile {
    /// Italian text of `rules.md` → translation. In Italian only the names of parameters are: they are written without
    /// spaces and accents in `rules.md`.
    pub words: BTreeMap<String, (String, Site)>,
    /// Name of a rule or datum → what is said where it is supposed otherwise.
    pub supposed: BTreeMap<String, (String, Site)>,
    /// `amount` and `entitled`: how a supposed outcome is said; `per`: for what an amount is, where its unit does not say it.
    pub outcomes: BTreeMap<String, (String, Site)>,
}

/// What may stand in a sentence of `[supposed]`.
const PLACES: [&str; 5] = ["outcome", "member", "needed", "now", "distance"];

/// What may stand in `[outcomes]`, with what must stand in it.
const OUTCOMES: [(&str, &str); 3] = [("amount", "{amount}"), ("entitled", ""), ("per", "")];

/// Reads one file.
pub(crate) fn read_law_words(file: &str, text: &str) -> Result<LawWordFile, Vec<Diagnostic>> {
    reader::read(file, text, |root| {
        let read = LawWordFile {
            words: keyed(root, "words"),
            supposed: keyed(root, "supposed"),
            outcomes: keyed(root, "outcomes"),
        };
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
            None => root.wrong_at(site, format!("«{name}» non è un risultato"), "scrivere amount, entitled oppure per"),
            Some((_, place)) if !text.contains(place) => {
                root.wrong_at(site, "la frase non dice l’importo", format!("aggiungere {place} dove va l’importo"));
            }
            Some(_) => {}
        }
    }
}
