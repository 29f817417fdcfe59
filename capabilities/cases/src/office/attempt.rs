//! Doing something to a case: once, however often it is sent, and with an account of what stood against it.

use acts::Act;
use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Redirect},
};
use web::{
    Answer, Failure, Page, SetCookie,
    components::{Field, Tone},
};

use super::{Desk, What, place, read};
use crate::{
    case::Case,
    decide::{Deed, NotNow, last_by_a_person},
};

/// What came of an attempt.
pub enum Attempt {
    /// It is done.
    Done(Case),
    /// The same officer had done it already: the form was sent twice.
    Again(Case),
    /// It cannot be done now; with what happened to the case last.
    NotNow(Case, NotNow, Option<Box<Act>>),
}

/// Reads, decides and writes in one transaction. Who is overtaken between reading and writing is decided upon anew,
/// on what the case has become.
pub async fn attempt(desk: &Desk, id: &str, deed: &Deed) -> Result<Attempt, Failure> {
    match once(desk, id, deed).await {
        Err(Failure::Conflict(_)) => once(desk, id, deed).await,
        other => other,
    }
}

async fn once(desk: &Desk, id: &str, deed: &Deed) -> Result<Attempt, Failure> {
    let Desk { cases, officer, .. } = desk;
    let mut tx = cases.web.database().begin().await?;
    let case = read(&mut tx, desk, id, What::Case).await?;
    let acts = acts::of_case(&mut tx, case.id).await?;
    let actor = officer.actor();
    if deed.was_done(&case, &acts, &actor) {
        tx.commit().await?;
        return Ok(Attempt::Again(case));
    }
    let done = cases.perform(&mut tx, &case, &actor, |case, context| deed.decide(case, context)).await?;
    tx.commit().await?; // the reading counts, whatever came of it
    Ok(match done {
        Ok(_) => Attempt::Done(case),
        Err(why) => Attempt::NotNow(case, why, last_by_a_person(&acts).cloned().map(Box::new)),
    })
}

/// Something that was typed and could not be used: label and text.
pub type Kept = (String, String);

/// Why something could not be done: what happened, by whom and when, and what was typed, to be copied.
#[derive(Template)]
#[template(path = "office/conflict.html")]
struct ConflictPage {
    page: Page,
    why: String,
    happened: Option<String>,
    kept: Vec<Field>,
    back: String,
}

/// Answers an attempt whose failures the form itself does not show: back to the case, or an account of the conflict.
pub fn settle(desk: &Desk, attempt: Attempt, done: &'static str, kept: Vec<Kept>) -> Answer {
    let to =
        |case: &Case, notice| Ok((SetCookie::notice(&desk.visit, notice), Redirect::to(&place(case))).into_response());
    match attempt {
        Attempt::Done(case) => to(&case, done),
        Attempt::Again(case) => to(&case, "cases.office.done.again"),
        Attempt::NotNow(case, why, last) => conflict(desk, &case, why, last.as_deref(), kept),
    }
}

fn conflict(desk: &Desk, case: &Case, why: NotNow, last: Option<&Act>, kept: Vec<Kept>) -> Answer {
    let page = desk.visit.page("cases.office.conflict.title");
    let page = page.crumb(desk.visit.t("cases.office.worklist.title"), "/ufficio/pratiche");
    let page = page.crumb(case.submitted.protocol.to_string(), place(case));
    let typed = kept.into_iter().filter(|(_, text)| !text.trim().is_empty()).enumerate();
    let shown = ConflictPage {
        why: page.t(why.key()).to_owned(),
        happened: last.map(|act| happened(&page, act)),
        kept: typed.map(|(index, (label, text))| Field::area(format!("testo{index}"), label).value(text)).collect(),
        back: place(case),
        page,
    };
    Ok((StatusCode::CONFLICT, Html(shown.render()?)).into_response())
}

/// `Presa in carico da un operatore: Bruno Conti, 21 novembre 2026, ore 11:00`.
fn happened(page: &Page, act: &Act) -> String {
    let what = page.t(&format!("cases.act.{}", act.kind.replace('-', "_"))).to_owned();
    let who = act.body.as_ref().map_or("", |body| body.actor.name.as_str());
    format!("{what}: {who}, {}", page.moment(&act.at))
}
