use acts::Actor;
use axum::{extract::FromRequestParts, http::request::Parts};
use database::Tx;
use web::{Door, Failure, Visit};

use crate::store;

/// The role of who heads an office: sees who holds which case, and gives cases to others.
pub const HEAD: &str = "head";

/// The role of who concludes in place of an office that is late (art. 2 c. 9-bis L. 241/1990).
pub const SUBSTITUTE: &str = "substitute";

/// The role of who answers for what the office keeps and what it destroys (art. 61 D.P.R. 445/2000).
pub const ARCHIVIST: &str = "archivist";

/// The role of who computes what laws cost and what a reform would change.
pub const ANALYST: &str = "analyst";

/// The officials of an office whose accounts are not disabled, by name.
///
/// # Errors
/// What the database refuses.
pub async fn officers_of(tx: &mut Tx, office: &str) -> database::Result<Vec<Officer>> {
    store::staff::of_office(tx, office).await
}

/// An official at work: an extractor for the pages below `/ufficio`. Office and roles are read anew at each request,
/// so that who is disabled or moved loses access at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Officer {
    /// Identifier of the account.
    pub id: String,
    /// Name and surname.
    pub name: String,
    /// Identifier of the office, as in `content/offices.toml`.
    pub office: String,
    /// What the official may do, e.g. `operator`, [`HEAD`].
    pub roles: Vec<String>,
}

impl Officer {
    /// Whether the official has a role.
    #[must_use]
    pub fn has(&self, role: &str) -> bool {
        self.roles.iter().any(|own| own == role)
    }

    /// Whether the official may conclude in place of the office when it is late: who holds the substitute power, or who
    /// heads the office, to whom it falls where nobody else was named (art. 2 c. 9-bis L. 241/1990).
    #[must_use]
    pub fn may_substitute(&self) -> bool {
        self.has(SUBSTITUTE) || self.has(HEAD)
    }

    /// Refuses who lacks a role.
    ///
    /// # Errors
    /// [`Failure::Forbidden`].
    pub fn must_have(&self, role: &str) -> Result<(), Failure> {
        if self.has(role) { Ok(()) } else { Err(Failure::Forbidden) }
    }

    /// The official as the one who does an act. A password alone is level 1 until the second factor (rows X.03).
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            subject: self.id.clone(),
            name: self.name.clone(),
            door: acts::Door::Staff,
            level: 1,
            on_behalf_of: None,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Officer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let visit = Visit::from_request_parts(parts, state).await?;
        let session = visit.session.as_ref().filter(|session| session.door == Door::Staff);
        let id = &session.ok_or(Failure::Unauthenticated)?.subject;
        let mut tx = visit.web.database().read().await?;
        store::staff::active(&mut tx, id).await?.ok_or(Failure::Unauthenticated)
    }
}
