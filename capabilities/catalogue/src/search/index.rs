use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::Language;

use super::{
    Fragment,
    analyse::{Token, analyse},
    snippet::snippet,
};
use crate::{Offer, Service, declared::Section};

/// Something that a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// What it is.
    pub kind: HitKind,
    /// Its name.
    pub title: String,
    /// Where it is.
    pub href: String,
    /// Its words around what was looked for.
    pub snippet: Vec<Fragment>,
}

/// What a search can find, in the order of usefulness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitKind {
    /// A service.
    Service,
    /// A life event.
    LifeEvent,
    /// Another page of the site.
    Page,
}

/// The words of everything public, by language.
#[derive(Debug, Default)]
pub(crate) struct Index([Words; 3]);

#[derive(Debug, Default)]
struct Words {
    documents: Vec<Document>,
    /// Stem → documents with the weight that it has there.
    postings: HashMap<String, BTreeMap<usize, f64>>,
    /// Whole words → stem, for beginnings of words and mistyped ones.
    vocabulary: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Document {
    kind: HitKind,
    title: String,
    href: String,
    body: String,
}

/// How much a word counts, by where it stands.
const IN_TITLE: f64 = 8.0;
const IN_KEYWORDS: f64 = 6.0;
const IN_SUMMARY: f64 = 3.0;
const IN_BODY: f64 = 1.0;

/// Longest question that is looked at, in words.
const MOST_WORDS: usize = 12;

impl Index {
    /// Reads all that citizens may find.
    pub fn of(offer: &Offer) -> Self {
        Self(Language::ALL.map(|language| {
            let mut words = Words::default();
            offer.public().for_each(|service| words.add_service(service, language));
            words.add_events(offer, language);
            words.add_pages(offer, language);
            words
        }))
    }

    /// What fits a question best, best first.
    pub fn search(&self, question: &str, language: Language) -> Vec<Hit> {
        self.0[language as usize].search(question, language)
    }
}

impl Words {
    fn add_service(&mut self, service: &Service, language: Language) {
        let (sections, written) = service.page.sections(language);
        let (title, summary) = (service.name.get(language), service.summary.get(language));
        let body = body(summary, sections);
        let fields = [
            (title, IN_TITLE),
            (&service.decl.keywords.join(" · "), IN_KEYWORDS),
            (summary, IN_SUMMARY),
            (&body, IN_BODY),
        ];
        // A page that is not translated is stemmed as what it is, Italian.
        self.add((HitKind::Service, title, service.href()), &fields, written);
    }

    fn add_events(&mut self, offer: &Offer, language: Language) {
        for event in &offer.life_events {
            let content = offer.content(&format!("eventi/{}", event.id), language);
            let (title, summary) = (event.name.get(language), event.summary.get(language));
            let text =
                content.map_or_else(|| summary.to_owned(), |content| format!("{summary} {}", content.opening.text));
            let href = format!("/eventi-della-vita/{}", event.id);
            self.add((HitKind::LifeEvent, title, href), &[(title, IN_SUMMARY), (&text, IN_BODY)], language);
        }
    }

    fn add_pages(&mut self, offer: &Offer, language: Language) {
        for page in crate::offer::REQUIRED_PAGES {
            let Some(content) = offer.content(page, language) else { continue };
            let text = body(&content.opening.text, &content.sections);
            let fields = [(content.title.as_str(), IN_SUMMARY), (&text, IN_BODY)];
            self.add((HitKind::Page, &content.title, format!("/{page}")), &fields, content.language);
        }
    }

    /// The last field is the body, from which snippets are cut.
    fn add(&mut self, (kind, title, href): (HitKind, &str, String), fields: &[(&str, f64)], language: Language) {
        let number = self.documents.len();
        for (text, weight) in fields {
            let mut counts: HashMap<String, f64> = HashMap::new();
            for token in analyse(text, language) {
                *counts.entry(token.stem.clone()).or_default() += 1.0;
                self.vocabulary.insert(token.word, token.stem);
            }
            for (stem, count) in counts {
                *self.postings.entry(stem).or_default().entry(number).or_default() += weight * (1.0 + count.ln());
            }
        }
        let body = fields.last().map_or("", |(text, _)| text).to_owned();
        self.documents.push(Document { kind, title: title.to_owned(), href, body });
    }

    fn search(&self, question: &str, language: Language) -> Vec<Hit> {
        let asked: Vec<Token> = analyse(question, language).into_iter().take(MOST_WORDS).collect();
        let mut scores: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        let mut found = BTreeSet::new();
        for token in &asked {
            let (stems, trust) = self.meant(token);
            let mut best: BTreeMap<usize, f64> = BTreeMap::new();
            for stem in &stems {
                for (document, weight) in self.postings.get(stem).into_iter().flatten() {
                    let score = trust * weight * self.rarity(stem);
                    best.entry(*document).and_modify(|known| *known = known.max(score)).or_insert(score);
                }
            }
            for (document, score) in best {
                let entry = scores.entry(document).or_default();
                *entry = (entry.0 + score, entry.1 + 1.0);
            }
            found.extend(stems);
        }
        // Who finds all the words comes well before who finds some.
        let share = |matched: f64| (matched / count(asked.len())).powi(2);
        let scored = scores.iter().map(|(document, (score, matched))| (score * share(*matched), *document));
        let mut ranked: Vec<(f64, usize)> = scored.collect();
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        ranked.into_iter().filter_map(|(_, number)| Some(self.documents.get(number)?.hit(&found, language))).collect()
    }

    /// The stems that a word of a question may mean, and how much to trust them: itself; else words that begin so;
    /// else words that differ by a slip of the finger.
    fn meant(&self, token: &Token) -> (Vec<String>, f64) {
        if self.postings.contains_key(&token.stem) {
            return (vec![token.stem.clone()], 1.0);
        }
        let length = token.word.chars().count();
        let begun = self.vocabulary.range(token.word.clone()..).take_while(|(word, _)| word.starts_with(&token.word));
        let begun: BTreeSet<String> = begun.map(|(_, stem)| stem.clone()).collect();
        if length >= 3 && !begun.is_empty() {
            return (begun.into_iter().collect(), 0.7);
        }
        let slips = match length {
            0..=3 => return (Vec::new(), 0.0),
            4..=7 => 1,
            _ => 2,
        };
        let near = self.vocabulary.iter().filter(|(word, _)| word.chars().count().abs_diff(length) <= slips);
        let near: BTreeSet<String> =
            near.filter(|(word, _)| base::edits(&token.word, word) <= slips).map(|(_, stem)| stem.clone()).collect();
        (near.into_iter().collect(), 0.4)
    }

    /// Words that stand everywhere say little (inverse document frequency).
    fn rarity(&self, stem: &str) -> f64 {
        let holders = count(self.postings.get(stem).map_or(0, BTreeMap::len));
        (1.0 + count(self.documents.len()) / (1.0 + holders)).ln()
    }
}

/// A small count as a weight.
fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

impl Document {
    fn hit(&self, stems: &BTreeSet<String>, language: Language) -> Hit {
        let snippet = snippet(&self.body, stems, language);
        Hit { kind: self.kind, title: self.title.clone(), href: self.href.clone(), snippet }
    }
}

fn body(opening: &str, sections: &[Section]) -> String {
    let mut text = opening.trim().to_owned();
    for section in sections {
        text.push(' ');
        text.push_str(&section.title);
        text.push_str(": ");
        text.push_str(section.text.trim());
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
