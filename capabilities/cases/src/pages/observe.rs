use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use web::{
    Answer, Failure, Page, Posted, Visit,
    components::{Fault, Field},
};

use super::{Counter, own};
use crate::{
    case::Case,
    decide::{NotNow, observe},
};

const LONGEST: usize = 10_000;

/// The answer to a notice before refusal (art. 10-bis L. 241/1990).
#[derive(Template)]
#[template(path = "pages/observe.html")]
struct ObservePage {
    page: Page,
    id: String,
    reasons: String,
    faults: Vec<Fault>,
    text: Field,
}

fn build(visit: &Visit, case: &Case, typed: &str, faults: Vec<Fault>) -> ObservePage {
    let page = visit.page("cases.observe.title").crumb(visit.t("cases.list.title"), "/pratiche");
    let page = page.crumb(&case.submitted.service_name, format!("/pratiche/{}", case.id));
    let text = Field::area("osservazioni", page.t("cases.observe.text")).hint(page.t("cases.observe.hint"));
    ObservePage {
        id: case.id.to_string(),
        reasons: case.proposal.as_ref().map(|proposal| proposal.reasons.clone()).unwrap_or_default(),
        text: text.value(typed).fault_from(&faults),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}

/// Shows the reasons and a field for the answer.
pub async fn show(Counter { cases, person, visit }: Counter, Path(id): Path<String>) -> Answer {
    let mut tx = cases.web.database().begin().await?;
    let case = own(&mut tx, &cases, &id, &person.fiscal_code).await?;
    let parked = web::parked::take(&mut tx, &person.fiscal_code, &visit.path).await?.unwrap_or_default();
    tx.commit().await?;
    let typed = parked.into_iter().find(|(name, _)| name == "osservazioni").map(|(_, text)| text).unwrap_or_default();
    web::show(&build(&visit, &case, &typed, Vec::new()))
}

/// Files the answer.
pub async fn file(Counter { cases, person, visit }: Counter, Path(id): Path<String>, posted: Posted) -> Answer {
    let mut tx = cases.web.database().begin().await?;
    let case = own(&mut tx, &cases, &id, &person.fiscal_code).await?;
    let text: String = posted.text("osservazioni").chars().take(LONGEST).collect();
    match cases.perform(&mut tx, &case, &person.actor, |case, context| observe(case, context, &text)).await? {
        Ok(_) => {}
        Err(NotNow::NoReasons) => {
            let message = visit.t("cases.observe.empty").to_owned();
            let faults = vec![Fault { field: "osservazioni".to_owned(), message }];
            return web::show_faulty(&build(&visit, &case, &text, faults));
        }
        Err(_) => return Err(Failure::Conflict("cases.not_now.nothing_asked")),
    }
    tx.commit().await?;
    let notice = web::SetCookie::notice(&visit, "cases.observe.done");
    Ok((notice, Redirect::to(&format!("/pratiche/{id}"))).into_response())
}
