use base::{Date, FileKind, Translated};
use rust_decimal::Decimal;

/// What kind of answer a question takes, and its bounds. Every kind is bounded, also where `form.toml` is silent.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// One line.
    Text {
        /// Characters.
        max_length: usize,
        /// A mask: `9` a digit, `A` a letter, `*` either, anything else itself.
        pattern: Option<String>,
    },
    /// Several lines.
    LongText {
        /// Characters.
        max_length: usize,
    },
    /// A whole number: [`rules::Value::Int`].
    Number {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// Euro and cents: [`rules::Value::Dec`].
    Money {
        /// Smallest, in euro.
        min: Decimal,
        /// Largest, in euro.
        max: Decimal,
    },
    /// A day.
    Date {
        /// First.
        min: Option<DateBound>,
        /// Last.
        max: Option<DateBound>,
    },
    /// Yes or no: [`rules::Value::Bool`].
    YesNo,
    /// One of several.
    Choice(Vec<Choice>),
    /// Any of several: their values joined by commas in one [`rules::Value::Text`].
    Choices(Vec<Choice>),
    /// An Italian fiscal code, omocodes included.
    FiscalCode,
    /// Bank coordinates.
    Iban,
    /// An e-mail address.
    Email,
    /// A telephone number, kept as digits with an optional `+`.
    Phone,
    /// A five-digit Italian postal code.
    PostalCode,
    /// Files: the answer holds the ids of stored documents joined by commas.
    Attachment(Files),
    /// A statement to accept.
    Declaration {
        /// Accepted by the confirmation button at the end, instead of a checkbox of its own.
        on_confirm: bool,
    },
    /// Text to read; it has no answer.
    Note,
}

/// What files may be attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    /// The types it may have.
    pub types: Vec<FileKind>,
    /// Largest size of one file.
    pub max_bytes: u64,
    /// How many files.
    pub max_count: usize,
}

impl Files {
    /// Most bytes that all attachments of one page may hold: what a person can send at once.
    pub const MOST_BYTES_OF_A_PAGE: u64 = 50 << 20;
    /// Most files that a page can send at once.
    pub const MOST_OF_A_PAGE: usize = 10;

    /// Every ending that fits: `pdf`, `jpg`, `jpeg`.
    pub fn extensions(&self) -> impl Iterator<Item = &'static str> {
        self.types.iter().flat_map(|kind| kind.extensions()).copied()
    }
}

/// One of the answers to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// As stored and as the rules compare it.
    pub value: String,
    /// As read.
    pub label: Translated,
    /// A line of help.
    pub hint: Option<Translated>,
}

/// First or last day of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateBound {
    /// A fixed day.
    On(Date),
    /// The day on which the form is filled.
    Today,
}

impl DateBound {
    /// The day it means on `today`.
    #[must_use]
    pub const fn day(self, today: Date) -> Date {
        match self {
            Self::On(day) => day,
            Self::Today => today,
        }
    }
}

impl Kind {
    /// Every name in `form.toml`.
    pub const NAMES: [&'static str; 16] = [
        "text",
        "long-text",
        "number",
        "money",
        "date",
        "yes-no",
        "choice",
        "choices",
        "fiscal-code",
        "iban",
        "email",
        "phone",
        "postal-code",
        "attachment",
        "declaration",
        "note",
    ];

    /// Its name in `form.toml`, by which a page chooses the component to draw.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::LongText { .. } => "long-text",
            Self::Number { .. } => "number",
            Self::Money { .. } => "money",
            Self::Date { .. } => "date",
            Self::YesNo => "yes-no",
            Self::Choice(_) => "choice",
            Self::Choices(_) => "choices",
            Self::FiscalCode => "fiscal-code",
            Self::Iban => "iban",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::PostalCode => "postal-code",
            Self::Attachment(_) => "attachment",
            Self::Declaration { .. } => "declaration",
            Self::Note => "note",
        }
    }

    /// The answers to choose from; none for other kinds.
    #[must_use]
    pub fn options(&self) -> &[Choice] {
        match self {
            Self::Choice(options) | Self::Choices(options) => options,
            _ => &[],
        }
    }
}
