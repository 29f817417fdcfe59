//! From a template and what is known of a case to the letter: pure, no file, no database, no clock.

mod document;
mod escape;
mod filters;
mod html;
mod markdown;
mod pdf;
mod template;

use base::{Language, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};

pub use document::{Block, Inline, plain};
pub use template::{Head, Template};

/// Why a letter could not be composed. Said in Italian, to the officials who write templates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// The head of the template is wrong.
    #[error("{template}:{line}: {message}")]
    Head {
        /// The template.
        template: String,
        /// Line in the file, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A placeholder cannot be filled in.
    #[error("{template}:{line}: `{expression}`: {message}")]
    Placeholder {
        /// The template.
        template: String,
        /// Line in the file, from 1.
        line: usize,
        /// The expression that failed, as it is written.
        expression: String,
        /// What is wrong.
        message: String,
    },
    /// Something that a letter cannot hold.
    #[error("{template}: riga {line} del testo composto: le lettere non possono contenere {element}")]
    Markdown {
        /// The template.
        template: String,
        /// Line of the rendered Markdown, from 1.
        line: usize,
        /// What it was.
        element: String,
    },
    /// The pages could not be set: a defect of ours.
    #[error("{template}: impaginazione: {message}")]
    Typesetting {
        /// The template.
        template: String,
        /// What the typesetter says.
        message: String,
    },
}

/// What stands around the text of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Letter {
    /// Identifies the document; the same for every rendering of the same letter.
    pub id: String,
    /// The title, also that of the PDF.
    pub title: String,
    /// The letterhead.
    pub office: Letterhead,
    /// To whom it is addressed.
    pub recipient: Recipient,
    /// The line with the protocol number, e.g. "Prot. n. 0000123 del 2 marzo 2026".
    pub protocol: String,
    /// Where anybody who holds the paper can check it.
    pub check_url: String,
    /// When it was made.
    pub issued: Timestamp,
}

/// Who writes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Letterhead {
    /// The administration.
    pub body: String,
    /// The office.
    pub name: String,
    /// Postal address on one line.
    pub address: String,
    /// Digital domicile (art. 8 c. 2 lett. c L. 241/1990).
    pub pec: String,
}

/// To whom one writes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recipient {
    /// Name and surname.
    pub name: String,
    /// Fiscal code.
    pub fiscal_code: String,
}

/// A finished letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// The title.
    pub title: String,
    /// An accessible HTML fragment.
    pub html: String,
    /// PDF/A-2a and PDF/UA-1 in one file.
    pub pdf: Vec<u8>,
    /// SHA-256 of the PDF in hexadecimal.
    pub sha256: String,
}

/// Composes a letter: fills in the template and sets it as HTML and as PDF. Takes some milliseconds of processor.
///
/// # Errors
/// What is wrong with the template, with the place.
pub fn compose(template: &Template, letter: &Letter, context: &serde_json::Value) -> Result<Composed, ComposeError> {
    let blocks = blocks(template, context)?;
    let html = html::fragment(letter, &blocks);
    let typesetting = |message| ComposeError::Typesetting { template: template.name.clone(), message };
    let pdf = pdf::set(letter, &blocks).map_err(typesetting)?;
    let sha256 = hex::encode(Sha256::digest(&pdf));
    Ok(Composed { title: letter.title.clone(), html, pdf, sha256 })
}

/// The text of a letter as a tree, without setting it.
///
/// # Errors
/// See [`compose`].
pub fn blocks(template: &Template, context: &serde_json::Value) -> Result<Vec<Block>, ComposeError> {
    markdown::read(&template.render(context)?).map_err(|unfit| ComposeError::Markdown {
        template: template.name.clone(),
        line: unfit.line,
        element: unfit.what,
    })
}

impl Template {
    /// The title in Italian, the language in which acts are valid.
    #[must_use]
    pub fn title(&self) -> &str {
        self.head.title.get(Language::Italian)
    }
}
