use std::ops::Range;

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
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count();
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count());
        let source = self.text.lines().nth(line).unwrap_or("").to_owned();
        Site { file: self.file.to_owned(), line: from_one(line), column: from_one(column), source }
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

fn from_one(position: usize) -> u32 {
    u32::try_from(position + 1).unwrap_or(u32::MAX)
}

/// The known word that a mistyped one most resembles, if it is near enough to be meant.
pub(crate) fn nearest<'k>(typed: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let near = typed.chars().count() / 3 + 1;
    let scored = known.into_iter().map(|word| (edits(typed, word), word));
    scored.filter(|(edits, _)| *edits <= near).min().map(|(_, word)| word)
}

/// How many letters must be added, removed or changed (Levenshtein's distance).
pub(crate) fn edits(from: &str, to: &str) -> usize {
    let target: Vec<char> = to.chars().collect();
    let mut costs: Vec<usize> = (0..=target.len()).collect();
    for (row, letter) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut costs[0], row + 1);
        for (column, other) in target.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = costs[column + 1];
            costs[column + 1] = changed.min(diagonal + 1).min(costs[column] + 1);
        }
    }
    costs[target.len()]
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

    #[test]
    fn a_near_word_is_found_and_a_far_one_is_not() {
        assert_eq!(nearest("nmae", ["name", "state"]), Some("name"));
        assert_eq!(nearest("x", ["name", "state"]), None);
    }
}
