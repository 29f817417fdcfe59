use crate::{FieldError, Page, Path};

/// How far a form is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Every page that applies, in order.
    pub pages: Vec<PageStatus>,
}

/// How far a page is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageStatus {
    /// The page.
    pub page: String,
    /// Its questions that apply, notes left out.
    pub fields: Vec<FieldStatus>,
    /// What is wrong with the page as a whole: too few rows, answers that do not go together.
    pub problems: Vec<FieldError>,
}

/// How far a question is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldStatus {
    /// Where its answer stands.
    pub path: Path,
    /// Whether it is answered.
    pub state: FieldState,
}

/// Whether a question is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldState {
    /// With a value that fits.
    Answered,
    /// It may stay empty, and it is.
    Empty,
    /// A statement that the confirmation itself accepts.
    OnConfirm,
    /// It must be answered; the error says so in words.
    Missing(FieldError),
    /// The answer does not fit.
    Wrong(FieldError),
}

/// A page with only what is still to ask.
#[derive(Debug, Clone)]
pub struct PageToAsk<'q> {
    /// The page.
    pub page: &'q Page,
    /// Questions that are missing or wrong; a group that needs more rows stands here under its own id.
    pub paths: Vec<Path>,
}

impl Status {
    /// Whether the form can be confirmed with one click: nothing required is missing, nothing is wrong.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.pages.iter().all(PageStatus::is_complete)
    }

    /// Everything that is missing or wrong, in the order of the form.
    pub fn errors(&self) -> impl Iterator<Item = &FieldError> {
        self.pages.iter().flat_map(PageStatus::errors)
    }
}

impl PageStatus {
    /// Whether nothing on this page is missing or wrong.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.errors().next().is_none()
    }

    /// Everything that is missing or wrong on this page.
    pub fn errors(&self) -> impl Iterator<Item = &FieldError> {
        self.fields.iter().filter_map(|field| field.state.error()).chain(&self.problems)
    }
}

impl FieldState {
    /// What is missing or wrong, if anything.
    #[must_use]
    pub const fn error(&self) -> Option<&FieldError> {
        match self {
            Self::Missing(error) | Self::Wrong(error) => Some(error),
            Self::Answered | Self::Empty | Self::OnConfirm => None,
        }
    }
}

impl Status {
    pub(crate) fn note(&mut self, page: &str, error: FieldError) {
        match self.pages.iter_mut().find(|status| status.page == page) {
            Some(status) => status.problems.push(error),
            // A page whose only group has no rows yet has no field either.
            None => self.pages.push(PageStatus { page: page.to_owned(), fields: Vec::new(), problems: vec![error] }),
        }
    }
}
