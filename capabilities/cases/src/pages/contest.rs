use askama::Template;
use axum::extract::Path;
use mandates::Verb;
use web::{
    Answer, Page, Posted,
    components::{Fault, Field},
};

use super::{Counter, done, moved, not_done};
use crate::{
    case::Case,
    decide::{Deed, NotNow, Step},
    perform::{Attempt, attempt},
    typed::{TypedText, too_long},
    view::on_behalf,
};

/// Longest text, in characters.
const LONGEST: usize = 4_000;
/// The field of the text.
const FIELD: &str = "contestazione";

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
        text: Field::area(FIELD, page.t("cases.contest.text")).value(typed).fault_from(&faults),
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
    web::show(&build(&counter, &case, Posted::from(parked).text(FIELD), Vec::new()))
}

/// Files it; the office reads it on the case.
pub async fn file(counter: Counter, Path(id): Path<String>, posted: Posted) -> Answer {
    let (visit, text) = (&counter.visit, posted.text(FIELD));
    let faults = too_long(visit, LONGEST, [(FIELD, text)]);
    if !faults.is_empty() {
        let (case, _) = counter.look(&id, Verb::Object).await?;
        return web::show_faulty(&build(&counter, &case, text, faults));
    }
    match attempt(&counter, &id, &Deed::Contest(text.to_owned())).await? {
        Attempt::Done(_) | Attempt::Again(_) => done(visit, &id, "cases.contest.done"),
        Attempt::NotNow(case, NotNow::NoReasons) => {
            let message = visit.t("cases.contest.empty").to_owned();
            let faults = vec![Fault { field: FIELD.to_owned(), message }];
            web::show_faulty(&build(&counter, &case, text, faults))
        }
        Attempt::NotNow(case, why) => {
            moved::case(visit, &case, why, vec![TypedText::new(visit.t("cases.contest.text"), text)])
        }
    }
}
