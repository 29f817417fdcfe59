use base::{Date, FiscalCode, Timestamp, Uuid, VatNumber};
use serde::{Deserialize, Serialize};

use crate::protocol::{Numbers, Protocol};

/// Whether a document came in or went out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Received.
    In,
    /// Sent.
    Out,
}

base::keyed!(pub Direction {
    In => "in",
    Out => "out",
});

/// By which way a document came or went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// These pages.
    Portal,
    /// Certified mail.
    Pec,
    /// The counter of the office.
    Counter,
}

base::keyed!(pub Means {
    Portal => "portal",
    Pec => "pec",
    Counter => "counter",
});

/// Who sent what came in, or receives what goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correspondent {
    /// Name and surname, or how an organisation is called.
    pub name: String,
    /// Fiscal code; empty where it is not known.
    pub code: String,
}

impl Correspondent {
    /// The person, if the code is one of a person.
    #[must_use]
    pub fn person(&self) -> Option<FiscalCode> {
        self.code.parse().ok()
    }

    /// The fiscal code, if it is one of a person or of a company: whose data somebody reads who opens the registration.
    #[must_use]
    pub fn concerned(&self) -> Option<&str> {
        let known = self.person().is_some() || self.code.parse::<VatNumber>().is_ok();
        known.then_some(self.code.as_str())
    }
}

/// A registered document: what it is called, what it is, and its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// File name.
    pub name: String,
    /// Media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// What the received document was registered as where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Its number there, as written.
    pub protocol: String,
    /// Its date there.
    pub on: Date,
}

/// What a registration was in the emergency register (art. 63 c. 5 D.P.R. 445/2000).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmergencyNumber {
    /// The emergency.
    pub emergency: Uuid,
    /// The number on paper: one sequence for the office, whatever the emergency (art. 63 c. 4).
    pub number: i64,
    /// When it was registered there.
    pub at: Timestamp,
}

/// A registration (art. 53 D.P.R. 445/2000). Never removed; only classification and assignment ever change, and each
/// change is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Office, year and number.
    pub protocol: Protocol,
    /// The instant: by art. 18-bis L. 241/1990 that of the filing.
    pub registered_at: Timestamp,
    /// In or out.
    pub direction: Direction,
    /// By which way.
    pub means: Means,
    /// Sender of what comes in, recipient of what goes out.
    pub correspondent: Correspondent,
    /// What it is about.
    pub subject: String,
    /// The document itself.
    pub document: Document,
    /// What came or went with it.
    pub attachments: Vec<Document>,
    /// Code in the office's plan of classification; empty where nobody classified it.
    pub classification: String,
    /// To which office or unit it was assigned.
    pub assigned_to: String,
    /// Whether lists hide subject and correspondent.
    pub confidential: bool,
    /// What it was where it came from.
    pub received: Option<Received>,
    /// What it was in the emergency register.
    pub emergency: Option<EmergencyNumber>,
    /// The case it belongs to, and the act of that case: `None` for what belongs to none.
    pub act: Option<(Uuid, i64)>,
    /// When it was annulled.
    pub annulled_at: Option<Timestamp>,
}

impl Entry {
    /// A registration under a number just taken, assigned to the office itself: what a caller knows more is set on it.
    #[must_use]
    pub fn new(
        numbers: &Numbers,
        direction: Direction,
        correspondent: Correspondent,
        subject: impl Into<String>,
        document: Document,
    ) -> Self {
        Self {
            protocol: numbers.first.clone(),
            registered_at: numbers.at,
            direction,
            means: Means::Portal,
            correspondent,
            subject: subject.into(),
            document,
            attachments: Vec::new(),
            classification: String::new(),
            assigned_to: numbers.first.office.clone(),
            confidential: false,
            received: None,
            emergency: None,
            act: None,
            annulled_at: None,
        }
    }

    /// All documents, the main one first.
    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        std::iter::once(&self.document).chain(&self.attachments)
    }
}
