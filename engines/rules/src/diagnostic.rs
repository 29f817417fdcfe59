use std::fmt;

use serde::{Deserialize, Serialize};

/// Characters of a source line that are shown: a broken file may be one line of megabytes.
const LONGEST_SOURCE: usize = 400;

/// What is wrong in a declared text, where, and how to mend it. Written for the official who edits the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Name of the file as its author knows it.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub mend: String,
    /// The whole source line.
    pub source: String,
}

impl std::error::Error for Diagnostic {}

impl Diagnostic {
    /// Whether it is about a file as a whole, or one that is not there: no line of it is to be shown.
    fn is_of_the_file(&self) -> bool {
        (self.line, self.column) == (1, 1) && self.source.is_empty()
    }
}

/// The message, the source line, and the place underlined.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let before = (self.column as usize).saturating_sub(1).min(self.source.chars().count());
        let marked = self.source.chars().skip(before).take_while(|c| c.is_alphanumeric() || *c == '_').count().max(1);
        writeln!(f, "errore: {}", self.message)?;
        if self.is_of_the_file() {
            writeln!(f, "{margin}--> {}", self.file)?;
            return write!(f, "{margin} = rimedio: {}", self.mend);
        }
        writeln!(f, "{margin}--> {}:{}:{}", self.file, self.line, self.column)?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {}", self.source)?;
        writeln!(f, "{margin} | {}{}", " ".repeat(before), "^".repeat(marked))?;
        write!(f, "{margin} = rimedio: {}", self.mend)
    }
}

/// A place in a text, both from 1; the column counts characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub line: u32,
    pub column: u32,
}

/// A named text in which places can be found and complained about.
pub(crate) struct SourceText<'a> {
    pub file: &'a str,
    pub text: &'a str,
    line_starts: Vec<usize>,
}

impl<'a> SourceText<'a> {
    pub fn new(file: &'a str, text: &'a str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { file, text, line_starts: std::iter::once(0).chain(breaks).collect() }
    }

    /// The place of a byte offset.
    pub fn place(&self, offset: usize) -> Place {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1);
        let before = self.text.get(self.line_starts[line - 1]..offset).unwrap_or("");
        Place { line: saturate(line), column: saturate(before.chars().count() + 1) }
    }

    fn line(&self, number: u32) -> &'a str {
        let start = self.line_starts.get((number as usize).saturating_sub(1)).copied().unwrap_or(self.text.len());
        self.text[start..].lines().next().unwrap_or("")
    }

    pub fn complain(&self, place: Place, message: impl Into<String>, mend: impl Into<String>) -> Diagnostic {
        Diagnostic {
            file: self.file.to_owned(),
            line: place.line,
            column: place.column,
            message: message.into(),
            mend: mend.into(),
            source: self.line(place.line).chars().take(LONGEST_SOURCE).collect(),
        }
    }
}

pub(crate) fn saturate(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_characters_not_bytes() {
        let source = SourceText::new("rules.md", "però\nè così");
        assert_eq!(source.place("però\nè ".len()), Place { line: 2, column: 3 });
        let shown = source.complain(Place { line: 2, column: 3 }, "parola", "togliere").to_string();
        assert_eq!(shown, "errore: parola\n --> rules.md:2:3\n  |\n2 | è così\n  |   ^^^^\n  = rimedio: togliere");
    }

    #[test]
    fn of_a_whole_file_no_line_is_shown() {
        let shown =
            SourceText::new("rules.md", "").complain(Place { line: 1, column: 1 }, "manca", "scriverlo").to_string();
        assert_eq!(shown, "errore: manca\n --> rules.md\n  = rimedio: scriverlo");
    }
}
