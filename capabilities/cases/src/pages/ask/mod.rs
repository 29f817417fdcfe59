//! Asking for something: only what nobody knows yet is asked, everything else is shown and confirmed once.

mod again;
mod anew;
mod application;
mod for_whom;
mod gate;
mod layers;
mod merge;
mod page;
mod rows;
mod saving;
mod screened;
mod send;
mod sheet;
mod summary;

pub use anew::begin as begin_anew;
pub use application::{Application, By, Next};
pub use for_whom::who_may_ask;
pub use gate::{gives_places, take_place};
pub use page::{add_row, page, remove, save};
pub use saving::Saving;
pub use screened::bring;
pub use send::{discard, send};
pub use sheet::{Sheet, Show};
pub use summary::summary;

use axum::{
    extract::{Path, State},
    response::Response,
    response::{IntoResponse, Redirect},
};
use mandates::Claim;
use web::{Answer, Failure, Visit};

use super::sign;
use crate::room::Cases;

/// The door: straight to the confirmation when nothing is missing, else to the first page with something to ask; to the
/// case that there is, where asking again makes no sense.
pub async fn start(State(cases): State<Cases>, Path(service): Path<String>, visit: Visit) -> Answer {
    if let Some(way) = stronger_login(&cases, &visit, &service) {
        return Ok(way);
    }
    if let Some(page) = for_whom::refused(&cases, &visit, &service).await? {
        return Ok(page);
    }
    if let Some(way) = at_rest(&cases, &visit, &service).await? {
        return Ok(way);
    }
    let application = Application::open(&cases, &visit, &service).await?;
    if let Some(row) = &application.standing {
        return again::show(&cases, &visit, &application, row);
    }
    if application.speaks_of_another() {
        return anew::show(&application, &visit);
    }
    // A GET writes nothing: what the address brought along goes on to the page that shows it.
    let place = anew::place(&application, &visit).unwrap_or_else(|| application.next_place(None));
    Ok(Redirect::to(&place).into_response())
}

/// The way to the signatures, where an application of this person waits for them.
async fn at_rest(cases: &Cases, visit: &Visit, service: &str) -> Result<Option<Response>, Failure> {
    let (Some(asked), Some(claim)) = (cases.catalogue.service(service), Claim::of(visit)) else {
        return Ok(None);
    };
    // Signatures are asked of oneself alone: whoever acts for somebody else is told by the application that it rests.
    if !claim.is_own() || asked.process.signatures.is_none() {
        return Ok(None);
    }
    sign::at_rest(&mut cases.web.database().read().await?, &asked, claim.subject(), visit.now).await
}

/// The way to a stronger login, where the service asks for a higher level than the present one.
fn stronger_login(cases: &Cases, visit: &Visit, service: &str) -> Option<Response> {
    let needed = cases.catalogue.service(service)?.decl.level;
    identity::Person::of(visit)?.step_up(visit, needed)
}
