use askama::Template;
use axum::extract::Path;
use mandates::Verb;
use web::{
    Answer, Page, Posted,
    components::{Fault, Field},
};

use super::{
    Counter, done, moved, not_done,
    text::{self, Sent, TextField},
};
use crate::{
    case::Case,
    decide::{Deed, NotNow, Step},
    view::on_behalf,
};

/// What is wrong with it.
const FIELD: TextField =
    TextField { name: "contestazione", longest: 4_000, label: "cases.contest.text", empty: "cases.contest.empty" };

/// Contesting what was filed at the counter.
#[derive(Template)]
#[template(path = "pages/contest.html")]
struct ContestPage {
    page: Page,
    id: String,
    filed: String,
    faults: Vec<Fault>,
    text: Field,
}

fn build(counter: &Counter, case: &Case, typed: &str, faults: Vec<Fault>) -> ContestPage {
    let page = counter.page("cases.contest.title", case);
    ContestPage {
        id: case.id.to_string(),
        filed: case.acts.first().and_then(|act| on_behalf(&page, act)).unwrap_or_default(),
        text: Field::area(FIELD.name, page.t(FIELD.label)).value(typed).fault_from(&faults),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}

/// Says who filed it, and asks what is wrong.
pub async fn show(counter: Counter, Path(id): Path<String>) -> Answer {
    let (case, service, parked) = counter.open(&id, Verb::Object).await?;
    if counter.may(&case, &service, Step::Contest).is_err() {
        return not_done(&counter.visit, &id, NotNow::NothingAsked);
    }
    web::show(&build(&counter, &case, Posted::from(parked).text(FIELD.name), Vec::new()))
}

/// Files it; the office reads it on the case.
pub async fn file(counter: Counter, Path(id): Path<String>, posted: Posted) -> Answer {
    let (visit, text) = (&counter.visit, posted.text(FIELD.name));
    match text::send(&counter, &id, (&FIELD, text), Deed::Contest(text.to_owned())).await? {
        Sent::Done => done(visit, &id, "cases.contest.done"),
        Sent::Faulty(case, faults) => web::show_faulty(&build(&counter, &case, text, faults)),
        Sent::Moved(case, why, kept) => moved::case(visit, &case, why, kept),
    }
}
