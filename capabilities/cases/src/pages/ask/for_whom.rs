//! A service is for people, for companies, or for both: who comes for the other ones is told what to do.

use askama::Template;
use axum::response::Response;
use catalogue::{Applicant, Service};
use mandates::Claim;
use web::{Failure, Page, Visit};

use crate::room::Cases;

/// Refuses who asks as what the service is not for.
///
/// # Errors
/// [`Failure::Conflict`] with what to do.
pub fn who_may_ask(service: &Service, kind: Applicant) -> Result<(), Failure> {
    if service.takes(kind) {
        return Ok(());
    }
    Err(Failure::Conflict(match kind {
        Applicant::Company => "cases.for_whom.people.refused",
        Applicant::Person | Applicant::Intermediary => "cases.for_whom.companies.refused",
    }))
}

/// The service is not for whom the visitor acts.
#[derive(Template)]
#[template(path = "pages/ask/for_whom.html")]
struct ForWhomPage {
    page: Page,
    /// What it is for, as the middle of the keys of its words.
    lead: &'static str,
    text: &'static str,
    /// Whether it is for companies.
    companies: bool,
}

/// The page that says for whom the service is, where the visitor acts for somebody else; `None` where all is well, or nobody
/// is logged in.
pub async fn refused(cases: &Cases, visit: &Visit, slug: &str) -> Result<Option<Response>, Failure> {
    let (Some(claim), Some(service)) = (Claim::of(visit), cases.catalogue.service(slug)) else { return Ok(None) };
    let capacity = claim.begin(visit).await?;
    let kind = capacity.principal().kind();
    if service.takes(kind) {
        return Ok(None);
    }
    let companies = kind != Applicant::Company;
    let (title, lead, text) = if companies {
        ("cases.for_whom.companies.title", "cases.for_whom.companies.lead", "cases.for_whom.companies.text")
    } else {
        ("cases.for_whom.people.title", "cases.for_whom.people.lead", "cases.for_whom.people.text")
    };
    let page = visit.page(title).crumb(service.name.get(visit.language), service.href());
    web::show(&ForWhomPage { page, lead, text, companies }).map(Some)
}
