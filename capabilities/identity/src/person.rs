use acts::Actor;
use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use base::{Date, FiscalCode, PersonName, Timestamp};
use serde::{Deserialize, Serialize};
use web::{Door, Failure, Session, Visit, percent};

/// A person who proved who they are with a national e-ID.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The fiscal code, as the provider gave it.
    pub fiscal_code: FiscalCode,
    /// Name and surname, as the provider gave them: what the registry says may differ.
    pub name: PersonName,
    /// Date of birth, if the provider gave it.
    pub born: Option<Date>,
    /// Level of the e-ID, 1 to 3.
    pub level: u8,
    /// Short name of the identity provider.
    pub provider: String,
    /// The person's account there (`spidCode`); empty where the provider gives none.
    pub account: String,
    /// Time of this login.
    pub signed_in_at: Timestamp,
}

/// What the session keeps of a login, beside subject and level.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) name: PersonName,
    pub(crate) born: Option<Date>,
    pub(crate) provider: String,
    /// For logout at the provider.
    pub(crate) name_id: String,
    pub(crate) session_index: Option<String>,
    #[serde(default)]
    pub(crate) name_qualifier: Option<String>,
    #[serde(default)]
    pub(crate) spid_code: Option<String>,
    /// The token that ends the session at a provider of OpenID Connect, sealed.
    #[serde(default)]
    pub(crate) token: Option<String>,
}

impl Kept {
    /// What a citizen's session keeps.
    pub(crate) fn of(session: &Session) -> Option<Self> {
        Self::deserialize(&session.data).ok()
    }

    /// The account at the provider, as [`crate::DigitalIdentity`] has it.
    pub(crate) fn account(&self) -> &str {
        self.spid_code.as_deref().unwrap_or_default()
    }
}

impl Person {
    /// The citizen who makes this request, if one is logged in.
    #[must_use]
    pub fn of(visit: &Visit) -> Option<Self> {
        visit.session.as_ref().filter(|session| session.door == Door::Citizen).and_then(Self::read)
    }

    fn read(session: &Session) -> Option<Self> {
        let kept = Kept::of(session)?;
        Some(Self {
            fiscal_code: session.subject.parse().ok()?,
            born: kept.born,
            level: session.level,
            account: kept.account().to_owned(),
            name: kept.name,
            provider: kept.provider,
            signed_in_at: session.signed_in_at,
        })
    }

    /// The person as the one who does an act.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            subject: self.fiscal_code.to_string(),
            name: self.name.to_string(),
            door: acts::Door::Citizen,
            level: self.level,
            on_behalf_of: None,
            authority: None,
        }
    }

    /// The way to a stronger login and back to this page, when the e-ID's level is below `needed`.
    #[must_use]
    pub fn step_up(&self, visit: &Visit, needed: u8) -> Option<Response> {
        if self.level >= needed {
            return None;
        }
        let query = if visit.query.is_empty() { String::new() } else { format!("?{}", visit.query) };
        let back = percent(&format!("{}{query}", visit.path));
        Some(Redirect::to(&format!("/accesso?livello={needed}&ritorno={back}")).into_response())
    }
}

/// An extractor for pages of a person who is logged in; others are led to the login and back, and what they had typed
/// is kept meanwhile (see `web::parked`).
#[derive(Debug, Clone)]
pub struct Citizen(pub Person);

impl<S: Sync> FromRequestParts<S> for Citizen {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let visit = Visit::from_request_parts(parts, state).await?;
        Person::of(&visit).map(Self).ok_or(Failure::Unauthenticated)
    }
}
