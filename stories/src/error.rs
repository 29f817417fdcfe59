use std::fmt;

/// A story that cannot be understood: where, what, and how to write it instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{story}, riga {line}: {problem}\n    {sentence}\n  {mend}")]
pub struct StoryError {
    /// Name of the story, as given to [`crate::Story::parse`].
    pub story: String,
    /// Line, from 1.
    pub line: usize,
    /// The line as written.
    pub sentence: String,
    /// What is wrong.
    pub problem: String,
    /// How to write it.
    pub mend: String,
}

/// A step that did not go as the story tells, and what was on the page instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct StepFailure {
    /// Name of the story.
    pub story: String,
    /// Line, from 1.
    pub line: usize,
    /// The step as written.
    pub sentence: String,
    /// What went otherwise.
    pub problem: String,
    /// The page at that moment, described; empty before the first page.
    pub page: String,
}

impl fmt::Display for StepFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, riga {}: {}\n    {}", self.story, self.line, self.problem, self.sentence)?;
        if !self.page.is_empty() {
            write!(f, "\n  La pagina in quel momento:\n{}", self.page)?;
        }
        Ok(())
    }
}
