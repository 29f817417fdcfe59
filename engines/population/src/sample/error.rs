use std::ops::Range;

/// What is wrong in a text of sample people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {message}; {mend}")]
pub struct SampleError {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub mend: String,
}

impl SampleError {
    pub(super) fn syntax(text: &str, error: &toml::de::Error) -> Self {
        Self {
            line: line_at(text, error.span().map_or(0, |span| span.start)),
            message: error.message().to_owned(),
            mend: "the head of persone.toml explains each field".to_owned(),
        }
    }
}

/// A mistake at a place of the text that is not known yet as a line.
#[derive(Debug)]
pub(super) struct Problem {
    pub at: Range<usize>,
    pub message: String,
    pub mend: &'static str,
}

impl Problem {
    pub(super) fn on_line_of(self, text: &str) -> SampleError {
        SampleError { line: line_at(text, self.at.start), message: self.message, mend: self.mend.to_owned() }
    }
}

fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
