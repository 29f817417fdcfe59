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
    text::{self, Sent, TextField},
};
use crate::{
    case::Case,
    decide::{Deed, NotNow, Step},
};

/// The answer.
const FIELD: TextField =
    TextField { name: "osservazioni", longest: 10_000, label: "cases.observe.text", empty: "cases.observe.empty" };

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
    let text = Field::area(FIELD.name, page.t(FIELD.label)).hint(page.t("cases.observe.hint"));
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
    web::show(&build(&counter, &case, Posted::from(parked).text(FIELD.name), Vec::new()))
}

/// Files the answer. Sending it again files nothing more; where the case has moved on, the text is given back.
pub async fn file(counter: Counter, Path(id): Path<String>, posted: Posted) -> Answer {
    let (visit, text) = (&counter.visit, posted.text(FIELD.name));
    match text::send(&counter, &id, (&FIELD, text), Deed::Observe(text.to_owned())).await? {
        Sent::Done => done(visit, &id, "cases.observe.done"),
        Sent::Faulty(case, faults) => web::show_faulty(&build(&counter, &case, text, faults)),
        Sent::Moved(case, _, kept) if case.observations.is_some() && !case.state.is_closed() => {
            let onward = ("cases.moved.case", format!("/pratiche/{id}"));
            let text = visit.t("cases.moved.observed").to_owned();
            Moved { text, kept, files: Vec::new(), onward }.show(visit)
        }
        Sent::Moved(case, why, kept) => moved::case(visit, &case, why, kept),
    }
}
