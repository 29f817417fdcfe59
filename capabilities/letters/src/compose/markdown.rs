use std::iter::Peekable;

use pulldown_cmark::{Event, HeadingLevel, OffsetIter, Options, Parser, Tag, TagEnd};

use super::document::{Block, Inline, plain};

/// A construct that letters do not know, such as raw HTML or an image, and the line of the rendered text it is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unfit {
    pub(crate) line: usize,
    pub(crate) what: String,
}

type Read<T> = Result<T, Unfit>;

/// Reads the Markdown of a letter.
pub(crate) fn read(text: &str) -> Read<Vec<Block>> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    let events = Parser::new_ext(text, options).into_offset_iter().peekable();
    let mut reader = Reader { text, events, languages: Vec::new() };
    let blocks = reader.blocks(None)?;
    Ok(passages(blocks, &reader.languages))
}

struct Reader<'a> {
    text: &'a str,
    events: Peekable<OffsetIter<'a>>,
    /// The language declared by each heading, in the order in which headings come.
    languages: Vec<Option<String>>,
}

impl<'a> Reader<'a> {
    /// Blocks up to the end of the enclosing tag, which is consumed.
    fn blocks(&mut self, end: Option<TagEnd>) -> Read<Vec<Block>> {
        let mut blocks = Vec::new();
        while let Some((event, range)) = self.events.peek().cloned() {
            match event {
                Event::End(tag) if Some(tag) == end => {
                    self.events.next();
                    break;
                }
                Event::Start(tag) if !is_inline(&tag) => {
                    self.events.next();
                    blocks.push(self.block(tag, range.start)?);
                }
                // A tight list gives the words of an item without a paragraph around them.
                _ => blocks.push(Block::Paragraph { text: self.words(None)? }),
            }
        }
        Ok(blocks)
    }

    fn block(&mut self, tag: Tag<'a>, at: usize) -> Read<Block> {
        Ok(match tag {
            Tag::Paragraph => Block::Paragraph { text: self.words(Some(TagEnd::Paragraph))? },
            Tag::Heading { level, attrs, .. } => {
                let language = attrs.into_iter().find(|(name, _)| &**name == "lang").and_then(|(_, value)| value);
                self.languages.push(language.map(|tag| tag.to_string()));
                Block::Heading { level: depth(level), text: self.words(Some(TagEnd::Heading(level)))? }
            }
            Tag::List(first) => self.list(first.is_some())?,
            Tag::BlockQuote(kind) => Block::Notice { blocks: self.blocks(Some(TagEnd::BlockQuote(kind)))? },
            Tag::Table(_) => self.table()?,
            Tag::CodeBlock(_) => return Err(self.unfit(at, "un blocco di codice (righe rientrate di quattro spazi)")),
            Tag::HtmlBlock => return Err(self.unfit(at, "HTML")),
            other => return Err(self.unfit(at, &format!("{other:?}"))),
        })
    }

    fn list(&mut self, ordered: bool) -> Read<Block> {
        let mut items = Vec::new();
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::Start(Tag::Item) => items.push(self.blocks(Some(TagEnd::Item))?),
                _ => break,
            }
        }
        Ok(Block::List { ordered, items })
    }

    fn table(&mut self) -> Read<Block> {
        let (mut header, mut rows) = (Vec::new(), Vec::new());
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::Start(Tag::TableHead) => header = self.cells(TagEnd::TableHead)?,
                Event::Start(Tag::TableRow) => rows.push(self.cells(TagEnd::TableRow)?),
                _ => break,
            }
        }
        if header.len() == 2 && header.iter().all(|cell: &Vec<Inline>| plain(cell).trim().is_empty()) {
            let pair = |row: Vec<Vec<Inline>>| <[Vec<Inline>; 2]>::try_from(row).ok();
            return Ok(Block::Pairs { rows: rows.into_iter().filter_map(pair).collect() });
        }
        Ok(Block::Table { header, rows })
    }

    fn cells(&mut self, end: TagEnd) -> Read<Vec<Vec<Inline>>> {
        let mut cells = Vec::new();
        while let Some((event, _)) = self.events.next() {
            match event {
                Event::Start(Tag::TableCell) => cells.push(self.words(Some(TagEnd::TableCell))?),
                Event::End(tag) if tag == end => break,
                _ => {}
            }
        }
        Ok(cells)
    }

    /// Words up to `end`, which is consumed; without `end`, up to whatever is not a word.
    fn words(&mut self, end: Option<TagEnd>) -> Read<Vec<Inline>> {
        let mut words = Vec::new();
        while let Some((event, range)) = self.events.peek().cloned() {
            match event {
                Event::End(tag) if Some(tag) == end => {
                    self.events.next();
                    break;
                }
                Event::End(_) => break,
                Event::Start(tag) if !is_inline(&tag) => break,
                event => {
                    self.events.next();
                    self.word(event, range.start, &mut words)?;
                }
            }
        }
        Ok(words)
    }

    fn word(&mut self, event: Event<'a>, at: usize, words: &mut Vec<Inline>) -> Read<()> {
        let word = match event {
            Event::Text(text) => Inline::Text { text: text.to_string() },
            Event::SoftBreak => Inline::Text { text: " ".to_owned() },
            Event::HardBreak => Inline::Break,
            Event::Start(Tag::Strong) => Inline::Strong { content: self.words(Some(TagEnd::Strong))? },
            Event::Start(Tag::Emphasis) => Inline::Emphasis { content: self.words(Some(TagEnd::Emphasis))? },
            Event::Start(Tag::Link { dest_url, .. }) => {
                if !["https://", "http://", "mailto:"].iter().any(|scheme| dest_url.starts_with(scheme)) {
                    return Err(self.unfit(at, "un collegamento che non è https, http o mailto"));
                }
                Inline::Link { to: dest_url.to_string(), content: self.words(Some(TagEnd::Link))? }
            }
            Event::InlineHtml(_) | Event::Html(_) => return Err(self.unfit(at, "HTML")),
            Event::Rule => return Err(self.unfit(at, "una riga di separazione")),
            other => return Err(self.unfit(at, &format!("{other:?}"))),
        };
        push(words, word);
        Ok(())
    }

    fn unfit(&self, at: usize, what: &str) -> Unfit {
        let line = 1 + self.text[..at].matches('\n').count();
        Unfit { line, what: what.to_owned() }
    }
}

