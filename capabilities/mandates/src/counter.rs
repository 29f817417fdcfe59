//! Somebody stands at the counter and an officer files for them. The visit is declared, so it is two acts.

use acts::{Actor, NewAct};
use base::{Timestamp, Uuid};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::payload::{Giver, kind};

/// How long an officer may act for somebody who was there: longer than any form takes.
pub const LASTS: SignedDuration = SignedDuration::from_hours(1);

/// Documents by which people are recognised (art. 35 DPR 445/2000).
pub const DOCUMENTS: [&str; 4] = ["identity-card", "passport", "driving-licence", "other"];

/// Somebody at the counter, as the row tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounterVisit {
    /// Identifier: the subject of its acts.
    pub id: Uuid,
    /// The officer.
    pub operator: String,
    /// Identifier of the officer's office at that time.
    pub office: String,
    /// Who stands there.
    pub person: Giver,
    /// Until when the officer may act for them.
    pub until: Timestamp,
    /// When they left.
    pub ended_at: Option<Timestamp>,
}

impl CounterVisit {
    /// Whether this officer, of this office now, may act at an instant.
    #[must_use]
    pub fn holds(&self, operator: &str, office: &str, now: Timestamp) -> bool {
        self.operator == operator && self.office == office && self.ended_at.is_none() && now < self.until
    }
}

/// `counter-opened`: who stands there, by which document the officer knows it, and why they do not file alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Who stands there.
    pub person: Giver,
    /// What kind of document was seen.
    pub document: String,
    /// Its number.
    pub document_number: String,
    /// Why, in the officer's words.
    pub reason: String,
    /// Identifier of the office.
    pub office: String,
}

/// The act that begins a visit.
#[must_use]
pub fn open(id: Uuid, officer: &Actor, opened: &Opened) -> NewAct {
    act(id, kind::COUNTER_OPENED, officer, Some(opened))
}

/// The act that ends it.
#[must_use]
pub fn close(id: Uuid, officer: &Actor) -> NewAct {
    act(id, kind::COUNTER_CLOSED, officer, None)
}

fn act(id: Uuid, kind: &'static str, officer: &Actor, said: Option<&Opened>) -> NewAct {
    let payload = serde_json::to_value(said).expect("the payload of a visit is texts");
    NewAct { case: id, kind, actor: officer.clone(), payload }
}
