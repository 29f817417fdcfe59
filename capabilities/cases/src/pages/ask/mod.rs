//! Asking for something: only what nobody knows yet is asked, everything else is shown and confirmed once.

mod application;
mod page;
mod send;
mod summary;

pub use application::{Application, decide, upload_ids};
pub use page::{page, remove, save};
pub use send::{discard, send};
pub use summary::summary;

use axum::{
    extract::{Path, State},
    response::Response,
    response::{IntoResponse, Redirect},
};
use web::{Answer, Visit};

use crate::room::Cases;

/// The door: straight to the confirmation when nothing is missing, else to the first page with something to ask.
pub async fn start(State(cases): State<Cases>, Path(service): Path<String>, visit: Visit) -> Answer {
    if let Some(way) = stronger_login(&cases, &visit, &service) {
        return Ok(way);
    }
    let mut application = Application::open(&cases, &visit, &service).await?;
    application.keep_query(&cases, &visit).await?;
    Ok(Redirect::to(&application.next(None)).into_response())
}

/// The way to a stronger login, where the service asks for a higher level than the present one.
fn stronger_login(cases: &Cases, visit: &Visit, service: &str) -> Option<Response> {
    let needed = cases.catalogue.service(service)?.decl.level;
    identity::Person::of(visit)?.step_up(visit, needed)
}
