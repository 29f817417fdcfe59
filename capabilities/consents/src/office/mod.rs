//! To what people agreed, for the office that may make use of it.

mod file;
mod overview;

use axum::{Router, extract::FromRequestParts, http::request::Parts, routing::get};
use identity::{Officer, Power};
use web::{Failure, Visit};

use crate::Consents;

/// Where these pages are.
pub const PLACE: &str = "/ufficio/consensi";

/// The officers' pages.
pub fn router() -> Router<Consents> {
    Router::new()
        .route(PLACE, get(overview::show))
        .route("/ufficio/consensi/{service}/{consent}/elenco.csv", get(file::download))
}

/// Who may take names out of the office, at these pages: an extractor.
struct Desk {
    room: Consents,
    officer: Officer,
    visit: Visit,
}

impl FromRequestParts<Consents> for Desk {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, room: &Consents) -> Result<Self, Failure> {
        let (officer, visit) = room.catalogue.at_work(parts, Power::ExportNames).await?;
        Ok(Self { room: room.clone(), officer, visit })
    }
}
