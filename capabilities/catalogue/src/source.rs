use std::ops::Range;

use base::{TextPlace, text_place};
use rules::Diagnostic;

/// A named text in which places can be complained about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

/// A place that can still be complained about when the text is no longer at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Site {
    file: String,
    line: u32,
    column: u32,
    source: String,
}

impl Site {
    pub fn complain(&self, message: impl Into<String>, mend: impl Into<String>) -> Diagnostic {
        Diagnostic {
            file: self.file.clone(),
            line: self.line,
            column: self.column,
            message: message.into(),
            mend: mend.into(),
            source: self.source.clone(),
        }
    }
}

impl<'a> Source<'a> {
    pub fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text }
    }

    /// Where a byte lies.
    pub fn site(&self, offset: usize) -> Site {
        let TextPlace { line, column, source } = text_place(self.text, offset);
        Site { file: self.file.to_owned(), line, column, source: source.to_owned() }
    }

    pub fn complain(&self, span: &Range<usize>, message: impl Into<String>, mend: impl Into<String>) -> Diagnostic {
        self.site(span.start).complain(message, mend)
    }

    /// A line, counted from 1, as libraries tell it.
    pub fn line(&self, number: usize) -> Site {
        let offset = self.text.split_inclusive('\n').take(number.saturating_sub(1)).map(str::len).sum();
        self.site(offset)
    }
}

/// A file that is not there, or that cannot be read at all.
pub(crate) fn whole_file(file: &str, message: impl Into<String>, mend: impl Into<String>) -> Diagnostic {
    Source::new(file, "").site(0).complain(message, mend)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let source = Source::new("p.toml", "però\nè così");
        let told = source.complain(&(9..10), "x", "y");
        assert_eq!((told.line, told.column, told.source.as_str()), (2, 3, "è così"));
        assert_eq!(source.line(2), source.site(6));
    }
}