/// Neighbouring pieces of text, as the parser gives them around every escape, become one.
fn push(words: &mut Vec<Inline>, word: Inline) {
    match (words.last_mut(), word) {
        (Some(Inline::Text { text }), Inline::Text { text: more }) => text.push_str(&more),
        (_, word) => words.push(word),
    }
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
}

/// The title of the letter is the only heading of level 1, so that a `#` in a template counts as `##`.
fn depth(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        _ => 4,
    }
}

/// Wraps what follows a heading with a language, up to the next heading that is not below it.
fn passages(blocks: Vec<Block>, languages: &[Option<String>]) -> Vec<Block> {
    let (mut out, mut open): (Vec<Block>, Option<u8>) = (Vec::new(), None);
    let mut languages = languages.iter();
    for block in blocks {
        let heading = if let Block::Heading { level, .. } = &block { Some(*level) } else { None };
        let language = heading.and_then(|_| languages.next().cloned().flatten());
        if heading.zip(open).is_some_and(|(level, above)| level <= above) {
            open = None;
        }
        if let Some(language) = language {
            open = heading;
            out.push(Block::Passage { language, blocks: vec![block] });
            continue;
        }
        match out.last_mut() {
            Some(Block::Passage { blocks, .. }) if open.is_some() => blocks.push(block),
            _ => out.push(block),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Vec<Inline> {
        vec![Inline::Text { text: words.to_owned() }]
    }

    #[test]
    fn a_table_without_headings_is_names_and_values() {
        let read = read("|  |  |\n|--|--|\n| Ufficio | **Sportello** |\n").unwrap();
        let strong = vec![Inline::Strong { content: text("Sportello") }];
        assert_eq!(read, [Block::Pairs { rows: vec![[text("Ufficio"), strong]] }]);
    }

    #[test]
    fn a_heading_with_a_language_opens_a_passage() {
        let read = read("Ciao\n\n## Summary {lang=en}\n\nHello\n\n### More\n\n## Poi\n\nAddio").unwrap();
        let [
            Block::Paragraph { .. },
            Block::Passage { language, blocks },
            Block::Heading { .. },
            Block::Paragraph { .. },
        ] = &read[..]
        else {
            panic!("{read:?}")
        };
        assert_eq!((language.as_str(), blocks.len()), ("en", 3));
    }

    #[test]
    fn tight_items_are_paragraphs_and_lists_nest() {
        let read = read("- uno\n- due\n  1. tre\n").unwrap();
        let inner = Block::List { ordered: true, items: vec![vec![Block::Paragraph { text: text("tre") }]] };
        let items =
            vec![vec![Block::Paragraph { text: text("uno") }], vec![Block::Paragraph { text: text("due") }, inner]];
        assert_eq!(read, [Block::List { ordered: false, items }]);
    }

    #[test]
    fn what_a_letter_cannot_hold_is_refused_with_its_line() {
        for (markdown, line) in [
            ("a\n\n<b>x</b>", 3),
            ("a <i>b</i>", 1),
            ("![x](y.png)", 1),
            ("[x](javascript:1)", 1),
            ("a\n\n    b", 3),
            ("`b`", 1),
        ] {
            assert_eq!(read(markdown).unwrap_err().line, line, "{markdown}");
        }
    }
}
