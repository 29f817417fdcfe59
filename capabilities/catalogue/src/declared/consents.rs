use base::{Language, Translated};
use sha2::{Digest, Sha256};

use super::reader::Table;
use crate::source::Site;

/// Hexadecimal digits that name a sentence.
const DIGITS: usize = 16;

/// A use of people's data that the office may make of those who agree, and of nobody else (art. 6(1)(a) and 7 GDPR).
/// Nothing depends on the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentAsked {
    /// Names it within the service.
    pub id: String,
    /// Id of the office that may make use of it: the service's own.
    pub office: String,
    /// What it is about.
    pub title: Translated,
    /// The sentence to which a person agrees: who may use what, for what, and how long.
    pub text: Translated,
}

impl ConsentAsked {
    /// Names the sentence and who may make use of it: who agreed to one has not agreed to another. The Italian words count, so that
    /// a mended translation asks nobody again.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"sportello/consent/v1\n");
        for text in [self.office.as_str(), self.title.get(Language::Italian), self.text.get(Language::Italian)] {
            hash.update(format!("{}\n", text.len()));
            hash.update(text);
        }
        let mut name = hex::encode(hash.finalize());
        name.truncate(DIGITS);
        name
    }
}

/// Reads `[[consents]]`.
pub(super) fn read_consents(root: &Table) -> Vec<ConsentAsked> {
    let office = root.text("office").unwrap_or_default();
    let read = root.tables("consents", |table| {
        let asked = ConsentAsked {
            id: table.need_text("id"),
            office: office.clone(),
            title: table.need_translated("title"),
            text: table.need_translated("text"),
        };
        (asked, table.site("id"))
    });
    let mut kept: Vec<ConsentAsked> = Vec::new();
    for (asked, site) in read {
        refuse_unfit(root, &asked, &kept, &site);
        kept.push(asked);
    }
    kept
}

fn refuse_unfit(root: &Table, asked: &ConsentAsked, before: &[ConsentAsked], site: &Site) {
    let id = &asked.id;
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    if !id.chars().all(fits) {
        root.wrong_at(
            site,
            format!("«{id}» non può essere l’id di un consenso"),
            "usare lettere minuscole, cifre e trattini",
        );
    }
    if before.iter().any(|earlier| earlier.id == *id) {
        root.wrong_at(site, format!("il consenso «{id}» c’è già"), "dare un id diverso a ciascuno");
    }
}
