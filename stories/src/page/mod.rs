//! A page as a person sees it: its text, its headings, its links, its fields with their labels.

mod find;
mod read;
mod shown;

use std::ops::Range;

pub(crate) use find::Choice;

/// A page, read once; filling a field changes its control.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    /// Where it was found.
    pub address: String,
    /// HTTP status.
    pub status: u16,
    /// The story said that it would be this status.
    pub expected: bool,
    /// Visible text; lines are blocks.
    pub text: String,
    pub headings: Vec<Heading>,
    pub links: Vec<Link>,
    pub forms: Vec<Form>,
    pub controls: Vec<Control>,
    /// The part of the text that is the page's own matter.
    pub main: Range<usize>,
    /// Parts of the text that tell what is wrong.
    pub alerts: Vec<Range<usize>>,
    pub lang: String,
}

/// A heading and where it stands in the text.
#[derive(Debug, Clone)]
pub(crate) struct Heading {
    pub level: u8,
    pub text: Range<usize>,
}

/// A link and where it stands in the text.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub href: String,
    pub text: Range<usize>,
}

/// A form: where and how it sends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Form {
    pub action: String,
    pub post: bool,
    pub multipart: bool,
}

/// A control of a form.
#[derive(Debug, Clone)]
pub(crate) struct Control {
    /// Its place among the controls of the page.
    pub number: usize,
    /// The form it belongs to.
    pub form: Option<usize>,
    pub kind: Kind,
    pub name: String,
    /// Where pressing it sends the form, if not where the form says (`formaction`).
    pub action: String,
    /// What it holds, or sends when it is checked.
    pub value: String,
    pub checked: bool,
    pub disabled: bool,
    /// A file to attach: name and content.
    pub file: Option<(String, Vec<u8>)>,
    /// Of a select: value and words.
    pub options: Vec<(String, String)>,
    /// What the person reads beside it.
    pub label: String,
    /// The legend of its group, without the label.
    pub legend: String,
    /// Where it stands in the text.
    pub at: usize,
}

/// The kinds that behave differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Hidden,
    /// One line or several.
    Text,
    Checkbox,
    Radio,
    Select,
    File,
    Button,
}

impl Kind {
    /// Whether setting one clears the others of the same name.
    pub(crate) fn excludes(self) -> bool {
        self == Self::Radio
    }
}

impl Control {
    pub(crate) fn is_button(&self) -> bool {
        self.kind == Kind::Button
    }

    /// Whether it is among what the form sends when another control's button is pressed.
    pub(crate) fn sends(&self) -> bool {
        let marked = !matches!(self.kind, Kind::Checkbox | Kind::Radio) || self.checked;
        marked && !self.disabled && self.kind != Kind::Button
    }

    /// Something to answer.
    pub(crate) fn is_question(&self) -> bool {
        !matches!(self.kind, Kind::Hidden | Kind::Button)
    }

    /// The question as a person reads it: the legend of the group, else the label.
    pub(crate) fn question(&self) -> &str {
        if self.legend.is_empty() { &self.label } else { &self.legend }
    }
}

impl Page {
    /// Path and query.
    pub(crate) fn place(&self) -> &str {
        crate::address::split_origin(&self.address).1
    }

    /// Whether `at` lies in the page's own matter.
    pub(crate) fn in_main(&self, at: usize) -> bool {
        self.main.contains(&at) || self.main.is_empty()
    }

    /// The text from a heading to the next of the same or a higher level.
    pub(crate) fn section(&self, heading: &str) -> Result<Range<usize>, String> {
        let wanted = crate::words::plain(heading);
        let titled = |found: &&Heading| crate::words::plain(&self.text[found.text.clone()]).starts_with(&wanted);
        let found = self.headings.iter().find(titled).ok_or_else(|| {
            let titles = self.headings.iter().map(|heading| self.text[heading.text.clone()].trim());
            format!("non c'è il titolo «{heading}»; i titoli sono: {}", crate::words::listed(titles))
        })?;
        let end = self.headings.iter().find(|other| other.text.start > found.text.start && other.level <= found.level);
        Ok(found.text.start..end.map_or(self.text.len(), |end| end.text.start))
    }
}
