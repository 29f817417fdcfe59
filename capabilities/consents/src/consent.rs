use acts::Act;
use base::{Timestamp, Uuid};

use crate::payload::{Given, kind};

/// A person's answer to one question, as its acts tell it: what was agreed to last, and whether it still stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Identifier: the subject of its acts.
    pub id: Uuid,
    /// Fiscal code of who agreed.
    pub person: String,
    /// To what, at the last time.
    pub given: Given,
    /// When, at the last time.
    pub given_at: Timestamp,
    /// Since when it does not stand any more.
    pub withdrawn_at: Option<Timestamp>,
    /// How many acts tell all this.
    pub last_seq: i64,
}

impl Consent {
    /// Derives a consent from its acts. `None` when they are not those of a consent.
    #[must_use]
    pub fn from_acts(acts: &[Act]) -> Option<Self> {
        let (first, rest) = acts.split_first()?;
        rest.iter().try_fold(Self::given(first)?, Self::after)
    }

    fn given(act: &Act) -> Option<Self> {
        Some(Self {
            id: act.case,
            person: act.body.as_ref()?.actor.subject.clone(),
            given: act.payload_of::<Given>(kind::GIVEN)?,
            given_at: act.at,
            withdrawn_at: None,
            last_seq: act.seq,
        })
    }

    fn after(self, act: &Act) -> Option<Self> {
        match act.kind.as_str() {
            kind::GIVEN => Self::given(act),
            kind::WITHDRAWN => Some(Self { withdrawn_at: Some(act.at), last_seq: act.seq, ..self }),
            _ => None,
        }
    }

    /// Whether the office may do what was agreed to.
    #[must_use]
    pub const fn stands(&self) -> bool {
        self.withdrawn_at.is_none()
    }

    /// Whether it stands for the sentence with this fingerprint.
    #[must_use]
    pub fn covers(&self, fingerprint: &str) -> bool {
        self.stands() && self.given.fingerprint == fingerprint
    }
}
