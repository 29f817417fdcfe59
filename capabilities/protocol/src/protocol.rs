use base::{Date, ProtocolNumber, Timestamp};
use serde::{Deserialize, Serialize};

/// A protocol number (art. 53 D.P.R. 445/2000): yearly, gapless, per office.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Protocol {
    /// The office (AOO) whose register it is.
    pub office: String,
    /// The year of the register, in Italian time.
    pub year: i16,
    /// From 1, without holes.
    pub number: i64,
}

impl Protocol {
    /// Of a register of which the number is not taken yet.
    #[must_use]
    pub fn awaited(office: &str, day: Date) -> Self {
        Self { office: office.to_owned(), year: day.year(), number: 0 }
    }
}

impl From<&Protocol> for ProtocolNumber {
    fn from(protocol: &Protocol) -> Self {
        Self { number: protocol.number, year: protocol.year }
    }
}

impl std::fmt::Display for Protocol {
    /// As [`ProtocolNumber`]: `0000123/2026`. Two offices give the same number: people are shown [`crate::shown`].
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        ProtocolNumber::from(self).fmt(f)
    }
}

/// Consecutive numbers, taken from one register at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// The first of them.
    pub first: Protocol,
    /// The instant of registration: now, or that of the registration before where the machine's clock was set back.
    /// What is registered bears it too.
    pub at: Timestamp,
}

impl Numbers {
    /// The number that follows the first one by `steps`.
    #[must_use]
    pub fn nth(&self, steps: i64) -> Protocol {
        Protocol { number: self.first.number.saturating_add(steps), ..self.first.clone() }
    }
}
