//! The Markdown of a law: rule blocks and tables, each under its heading.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::diagnostic::{Place, SourceText};

/// A fenced block marked `sql`.
pub(crate) struct Block {
    pub text: String,
    /// Line of the file that holds the first line of `text`.
    pub line: u32,
    /// The law it stands under, if a heading names one.
    pub paragraph: Option<String>,
    /// Place in [`Document::grids`] of the table that follows, before any heading or other block.
    pub grid: Option<usize>,
}

/// A Markdown table.
pub(crate) struct Grid {
    pub header: Vec<Cell>,
    pub rows: Vec<Vec<Cell>>,
}

pub(crate) struct Cell {
    pub text: String,
    /// As written, with the marks of Markdown: an expression may hold asterisks.
    pub raw: String,
    pub place: Place,
}

impl Grid {
    pub fn begins_with(&self, name: &str) -> bool {
        self.header.first().is_some_and(|cell| cell.text == name)
    }

    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|cell| cell.text == name)
    }

    /// The cell of a row under a heading; `None` if there is no such column or the cell is empty.
    pub fn cell<'g>(&self, row: &'g [Cell], name: &str) -> Option<&'g Cell> {
        row.get(self.column(name)?).filter(|cell| !cell.text.is_empty())
    }
}

#[derive(Default)]
pub(crate) struct Document {
    pub blocks: Vec<Block>,
    pub grids: Vec<Grid>,
}

/// The parts under construction while events go by.
#[derive(Default)]
struct Builder {
    document: Document,
    headings: Vec<(usize, String)>,
    heading: Option<(usize, String)>,
    block: Option<Block>,
    cell: Option<Cell>,
    /// The last block may still get a table.
    block_awaits_grid: bool,
}

impl Document {
    pub fn read(text: &str) -> Self {
        let source = SourceText::new("", text);
        let mut builder = Builder::default();
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            let slice = &text[range.clone()];
            let lead = slice.len() - slice.trim_start_matches(['|', ' ', '\t']).len();
            builder.take(event, slice, || source.place(range.start + lead));
        }
        builder.document
    }
}

impl Builder {
    fn take(&mut self, event: Event<'_>, slice: &str, place: impl Fn() -> Place) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.heading = Some((level as usize, String::new()));
                self.block_awaits_grid = false;
            }
            Event::End(TagEnd::Heading(_)) => self.close_heading(),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) if info.trim() == "sql" => {
                let paragraph = reference(&self.headings);
                self.block = Some(Block { text: String::new(), line: place().line + 1, paragraph, grid: None });
            }
            Event::End(TagEnd::CodeBlock) => {
                self.block_awaits_grid = self.block.is_some();
                self.document.blocks.extend(self.block.take());
            }
            Event::Start(Tag::Table(_)) => {
                self.give_grid();
                self.document.grids.push(Grid { header: Vec::new(), rows: Vec::new() });
            }
            Event::Start(Tag::TableRow) => {
                if let Some(grid) = self.document.grids.last_mut() {
                    grid.rows.push(Vec::new());
                }
            }
            Event::Start(Tag::TableCell) => {
                self.cell = Some(Cell { text: String::new(), raw: raw(slice), place: place() });
            }
            Event::End(TagEnd::TableCell) => self.close_cell(),
            Event::Text(words) | Event::Code(words) => self.text(&words),
            _ => {}
        }
    }

    /// The table that begins now belongs to the block before it.
    fn give_grid(&mut self) {
        if std::mem::take(&mut self.block_awaits_grid)
            && let Some(block) = self.document.blocks.last_mut()
        {
            block.grid = Some(self.document.grids.len());
        }
    }

    fn text(&mut self, words: &str) {
        if let Some(block) = &mut self.block {
            block.text.push_str(words);
        } else if let Some(cell) = &mut self.cell {
            cell.text.push_str(words);
        } else if let Some((_, heading)) = &mut self.heading {
            heading.push_str(words);
        }
    }

    fn close_heading(&mut self) {
        if let Some((level, title)) = self.heading.take() {
            self.headings.retain(|(other, _)| *other < level);
            self.headings.push((level, title));
        }
    }

    fn close_cell(&mut self) {
        let (Some(mut cell), Some(grid)) = (self.cell.take(), self.document.grids.last_mut()) else { return };
        cell.text = cell.text.trim().to_owned();
        grid.rows.last_mut().unwrap_or(&mut grid.header).push(cell);
    }
}

/// A cell as written, without the bars and, if it is all code, the marks around it.
fn raw(slice: &str) -> String {
    let bare = slice.trim_matches(['|', ' ', '\t']);
    let code = bare.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
    code.unwrap_or(bare).trim().replace("\\|", "|")
}

/// The law named by the nearest headings: `Art. 4, comma 1 – Quota…` gives `art. 4 c. 1`; a heading `Comma 2` takes its
/// article from the heading above it.
fn reference(headings: &[(usize, String)]) -> Option<String> {
    let mut tail = String::new();
    for (_, title) in headings.iter().rev() {
        let title = title.split([':', '–', '—']).next().unwrap_or("").split(" - ").next().unwrap_or("").trim();
        let lower = title.to_lowercase();
        if lower.contains("art. ") || lower.contains("artt. ") || lower.starts_with("allegato") {
            return Some(shorten(&format!("{title}{tail}")));
        }
        if lower.starts_with("comma") || lower.starts_with("commi") || lower.starts_with("lettera") {
            tail = format!(", {lower}{tail}");
        }
    }
    None
}

fn shorten(reference: &str) -> String {
    let short = reference
        .replace(", comma ", " c. ")
        .replace(", commi ", " cc. ")
        .replace(", lettera ", " lett. ")
        .replace(", lettere ", " lett. ");
    short.strip_prefix("Art").map_or_else(|| short.clone(), |rest| format!("art{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference_of(titles: &[&str]) -> Option<String> {
        let headings: Vec<_> = titles.iter().enumerate().map(|(level, title)| (level, (*title).to_owned())).collect();
        reference(&headings)
    }

    #[test]
    fn the_paragraph_comes_from_the_nearest_headings() {
        assert_eq!(reference_of(&["Legge", "Art. 4, comma 1 – Quota"]).as_deref(), Some("art. 4 c. 1"));
        assert_eq!(
            reference_of(&["Art. 3 – Requisiti", "Comma 1, lettera a – Cittadinanza"]).as_deref(),
            Some("art. 3 c. 1 lett. a")
        );
        assert_eq!(
            reference_of(&["L. 197/2022, art. 1, commi 357-358 – Aumenti"]).as_deref(),
            Some("L. 197/2022, art. 1 cc. 357-358")
        );
        assert_eq!(reference_of(&["Premessa"]), None);
    }

    #[test]
    fn blocks_and_tables_know_their_lines() {
        let document = Document::read("# Art. 1\n\n| a | b |\n|---|---|\n| `x` | 2 |\n\n```sql\nTRUE\n```\n");
        assert_eq!((document.blocks[0].line, document.blocks[0].text.as_str()), (8, "TRUE\n"));
        let cell = &document.grids[0].rows[0][0];
        assert_eq!((cell.text.as_str(), cell.place), ("x", Place { line: 5, column: 3 }));
    }
}
