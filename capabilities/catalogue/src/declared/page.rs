use std::collections::{BTreeMap, BTreeSet};

use base::Language;
use rules::Diagnostic;

use super::markdown::{Markdown, Section, read_markdown};
use crate::source::{Source, whole_file};

/// The page of a service: its sections in each language in which it was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageTexts(BTreeMap<Language, Vec<Section>>);

impl PageTexts {
    /// The sections in `language`, or in Italian where the page was not translated, with the language they are in.
    #[must_use]
    pub fn sections(&self, language: Language) -> (&[Section], Language) {
        let written = if self.0.contains_key(&language) { language } else { Language::Italian };
        (self.0.get(&written).map_or(&[], Vec::as_slice), written)
    }
}

/// A page of the site that is not a service: accessibility, privacy, a life event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    /// The language it is written in.
    pub language: Language,
    /// Heading.
    pub title: String,
    /// What stands before the first section, as clean HTML in `html`.
    pub opening: Section,
    /// Sections.
    pub sections: Vec<Section>,
}

/// What every service page must say: short name, and what the section is for.
const REQUIRED: [(&str, &str); 4] = [
    ("chi", "## A chi spetta {#chi}"),
    ("quanto", "## Quanto spetta {#quanto}"),
    ("serve", "## Che cosa serve {#serve}"),
    ("come", "## Come funziona {#come}"),
];

/// `page.md`, `page.en.md`, `page.de.md`.
pub(crate) fn file_name(stem: &str, language: Language) -> String {
    if language == Language::Italian { format!("{stem}.md") } else { format!("{stem}.{}.md", language.tag()) }
}

/// Reads the pages of a service. `text` gives a file's text, `name` the name its author knows.
pub(crate) fn read_page<'t>(
    text: impl Fn(&str) -> Option<&'t str>,
    name: impl Fn(&str) -> String,
    italian_only: &[Language],
) -> Result<PageTexts, Vec<Diagnostic>> {
    let mut pages = PageTexts::default();
    let mut complaints = Vec::new();
    for language in Language::ALL {
        let path = file_name("page", language);
        match text(&path) {
            Some(text) => {
                let sections = read_sections(&name(&path), text, &mut complaints);
                pages.0.insert(language, sections);
            }
            None if italian_only.contains(&language) => {}
            None => complaints.push(whole_file(&name(&path), "manca la pagina del servizio", missing_mend(language))),
        }
    }
    same_sections(&pages, &name, &mut complaints);
    if complaints.is_empty() { Ok(pages) } else { Err(complaints) }
}

fn missing_mend(language: Language) -> String {
    match language {
        Language::Italian => "scrivere page.md con le sezioni chi, quanto, serve, come".to_owned(),
        other => format!("tradurre page.md, oppure dichiarare italian_only = [\"{}\"] in service.toml", other.tag()),
    }
}

fn read_sections(file: &str, text: &str, complaints: &mut Vec<Diagnostic>) -> Vec<Section> {
    let source = Source::new(file, text);
    let Markdown { title, opening, sections, complaints: told } = read_markdown(file, text);
    complaints.extend(told);
    if title.is_some() || !opening.text.trim().is_empty() {
        let mend = "cominciare con una sezione: il nome e il riassunto stanno in service.toml";
        complaints.push(source.site(0).complain("testo prima della prima sezione", mend));
    }
    let mut known = BTreeSet::new();
    for (section, at) in &sections {
        if section.id.is_empty() {
            let mend = format!("scrivere ## {} {{#nome}}", section.title);
            complaints.push(source.site(*at).complain("la sezione non ha un nome breve", mend));
        } else if !known.insert(section.id.clone()) {
            complaints
                .push(source.site(*at).complain(format!("la sezione «{}» c’è già", section.id), "dare un altro nome"));
        }
        if section.html.trim().is_empty() {
            complaints.push(source.site(*at).complain("la sezione è vuota", "scrivere il testo o togliere il titolo"));
        }
    }
    for (id, example) in REQUIRED.iter().filter(|(id, _)| !known.contains(*id)) {
        complaints.push(whole_file(file, format!("manca la sezione «{id}»"), format!("aggiungere {example}")));
    }
    sections.into_iter().map(|(section, _)| section).collect()
}

/// A translation that lacks a section would hide something from who reads it.
fn same_sections(pages: &PageTexts, name: &impl Fn(&str) -> String, complaints: &mut Vec<Diagnostic>) {
    let ids = |sections: &[Section]| sections.iter().map(|section| section.id.clone()).collect::<Vec<_>>();
    let Some(italian) = pages.0.get(&Language::Italian).map(|sections| ids(sections)) else { return };
    for (language, sections) in pages.0.iter().filter(|(language, _)| **language != Language::Italian) {
        let translated = ids(sections);
        if translated != italian {
            let message = format!("le sezioni sono {}, in italiano {}", translated.join(", "), italian.join(", "));
            let file = name(&file_name("page", *language));
            complaints.push(whole_file(
                &file,
                message,
                "tradurre le stesse sezioni, nello stesso ordine e con gli stessi nomi brevi",
            ));
        }
    }
}

/// Reads a page of the site in one language.
pub(crate) fn read_content(file: &str, text: &str, language: Language) -> Result<Content, Vec<Diagnostic>> {
    let Markdown { title, opening, sections, complaints } = read_markdown(file, text);
    let sections = sections.into_iter().map(|(section, _)| section).collect();
    let content = Content { language, title: title.unwrap_or_default(), opening, sections };
    if complaints.is_empty() { Ok(content) } else { Err(complaints) }
}
