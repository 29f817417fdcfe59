//! The analysts' pages: a law in force, new values beside its own, and what they would change for a few invented people.

mod choose;
mod result;
mod study;

use axum::{
    Router,
    extract::{FromRequestParts, Path},
    http::request::Parts,
    routing::get,
};
use base::{Date, rome_date};
use catalogue::Catalogue;
use identity::Power;
use web::{Failure, Visit};

use crate::sample::Bench;

/// Simulations that may run at once.
const PLACES: usize = 2;

/// What the pages share.
#[derive(Clone)]
struct Room {
    catalogue: Catalogue,
    bench: Bench,
}

/// The pages of this room.
pub fn router(catalogue: Catalogue) -> Router {
    Router::new()
        .route("/ufficio/simulazioni", get(choose::show))
        .route("/ufficio/simulazioni/{service}", get(study::show))
        .route("/ufficio/simulazioni/{service}/risultato.json", get(study::download))
        .with_state(Room { catalogue, bench: Bench::new(PLACES) })
}

/// An analyst at work: an extractor.
struct Desk {
    room: Room,
    visit: Visit,
}

impl FromRequestParts<Room> for Desk {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, room: &Room) -> Result<Self, Failure> {
        let (_, visit) = room.catalogue.at_work(parts, Power::Simulate).await?;
        Ok(Self { room: room.clone(), visit })
    }
}

impl Desk {
    fn today(&self) -> Date {
        rome_date(self.visit.now)
    }
}

type Slug = Path<String>;
