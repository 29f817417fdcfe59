//! The gate before the confirmation: the window of the service, and the waiting room. Questions and drafts are on this
//! side of it.

use base::Timestamp;
use catalogue::{Phase, Service};
use jiff::SignedDuration;
use waiting::{Entry, Place};
use web::{Failure, SetCookie, Visit};

use crate::room::Cases;

/// How long before the opening of a window places for it are given: long enough that nobody need be fast.
const PLACES_BEFORE: SignedDuration = SignedDuration::from_mins(30);

/// What stands between a person and the confirmation.
pub enum Gate {
    /// Nothing; the cookie, where there is a new one, lets them in again.
    Open(Option<SetCookie>),
    /// Others are first.
    Wait,
    /// The window is not open.
    Shut(Shut),
}

/// A window that is not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    /// It opens then; whether places for it are given already.
    Opens(Timestamp, bool),
    /// It closed then.
    Closed(Timestamp),
}

/// Looks at the gate. Who took a place before the window closed, and had to wait because of us, is let in afterwards.
pub async fn look(cases: &Cases, visit: &Visit, service: &Service, person: &str) -> Result<Gate, Failure> {
    let Some((window, phase)) = service.process.window_at(visit.now) else {
        return enter(cases, visit, service, person).await;
    };
    match phase {
        Phase::Before => Ok(Gate::Shut(Shut::Opens(window.opens, gives_places(cases, window.opens, visit.now)))),
        Phase::Open => enter(cases, visit, service, person).await,
        Phase::After => {
            let place = cases.waiting.place(&service.slug, person, visit.now).await?;
            Ok(match place.filter(|place| place.came < window.closes) {
                Some(place) if place.is_up(visit.now) => Gate::Open(None),
                Some(_) => Gate::Wait,
                None => Gate::Shut(Shut::Closed(window.closes)),
            })
        }
    }
}

async fn enter(cases: &Cases, visit: &Visit, service: &Service, person: &str) -> Result<Gate, Failure> {
    Ok(match cases.waiting.enter(&service.slug, person, visit.turn.as_deref(), visit.now).await? {
        Entry::In { pass } => Gate::Open(pass.map(|pass| {
            let held = visit.turn.as_deref().unwrap_or("");
            SetCookie::turn(visit, &waiting::beside(&pass, held))
        })),
        Entry::Wait => Gate::Wait,
    })
}

/// Whether places for an opening are given already.
pub fn gives_places(cases: &Cases, opens: Timestamp, now: Timestamp) -> bool {
    cases.waiting.has_limit() && opens.duration_since(now) <= PLACES_BEFORE
}

/// Gives the person a place, where places are given: before the opening for the draw, then behind everybody else.
pub async fn take_place(
    cases: &Cases,
    visit: &Visit,
    service: &Service,
    person: &str,
) -> Result<Option<Place>, Failure> {
    let opens = match service.process.window_at(visit.now) {
        Some((_, Phase::After)) => return Ok(None),
        Some((window, Phase::Before)) if !gives_places(cases, window.opens, visit.now) => return Ok(None),
        Some((window, Phase::Before)) => Some(window.opens),
        Some((_, Phase::Open)) | None => None,
    };
    Ok(cases.waiting.take_place(&service.slug, person, opens, visit.now).await?)
}
