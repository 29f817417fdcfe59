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
    decide::{Context, NotNow, observe},
    room::{Cases, today},
    store, who,
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

fn build(visit: &Visit, (cases, case): (&Cases, &Case), typed: &str, faults: Vec<Fault>) -> ObservePage {
    let page = visit.page("cases.observe.title").crumb(visit.t("cases.list.title"), "/pratiche");
    let service = cases.service_name(&case.submitted.service, &case.submitted.service_name);
    let page = page.crumb(service.get(visit.language), format!("/pratiche/{}", case.id));
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
    web::show(&build(&visit, (&cases, &case), &typed, Vec::new()))
}

/// Files the answer.
pub async fn file(Counter { cases, person, visit }: Counter, Path(id): Path<String>, posted: Posted) -> Answer {
    let mut tx = cases.web.database().begin().await?;
    let case = own(&mut tx, &cases, &id, &person.fiscal_code).await?;
    let service = cases.service_of(&mut tx, &case).await?;
    let rules = &service.process.rules;
    let actor = who::citizen(&visit)?.actor;
    let context = Context { actor: &actor, rules, calendar: &cases.calendar, today: today(&visit), amount_unit: None };
    let text: String = posted.text("osservazioni").chars().take(LONGEST).collect();
    let act = match observe(&case, &context, &text) {
        Ok(act) => act,
        Err(NotNow::NoReasons) => {
            let message = visit.t("cases.observe.empty").to_owned();
            let faults = vec![Fault { field: "osservazioni".to_owned(), message }];
            return web::show_faulty(&build(&visit, (&cases, &case), &text, faults));
        }
        Err(_) => return Err(Failure::Conflict("cases.not_now.nothing_asked")),
    };
    store::write(&mut tx, &cases.web, (rules, &cases.calendar), Some(case.last_seq), (cases.web.clock().now(), &[act]))
        .await?;
    tx.commit().await?;
    let notice = web::SetCookie::notice(&visit, "cases.observe.done");
    Ok((notice, Redirect::to(&format!("/pratiche/{id}"))).into_response())
}
