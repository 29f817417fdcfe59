//! What officers see and do. Every reading of a person's case is written down with its purpose, in the transaction that
//! reads it.

mod act;
mod assign;
mod attempt;
mod case;
mod integration;
mod refusal;
mod worklist;

use axum::{
    Router,
    extract::{FromRequestParts, Path},
    http::request::Parts,
    response::Redirect,
    routing::get,
};
use base::{Translated, Uuid};
use database::Tx;
use identity::{DataRead, Officer, Reader};
use web::{Failure, Visit};

use crate::{case::Case, room::Cases, store};

/// The officers' pages.
pub fn router() -> Router<Cases> {
    Router::new()
        .route("/ufficio", get(async || Redirect::to("/ufficio/pratiche")))
        .route("/ufficio/pratiche", get(worklist::show))
        .route("/ufficio/pratiche/{case}", get(case::show))
        .route("/ufficio/pratiche/{case}/allegati/{upload}", get(case::download))
        .route("/ufficio/pratiche/{case}/prendi", get(back).post(act::take))
        .route("/ufficio/pratiche/{case}/rilascia", get(back).post(act::release))
        .route("/ufficio/pratiche/{case}/nota", get(back).post(act::note))
        .route("/ufficio/pratiche/{case}/assegna", get(assign::show).post(assign::assign))
        .route("/ufficio/carichi", get(assign::loads))
        .route("/ufficio/pratiche/{case}/integrazione", get(integration::show).post(integration::ask))
        .route("/ufficio/pratiche/{case}/accogli", get(act::confirm_grant).post(act::grant))
        .route("/ufficio/pratiche/{case}/rigetta", get(refusal::show).post(refusal::refuse))
}

/// Who logs in again after a session expired on a button comes back by GET: to the case.
async fn back(Path(case): Path<String>) -> Redirect {
    Redirect::to(&format!("/ufficio/pratiche/{case}"))
}

/// An officer at work on these pages: an extractor.
struct Desk {
    cases: Cases,
    officer: Officer,
    visit: Visit,
}

impl FromRequestParts<Cases> for Desk {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, cases: &Cases) -> Result<Self, Failure> {
        let officer = Officer::from_request_parts(parts, cases).await?;
        Ok(Self { cases: cases.clone(), officer, visit: Visit::from_request_parts(parts, cases).await? })
    }
}

/// Reads a case of the officer's own office and writes down who read it and why. Other offices' cases are not found.
async fn read(tx: &mut Tx, desk: &Desk, id: &str, what: What) -> Result<Case, Failure> {
    let Desk { cases, officer, visit } = desk;
    let case = unrecorded(tx, cases, officer, id).await?;
    let submitted = &case.submitted;
    let service = cases.catalogue.service_name(&submitted.service, &submitted.service_name);
    let subject = submitted.applicant.fiscal_code.parse().map_err(|_| Failure::NotFound)?;
    let (protocol, words) = (Translated::from(submitted.protocol.to_string().as_str()), visit.web.words());
    let read = DataRead {
        reader: &Reader::officer(officer, cases.catalogue.office_name(&submitted.office, &submitted.office_name)),
        purpose: &words.in_all("cases.read.purpose", &[("service", &service), ("protocol", &protocol)]),
        subject: &subject,
        what: &words.in_all(what.key(), &[]),
        case: Some(case.id),
    };
    identity::record_read(tx, visit.web.clock(), visit.web.chance(), &read).await?;
    Ok(case)
}

/// A case of the officer's own office, where the same request records the reading elsewhere.
async fn unrecorded(tx: &mut Tx, cases: &Cases, officer: &Officer, id: &str) -> Result<Case, Failure> {
    let parsed = id.parse::<Uuid>().ok();
    if let Some(parsed) = parsed
        && let Some(case) = store::find_in_office(tx, parsed, &officer.office).await?
    {
        return Ok(case);
    }
    identity::note_refusal(&cases.web, &officer.id, id);
    Err(Failure::NotFound)
}

/// What an officer opened, for the list that the person sees.
#[derive(Debug, Clone, Copy)]
enum What {
    Case,
    Attachment,
    Decision,
    Integration,
}

impl What {
    const fn key(self) -> &'static str {
        match self {
            Self::Case => "cases.read.case",
            Self::Attachment => "cases.read.attachment",
            Self::Decision => "cases.read.decision",
            Self::Integration => "cases.read.integration",
        }
    }
}

/// Where a case stands among the officers' pages.
fn place(case: &Case) -> String {
    format!("/ufficio/pratiche/{}", case.id)
}
