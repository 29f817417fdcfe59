//! Markdown of officials → clean HTML, section by section.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use rules::Diagnostic;

use crate::source::Source;

/// A part of a page, under its own heading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// Short name, the same in all languages (`## Quanto spetta {#quanto}`): anchor and check.
    pub id: String,
    /// The heading, as plain text.
    pub title: String,
    /// What stands under it: clean HTML.
    pub html: String,
    /// The same as plain text, for the search.
    pub text: String,
}

/// A text cut at its headings of level two.
#[derive(Debug, Default)]
pub(crate) struct Markdown {
    /// `# …`, if there is one.
    pub title: Option<String>,
    /// What stands before the first section.
    pub opening: Section,
    /// Sections with the offset of their heading.
    pub sections: Vec<(Section, usize)>,
    pub complaints: Vec<Diagnostic>,
}

/// Cuts and cleans.
pub(crate) fn read_markdown(file: &str, text: &str) -> Markdown {
    let source = Source::new(file, text);
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    let mut cutter = Cutter { source, made: Markdown::default(), body: Vec::new(), heading: None };
    for (event, span) in Parser::new_ext(text, options).into_offset_iter() {
        cutter.take(event, span);
    }
    cutter.close();
    cutter.made
}

struct Cutter<'a> {
    source: Source<'a>,
    made: Markdown,
    body: Vec<Event<'a>>,
    heading: Option<HeadingLevel>,
}

impl<'a> Cutter<'a> {
    fn take(&mut self, event: Event<'a>, span: Range<usize>) {
        self.judge(&event, &span);
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H2, id, .. }) => {
                self.close();
                let section = Section { id: id.map(|id| id.to_string()).unwrap_or_default(), ..Section::default() };
                self.made.sections.push((section, span.start));
                self.heading = Some(HeadingLevel::H2);
            }
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
                self.made.title = Some(String::new());
                self.heading = Some(HeadingLevel::H1);
            }
            Event::End(TagEnd::Heading(HeadingLevel::H1 | HeadingLevel::H2)) => self.heading = None,
            Event::Html(_) | Event::InlineHtml(_) => {}
            event => match self.heading {
                Some(level) => self.name(level, &event),
                None => self.body.push(event),
            },
        }
    }

    /// Adds to the heading that is being read.
    fn name(&mut self, level: HeadingLevel, event: &Event) {
        let (Event::Text(text) | Event::Code(text)) = event else { return };
        if level == HeadingLevel::H1 {
            self.made.title.get_or_insert_default().push_str(text);
        } else if let Some((section, _)) = self.made.sections.last_mut() {
            section.title.push_str(text);
        }
    }

    /// Ends the section that is being read.
    fn close(&mut self) {
        let body = std::mem::take(&mut self.body);
        let target = self.made.sections.last_mut().map_or(&mut self.made.opening, |(section, _)| section);
        target.text = plain(&body);
        target.html = clean(body);
    }

    fn judge(&mut self, event: &Event, span: &Range<usize>) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {
                self.complain(span, "qui c’è HTML, che verrebbe tolto", "scrivere solo Markdown");
            }
            Event::Start(Tag::Link { dest_url, .. }) if !safe(dest_url) => {
                let message = format!("il collegamento «{dest_url}» non porta a una pagina");
                self.complain(
                    span,
                    message,
                    "usare un indirizzo di questo sito (/servizi/…) oppure uno che comincia con https://",
                );
            }
            Event::Start(Tag::Image { .. }) => {
                self.complain(
                    span,
                    "le pagine dei servizi non hanno immagini",
                    "dire con parole quello che l’immagine mostra",
                );
            }
            _ => {}
        }
    }

    fn complain(&mut self, span: &Range<usize>, message: impl Into<String>, mend: &str) {
        self.made.complaints.push(self.source.complain(span, message, mend));
    }
}

fn safe(address: &str) -> bool {
    let local = address.starts_with('/') && !address.starts_with("//");
    local || ["#", "https://", "mailto:", "tel:"].iter().any(|start| address.starts_with(start))
}

/// The HTML that browsers get: only elements that cannot do harm; tables keep some distance.
fn clean(events: Vec<Event>) -> String {
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events.into_iter());
    let clean = ammonia::Builder::default().link_rel(Some("noopener")).clean(&html).to_string();
    clean.replace("<table>", "<table class=\"mb-4\">")
}

/// Words only, with a blank between blocks.
fn plain(events: &[Event]) -> String {
    let mut text = String::new();
    for event in events {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(words),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(
                TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell | TagEnd::TableRow | TagEnd::Heading(_),
            ) => {
                text.push(' ');
            }
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_headings() {
        let made = read_markdown(
            "p.md",
            "Prima.\n\n## A chi `serve` {#chi}\n\nA **tutti**.\n\n### Dettaglio\n\n- uno\n- due\n\n## Poi {#poi}\n",
        );
        assert_eq!(made.opening.text, "Prima. ");
        let (first, at) = &made.sections[0];
        assert_eq!((first.id.as_str(), first.title.as_str(), *at), ("chi", "A chi serve", 8));
        assert_eq!(first.text, "A tutti. Dettaglio uno due ");
        assert!(first.html.contains("<h3>Dettaglio</h3>"), "{}", first.html);
        assert_eq!(made.sections[1].0.html, "");
    }

    #[test]
    fn nothing_harmful_comes_through_and_its_author_is_told() {
        let made = read_markdown("p.md", "<script>x</script>\n\n[qui](javascript:alert(1)) ![f](/a.png)\n");
        assert!(!made.opening.html.contains("script"), "{}", made.opening.html);
        let told: Vec<_> = made.complaints.iter().map(|one| (one.line, one.column)).collect();
        assert_eq!(told, [(1, 1), (3, 1), (3, 28)]);
    }
}
