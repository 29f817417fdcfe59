//! Decisions on many cases together: a list that a filter chose, each case tried; a confirmation; a time in which it can
//! be taken back; and then ordinary acts, one for each case. Until then the book says nothing of it.

mod apply;
mod list;

use acts::NewAct;
use async_trait::async_trait;
use base::{Cents, Timestamp, Uuid};
use database::Tx;
use identity::{HEAD, Officer};
use queue::{Job, JobError};
use rules::in_cents;
use serde_json::{Value, json};

use crate::{
    case::Case,
    decide::last_by_a_person,
    payload::Together,
    room::Cases,
    store::{self, Filter, MassDecision},
    wanted::filter_of,
};

/// The job that tries the next cases.
pub const LIST: &str = "cases/mass-list";
/// The job that grants the next cases.
pub const APPLY: &str = "cases/mass-apply";

/// Does a mass decision piece by piece: one kind of job tries the cases, the other grants them.
pub struct MassJob {
    cases: Cases,
    kind: &'static str,
}

impl MassJob {
    /// Puts the cases on the list, each with what would become of it.
    #[must_use]
    pub const fn list(cases: Cases) -> Self {
        Self { cases, kind: LIST }
    }

    /// Grants the cases once it takes effect.
    #[must_use]
    pub const fn apply(cases: Cases) -> Self {
        Self { cases, kind: APPLY }
    }
}

#[async_trait]
impl Job for MassJob {
    fn kind(&self) -> &'static str {
        self.kind
    }

    async fn run(&self, tx: &mut Tx, payload: &Value) -> Result<(), JobError> {
        let id = payload["mass"].as_str().and_then(|id| id.parse().ok()).ok_or(JobError("no mass decision".into()))?;
        let Some(mass) = store::find_mass(tx, id).await?.filter(|mass| mass.ended_at.is_none()) else { return Ok(()) };
        let now = self.cases.web.clock().now();
        let next = match self.kind {
            LIST => list::piece(&self.cases, tx, mass, now).await,
            _ => apply::piece(&self.cases, tx, &mass, now).await,
        };
        match next.map_err(|failure| JobError(format!("{failure:?}")))? {
            Some(at) => Ok(set(tx, self.kind, id, at).await?),
            None => Ok(()),
        }
    }
}

/// How a mass decision ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Every case was granted or left out.
    Done,
    /// It was taken back before it took effect.
    Cancelled,
    /// It was stopped while it took effect: what was granted stays granted.
    Stopped,
    /// Whoever confirmed it does not head the office any more.
    Unauthorised,
}

impl Ending {
    const ALL: [Self; 4] = [Self::Done, Self::Cancelled, Self::Stopped, Self::Unauthorised];

    /// As stored; also the last part of its key in the words.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Stopped => "stopped",
            Self::Unauthorised => "unauthorised",
        }
    }
}

/// Where a mass decision stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Its cases are being tried.
    Listing,
    /// The list waits for a confirmation.
    Proposed,
    /// Confirmed; it can be taken back until this instant.
    Pending(Timestamp),
    /// Its cases are being granted.
    UnderWay,
    /// It is over.
    Over(Ending),
}

impl Phase {
    /// The last part of its key in the words.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Listing => "listing",
            Self::Proposed => "proposed",
            Self::Pending(_) => "pending",
            Self::UnderWay => "under_way",
            Self::Over(ending) => ending.key(),
        }
    }
}

impl MassDecision {
    /// Where it stands.
    #[must_use]
    pub fn phase(&self, now: Timestamp) -> Phase {
        if self.ended_at.is_some() {
            let ending = Ending::ALL.into_iter().find(|ending| self.ending.as_deref() == Some(ending.key()));
            return Phase::Over(ending.unwrap_or(Ending::Stopped));
        }
        match self.takes_effect_at {
            Some(from) if now < from => Phase::Pending(from),
            Some(_) => Phase::UnderWay,
            None if self.listed_at.is_some() => Phase::Proposed,
            None => Phase::Listing,
        }
    }

    /// Who decides, as when it was begun or confirmed.
    #[must_use]
    pub fn head(&self) -> Officer {
        let (id, name, office) = (self.officer.clone(), self.officer_name.clone(), self.office.clone());
        Officer { id, name, office, roles: vec![HEAD.to_owned()], stands_in: Vec::new(), fiscal_code: None, level: 1 }
    }

    /// What was chosen.
    #[must_use]
    pub fn filter(&self, cases: &Cases) -> Filter {
        let get = |name: &str| self.wanted.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
        filter_of((cases, &self.head()), self.began_at, &get)
    }

    /// As acts name it.
    fn together(&self, confirmed_at: Timestamp) -> Together {
        Together { mass_decision: self.id.to_string(), confirmed_at }
    }
}

/// Sets the next piece of a mass decision for `at`: there is one at a time.
///
/// # Errors
/// What the database refuses.
pub async fn set(tx: &mut Tx, kind: &'static str, mass: Uuid, at: Timestamp) -> database::Result<()> {
    queue::enqueue(tx, kind, &key(kind, mass), &json!({ "mass": mass }), at).await
}

/// Ends a mass decision, and what waits of it.
///
/// # Errors
/// What the database refuses.
pub async fn end(tx: &mut Tx, mass: Uuid, now: Timestamp, ending: Ending) -> database::Result<bool> {
    for kind in [LIST, APPLY] {
        queue::cancel(tx, &key(kind, mass)).await?;
    }
    store::end_mass(tx, mass, now, ending.key()).await
}

/// The mass decision in which a case waits to be granted, and from when on: for whoever works on the case. An act of a
/// person has taken it out.
///
/// # Errors
/// What the database refuses.
pub async fn awaits(tx: &mut Tx, case: &Case) -> database::Result<Option<(Uuid, Timestamp)>> {
    if case.state.is_closed() {
        return Ok(None);
    }
    let found = store::pending_of(tx, case.id).await?;
    Ok(found.filter(|(.., seen)| *seen == last_seen(case)).map(|(mass, from, _)| (mass, from)))
}

fn key(kind: &str, mass: Uuid) -> String {
    format!("{kind}/{mass}")
}

/// The last act of a person: what the program does by itself (letters) takes no case off the list.
fn last_seen(case: &Case) -> i64 {
    last_by_a_person(&case.acts).map_or(0, |act| act.seq)
}

/// The amount of a grant.
fn cents(act: &NewAct) -> Option<Cents> {
    in_cents(act.payload["amount"].as_str()?.parse().ok()?)
}
