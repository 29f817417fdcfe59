use askama::Template;
use axum::extract::Path;
use mandates::Verb;
use web::{
    Answer, Page, Posted,
    components::{Fault, Field},
};

use super::{
    Counter, done,
    moved::{self, Moved},
    not_done,
};
use crate::{
    case::Case,
    decide::{Deed, NotNow, Step},
    perform::{Attempt, attempt},
    typed::{TypedText, too_long},
};

/// Longest answer to a notice, in characters.
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

fn build(counter: &Counter, case: &Case, typed: &str, faults: Vec<Fault>) -> ObservePage {
    let page = counter.page("cases.observe.title", case);
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
pub async fn show(counter: Counter, Path(id): Path<String>) -> Answer {
    let (case, service, parked) = counter.open(&id, Verb::Object).await?;
    if case.observations.is_some() {
        return done(&counter.visit, &id, "cases.observe.done");
    }
    if counter.may(&case, &service, Step::Observe).is_err() {
        return not_done(&counter.visit, &id, NotNow::NothingAsked);
    }
    web::show(&build(&counter, &case, Posted::from(parked).text(FIELD), Vec::new()))
}

/// Files the answer. Sending it again files nothing more; where the case has moved on, the text is given back.
pub async fn file(counter: Counter, Path(id): Path<String>, posted: Posted) -> Answer {
    let (visit, text) = (&counter.visit, posted.text(FIELD));
    let faults = too_long(visit, LONGEST, [(FIELD, text)]);
    if !faults.is_empty() {
        let (case, _) = counter.look(&id, Verb::Object).await?;
        return web::show_faulty(&build(&counter, &case, text, faults));
    }
    match attempt(&counter, &id, &Deed::Observe(text.to_owned())).await? {
        Attempt::Done(_) | Attempt::Again(_) => done(visit, &id, "cases.observe.done"),
        Attempt::NotNow(case, NotNow::NoReasons) => {
            let message = visit.t("cases.observe.empty").to_owned();
            let faults = vec![Fault { field: FIELD.to_owned(), message }];
            web::show_faulty(&build(&counter, &case, text, faults))
        }
        Attempt::NotNow(case, why) => {
            let kept = vec![TypedText::new(visit.t("cases.observe.text"), text)];
            if case.observations.is_some() && !case.state.is_closed() {
                let onward = ("cases.moved.case", format!("/pratiche/{id}"));
                let text = visit.t("cases.moved.observed").to_owned();
                return Moved { text, kept, files: Vec::new(), onward }.show(visit);
            }
            moved::case(visit, &case, why, kept)
        }
    }
}
