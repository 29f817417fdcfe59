use base::Timestamp;

use crate::protocol::Protocol;

/// Who works on the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// Identifier of the account.
    pub id: String,
    /// Name and surname.
    pub name: String,
}

impl From<&identity::Officer> for Officer {
    fn from(officer: &identity::Officer) -> Self {
        Self { id: officer.id.clone(), name: officer.name.clone() }
    }
}

/// What was done to a registration after it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// Filed under another title.
    Classification(String),
    /// Assigned to another office.
    Assignment(String),
    /// Annulled (art. 54 D.P.R. 445/2000).
    Annulled {
        /// Why.
        reason: String,
        /// The act that authorises it: number and date.
        authorised_by: String,
    },
}

/// A change, with who made it and when: kept for ever beside the original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Of which registration.
    pub protocol: Protocol,
    /// When.
    pub at: Timestamp,
    /// What it became.
    pub changed: Changed,
    /// What it was; empty for an annulment, which leaves everything as it was.
    pub before: String,
    /// Who.
    pub by: Officer,
}
