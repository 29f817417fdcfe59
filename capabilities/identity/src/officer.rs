use acts::{Actor, Authority};
use axum::{extract::FromRequestParts, http::request::Parts};
use base::FiscalCode;
use database::Tx;
use web::{Door, Failure, Mode, Visit};

use crate::{StandIn, absences, store};

/// The kind of the authority by which an official does the work of one who is away; it names that one.
pub const STAND_IN: &str = "stand-in";

/// The role of who heads an office. What each role may do, `content/roles.toml` says; the program knows these by name only for
/// its sample world.
pub const HEAD: &str = "head";

/// The role of who answers for what the office keeps and what it destroys (art. 61 D.P.R. 445/2000).
pub const ARCHIVIST: &str = "archivist";

/// The role of who files applications for people at the counter.
pub const COUNTER: &str = "counter";

/// The role of who computes what laws cost and what a reform would change.
pub const ANALYST: &str = "analyst";

/// The officials of an office whose accounts are not disabled, by name.
///
/// # Errors
/// What the database refuses.
pub async fn officers_of(tx: &mut Tx, office: &str) -> database::Result<Vec<Officer>> {
    store::staff::of_office(tx, office).await
}

/// The accounts of officials with one of these fiscal codes, as far as the administration noted them.
///
/// # Errors
/// What the database refuses.
pub async fn officers_among(tx: &mut Tx, people: &[&str]) -> database::Result<Vec<String>> {
    store::staff::among(tx, people).await
}

/// An official by identifier, if the account is not disabled.
///
/// # Errors
/// What the database refuses.
pub async fn officer(tx: &mut Tx, id: &str) -> database::Result<Option<Officer>> {
    store::staff::active(tx, id).await
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
    /// Tasks, as in `content/roles.toml`: `operator`, [`HEAD`]. What comes with them, [`crate::Policy`] says.
    pub roles: Vec<String>,
    /// Whose work they do today, because those are away: `roles` holds the tasks of those, too.
    pub stands_in: Vec<StandIn>,
    /// Their own, where the administration told it: nobody handles their own case.
    pub fiscal_code: Option<FiscalCode>,
    /// How sure it is who is at work: 1 by a password alone, 2 by two proofs; 0 for who is not at work now.
    pub level: u8,
}

/// Outside demonstrations nobody comes in without two proofs.
const DEMANDED: u8 = 2;

impl Officer {
    /// The official as the one who does an act.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor {
            subject: self.id.clone(),
            name: self.name.clone(),
            door: acts::Door::Staff,
            level: self.level,
            on_behalf_of: None,
            authority: None,
        }
    }

    /// With the own account's tasks alone: what is of the person, and is not lent.
    #[must_use]
    pub fn own(&self) -> Self {
        let lent = |role: &String| self.stands_in.iter().any(|one| one.roles.contains(role));
        let roles = self.roles.iter().filter(|role| !lent(role)).cloned().collect();
        Self { roles, stands_in: Vec::new(), ..self.clone() }
    }

    /// The one whose tasks, lent to this official, bring a power that the own ones do not.
    #[must_use]
    pub fn lender(&self, brings: impl Fn(&Self) -> bool) -> Option<&str> {
        if brings(&self.own()) {
            return None;
        }
        let with = |one: &&StandIn| brings(&Self { roles: one.roles.clone(), ..self.own() });
        self.stands_in.iter().find(with).map(|one| one.absent.id.as_str())
    }

    /// The same, who does the work of `absent`, if that is one of those whose work they do today.
    #[must_use]
    pub fn actor_for(&self, absent: &str) -> Option<Actor> {
        let away = self.stands_in.iter().map(|one| &one.absent).find(|away| away.id == absent)?;
        let authority = Authority {
            kind: STAND_IN.to_owned(),
            id: away.id.clone(),
            principal: away.name.clone(),
            ..Authority::default()
        };
        Some(Actor { authority: Some(authority), ..self.actor() })
    }
}

impl Officer {
    /// The session of an official who has proved enough to be at work; whether the account still lets anybody in,
    /// [`Officer::at_work`] asks.
    #[must_use]
    pub fn session(visit: &Visit) -> Option<&web::Session> {
        let least = if visit.web.settings().mode == Mode::Production { DEMANDED } else { 1 };
        visit.session.as_ref().filter(|session| session.door == Door::Staff && session.level >= least)
    }

    /// The official who makes this request, if one is at work: for pages that everybody sees, and officials see more of.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn at_work(visit: &Visit) -> Result<Option<Self>, Failure> {
        let Some(session) = Self::session(visit) else { return Ok(None) };
        let mut tx = visit.web.database().read().await?;
        let Some(officer) = store::staff::active(&mut tx, &session.subject).await? else { return Ok(None) };
        let officer = absences::with_stand_ins(&mut tx, officer, base::rome_date(visit.now)).await?;
        Ok(Some(Self { level: session.level, ..officer }))
    }
}

impl<S: Sync> FromRequestParts<S> for Officer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let visit = Visit::from_request_parts(parts, state).await?;
        Self::at_work(&visit).await?.ok_or(Failure::Unauthenticated)
    }
}
