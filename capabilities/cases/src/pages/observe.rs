use askama::Template;
use axum::extract::Path;
use web::{
    Answer, Page, Posted, Visit,
    components::{Fault, Field},
};

use super::{
    Counter, deed, done,
    moved::{self, Kept, Moved},
    own,
};
use crate::{
    case::Case,
    decide::{NotNow, observe},
    room::Cases,
};

const LONGEST: usize = 10_000;
/// The field of the answer.
const FIELD: &str = "osservazioni";

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
    let service = cases.catalogue.service_name(&case.submitted.service, &case.submitted.service_name);
    let page = page.crumb(service.get(visit.language), format!("/pratiche/{}", case.id));
    let text = Field::area(FIELD, page.t("cases.observe.text")).hint(page.t("cases.observe.hint"));
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
    let mut tx = cases.web.database().read().await?;
    let case = own(&mut tx, &cases, &id, &person.fiscal_code).await?;
    if case.observations.is_some() {
        return done(&visit, &id, "cases.observe.done");
    }
    if case.proposal.is_none() || case.state.is_closed() {
        return done(&visit, &id, NotNow::NothingAsked.key());
    }
    let parked = web::parked::find(&mut tx, &person.fiscal_code, &visit.path).await?.unwrap_or_default();
    let typed = parked.fields.into_iter().find(|(name, _)| name == FIELD).map(|(_, text)| text).unwrap_or_default();
    web::show(&build(&visit, (&cases, &case), &typed, Vec::new()))
}

/// Files the answer. Sending it again files nothing more; where the case has moved on, the text is given back.
pub async fn file(counter: Counter, Path(id): Path<String>, posted: Posted) -> Answer {
    let visit = &counter.visit;
    let text: String = posted.text(FIELD).chars().take(LONGEST).collect();
    let filed = deed(&counter, &id, &[], |case, context| observe(case, context, &text)).await?;
    match filed {
        Ok(()) => done(visit, &id, "cases.observe.done"),
        Err((case, _)) if case.observations.as_deref().is_some_and(|told| same(told, &text)) => {
            done(visit, &id, "cases.observe.done")
        }
        Err((case, NotNow::NoReasons)) => {
            let message = visit.t("cases.observe.empty").to_owned();
            let faults = vec![Fault { field: FIELD.to_owned(), message }];
            web::show_faulty(&build(visit, (&counter.cases, &case), &text, faults))
        }
        Err((case, why)) => {
            let kept = vec![Kept::new(visit.t("cases.observe.text"), &text)];
            if case.observations.is_some() && !case.state.is_closed() {
                let onward = ("cases.moved.case", format!("/pratiche/{id}"));
                let text = visit.t("cases.moved.observed").to_owned();
                return Moved { text, kept, files: Vec::new(), onward }.show(visit);
            }
            moved::case(visit, &case, why, kept)
        }
    }
}

/// Browsers write ends of lines in their own way.
fn same(told: &str, typed: &str) -> bool {
    told.split_whitespace().eq(typed.split_whitespace())
}
