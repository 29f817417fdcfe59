//! What citizens see and do.

mod ask;
mod case;
mod integrate;
mod list;
mod observe;
mod receipt;
mod uploads;
mod withdraw;

use axum::{
    Router,
    extract::FromRequestParts,
    http::request::Parts,
    routing::{get, post},
};
use base::Uuid;
use database::Tx;
use web::{Failure, Visit};

pub use ask::decide;

use crate::{
    case::Case,
    room::Cases,
    store,
    who::{self, Applicant},
};

/// Five files of ten megabytes, and the form around them.
const LARGEST_POST: usize = 51 * 1024 * 1024;

/// The citizens' pages.
pub fn router() -> Router<Cases> {
    Router::new()
        .route("/servizi/{service}/domanda", get(ask::start))
        .route("/servizi/{service}/domanda/riepilogo", get(ask::summary))
        .route("/servizi/{service}/domanda/invia", get(ask::start).post(ask::send))
        .route("/servizi/{service}/domanda/annulla", post(ask::discard))
        .route("/servizi/{service}/domanda/{page}/togli", post(ask::remove))
        .route("/servizi/{service}/domanda/{page}", web::uploads(get(ask::page).post(ask::save), LARGEST_POST))
        .route("/pratiche", get(list::show))
        .route("/pratiche/{case}", get(case::show))
        .route("/pratiche/{case}/ricevuta", get(receipt::show))
        .route("/pratiche/{case}/ritiro", get(withdraw::ask).post(withdraw::withdraw))
        .route("/pratiche/{case}/integrazione", web::uploads(get(integrate::show).post(integrate::save), LARGEST_POST))
        .route("/pratiche/{case}/osservazioni", get(observe::show).post(observe::file))
        .route("/pratiche/{case}/allegati/{upload}", get(uploads::download))
}

/// A citizen at these pages: an extractor.
struct Counter {
    cases: Cases,
    person: Applicant,
    visit: Visit,
}

impl FromRequestParts<Cases> for Counter {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, cases: &Cases) -> Result<Self, Failure> {
        let visit = Visit::from_request_parts(parts, cases).await?;
        Ok(Self { cases: cases.clone(), person: who::citizen(&visit)?, visit })
    }
}

/// The case, if it belongs to this person; otherwise the same "not found" as for a case that does not exist. An attempt
/// on somebody else's case is written down for the auditors.
async fn own(tx: &mut Tx, cases: &Cases, id: &str, fiscal_code: &str) -> Result<Case, Failure> {
    let parsed = id.parse::<Uuid>().ok();
    if let Some(parsed) = parsed
        && let Some(case) = store::find_own(tx, parsed, fiscal_code).await?
    {
        return Ok(case);
    }
    identity::note_refusal(&cases.web, fiscal_code, id);
    Err(Failure::NotFound)
}
