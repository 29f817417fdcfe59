use std::fmt;

use base::Language;
use serde::Serialize;

use crate::words;

/// What is wrong with a receipt. The words for people are in one table, `words.rs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "flaw", rename_all = "kebab-case")]
pub enum Flaw {
    /// Longer than [`crate::MAX_BYTES`].
    TooLarge,
    /// The receipt as a PDF, which looks like the file to check and holds no proof.
    Pdf,
    /// Not JSON, or without the fields of a receipt, or with others.
    NotAReceipt,
    /// A receipt of a version that this program does not know.
    OtherVersion,
    /// The same data, written in another way than the office writes it.
    Wrapping {
        /// The first byte that differs, from 0.
        byte: usize,
    },
    /// The key in the file is not a key.
    KeyUnreadable,
    /// The key in the file is not the one of the log that the checker trusts.
    KeyNotTrusted,
    /// The checkpoint is not a signed note with origin, size and root.
    CheckpointUnreadable,
    /// The checkpoint is of another log than the key.
    CheckpointOfOtherLog,
    /// The checkpoint carries other signatures than the one of the log's key.
    CheckpointSigner,
    /// The log's signature of the checkpoint does not verify.
    CheckpointSignature,
    /// The text or the salt of an act is not what was recorded.
    ActChanged(Place),
    /// Only the digest written beside the act is not what was recorded.
    ActDigest(Place),
    /// Text and digest agree, but the log has no such act at this position.
    ActNotInLog(Place),
    /// The act is in the log, but is not an object with a kind and an instant.
    ActUnreadable(Place),
    /// The content or the digest of a document is not what an act states for it.
    DocumentChanged {
        /// The document's name in the file.
        name: String,
    },
    /// An act states this document under another name.
    DocumentRenamed {
        /// The document's name in the file.
        name: String,
    },
    /// No act of the receipt states this document.
    DocumentUnknown {
        /// The document's name in the file.
        name: String,
    },
}

/// Which act of the receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Its place in the receipt, from 1.
    pub act: usize,
    /// The position it claims in the log, from 0.
    pub position: u64,
}

impl Flaw {
    /// A stable code for programs: `act-changed`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "too-large",
            Self::Pdf => "pdf",
            Self::NotAReceipt => "not-a-receipt",
            Self::OtherVersion => "other-version",
            Self::Wrapping { .. } => "wrapping",
            Self::KeyUnreadable => "key-unreadable",
            Self::KeyNotTrusted => "key-not-trusted",
            Self::CheckpointUnreadable => "checkpoint-unreadable",
            Self::CheckpointOfOtherLog => "checkpoint-of-other-log",
            Self::CheckpointSigner => "checkpoint-signer",
            Self::CheckpointSignature => "checkpoint-signature",
            Self::ActChanged(_) => "act-changed",
            Self::ActDigest(_) => "act-digest",
            Self::ActNotInLog(_) => "act-not-in-log",
            Self::ActUnreadable(_) => "act-unreadable",
            Self::DocumentChanged { .. } => "document-changed",
            Self::DocumentRenamed { .. } => "document-renamed",
            Self::DocumentUnknown { .. } => "document-unknown",
        }
    }

    /// Whether the file is merely another one than is needed, and so says nothing about whether the receipt is genuine.
    #[must_use]
    pub const fn is_other_file(&self) -> bool {
        matches!(self, Self::Pdf)
    }

    /// What is wrong, in plain words.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        let text = words::text(self.code(), language);
        match self {
            Self::Wrapping { byte } => text.replace("{byte}", &byte.to_string()),
            Self::ActChanged(place)
            | Self::ActDigest(place)
            | Self::ActNotInLog(place)
            | Self::ActUnreadable(place) => {
                text.replace("{act}", &place.act.to_string()).replace("{position}", &place.position.to_string())
            }
            Self::DocumentChanged { name } | Self::DocumentRenamed { name } | Self::DocumentUnknown { name } => {
                text.replace("{name}", name)
            }
            _ => text.to_owned(),
        }
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message(Language::Italian))
    }
}

impl std::error::Error for Flaw {}
