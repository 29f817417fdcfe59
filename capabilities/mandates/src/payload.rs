//! What each kind of act of a mandate says. Fields are added, never renamed or removed.

use base::Date;
use serde::{Deserialize, Serialize};

use crate::{Services, Verbs};

/// Kinds of act, as they stand in the book. Their subject is the mandate.
pub mod kind {
    /// Somebody wants to be represented.
    pub const PROPOSED: &str = "mandate-proposed";
    /// The other person accepts.
    pub const ACCEPTED: &str = "mandate-accepted";
    /// The other person does not want it.
    pub const DECLINED: &str = "mandate-declined";
    /// Who gave it takes it back, also before it is accepted.
    pub const REVOKED: &str = "mandate-revoked";
    /// Somebody stands at the counter; its subject is the visit.
    pub const COUNTER_OPENED: &str = "counter-opened";
    /// They left, or the officer acts for themselves again.
    pub const COUNTER_CLOSED: &str = "counter-closed";
    /// Who had accepted it gives it up.
    pub const RENOUNCED: &str = "mandate-renounced";
}

/// With what the delegate of a mandate begins that was given to an intermediary's office; behind it stands the id of the office.
const OFFICE: &str = "ufficio:";

/// How a mandate names an intermediary's office as its delegate.
#[must_use]
pub fn office_key(id: &str) -> String {
    format!("{OFFICE}{id}")
}

/// Who gives a mandate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Giver {
    /// Fiscal code.
    pub fiscal_code: String,
    /// Given name and surname, by the e-ID.
    pub name: String,
}

/// To whom it is proposed. Whether there is such a person nobody knows before they accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposee {
    /// Fiscal code, as typed; of an intermediary's office, [`office_key`].
    pub fiscal_code: String,
    /// Surname, as typed; of an office its name.
    pub surname: String,
}

impl Proposee {
    /// The id of the office, if it is one.
    #[must_use]
    pub fn office(&self) -> Option<&str> {
        self.fiscal_code.strip_prefix(OFFICE)
    }
}

/// `mandate-proposed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// `3/2026`.
    pub number: String,
    /// For whom things will be done.
    pub principal: Giver,
    /// Who will do them.
    pub delegate: Proposee,
    /// For which services; `null` for all.
    pub services: Services,
    /// Their Italian names, for whoever reads it in ten years.
    #[serde(default)]
    pub service_names: Vec<String>,
    /// What may be done.
    pub verbs: Verbs,
    /// The last day of the mandate.
    pub until: Date,
    /// The last day on which it can be accepted.
    pub answer_by: Date,
}

/// `mandate-accepted`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Given name and surname of who accepts, by the e-ID.
    pub name: String,
}
