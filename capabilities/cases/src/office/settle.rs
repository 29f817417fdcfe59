//! After a deed: back to the case, or an account of what stood against it.

use acts::Act;
use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use base::Uuid;
use jiff::SignedDuration;
use web::{Answer, Failure, Page, Posted, SetCookie, components::Tone};

use super::{Desk, place};
use crate::{
    case::Case,
    decide::{NotNow, last_by_a_person},
    payload::kind,
    perform::Attempt,
    store,
    typed::TypedText,
    view::act_key,
};

/// For how long after a passage somebody who was typing is told of it: a session's longest day of work.
const JUST_NOW: SignedDuration = SignedDuration::from_hours(8);

/// Why something could not be done: what happened, by whom and when, and what was typed, to be copied.
#[derive(Template)]
#[template(path = "office/conflict.html")]
struct ConflictPage {
    page: Page,
    why: String,
    happened: Option<String>,
    kept: Vec<TypedText>,
    back: String,
}

/// Answers an attempt whose failures the form itself does not show: back to the case, or an account of the conflict.
pub fn settle(desk: &Desk, attempt: Attempt, done: &'static str, kept: Vec<TypedText>) -> Answer {
    let to =
        |case: &Case, notice| Ok((SetCookie::notice(&desk.visit, notice), Redirect::to(&place(case))).into_response());
    match attempt {
        Attempt::Done(case) => to(&case, done),
        Attempt::Again(case) => to(&case, "cases.office.done.again"),
        Attempt::NotNow(case, why) => conflict(desk, &case, why, kept),
    }
}

/// The answer, or, where the case went to another office while somebody was typing, that it did, with what was typed.
pub async fn overtaken(desk: &Desk, id: &str, answer: Answer, posted: &Posted) -> Answer {
    if !matches!(answer, Err(Failure::NotFound)) {
        return answer;
    }
    // What is written in words has a blank; marks and numbers are chosen again in a moment.
    let written = posted.fields.iter().filter(|(_, text)| text.trim().contains(char::is_whitespace));
    let label = desk.visit.t("cases.office.conflict.typed");
    let kept: Vec<TypedText> = written.map(|(_, text)| TypedText::new(label, text)).collect();
    if kept.is_empty() {
        return answer;
    }
    match passed_on_meanwhile(desk, id, kept).await? {
        Some(told) => Ok(told),
        None => answer,
    }
}

/// What was typed for a case that a colleague passed on to another office meanwhile: what happened, and the text. `None`
/// where that is not so: then it is somebody else's case, or none.
async fn passed_on_meanwhile(desk: &Desk, id: &str, kept: Vec<TypedText>) -> Result<Option<Response>, Failure> {
    let Ok(id) = id.parse::<Uuid>() else { return Ok(None) };
    let mut tx = desk.cases.web.database().read().await?;
    let Some(case) = store::find(&mut tx, id).await? else { return Ok(None) };
    drop(tx);
    let office = &desk.officer.office;
    let passage = case.acts.iter().rfind(|act| act.kind == kind::PASSED_ON && act.text("from") == office);
    let by_another = |act: &Act| act.body.as_ref().is_some_and(|body| body.actor.subject != desk.officer.id);
    // A case that was never here, or came back, is not told of; nor to who did not have its form open just now.
    let Some(act) = passage.filter(|act| case.office().id != office && by_another(act)) else { return Ok(None) };
    let recently = desk.visit.now.duration_since(act.at) <= JUST_NOW;
    if !recently {
        return Ok(None);
    }
    let page = desk.page_titled(desk.visit.t("cases.office.conflict.title"));
    let shown = ConflictPage {
        why: page.t("cases.office.conflict.passed_on").to_owned(),
        happened: Some(happened(&page, act)),
        kept: TypedText::not_blank(kept),
        back: "/ufficio/pratiche".to_owned(),
        page,
    };
    Ok(Some((StatusCode::CONFLICT, Html(shown.render()?)).into_response()))
}

fn conflict(desk: &Desk, case: &Case, why: NotNow, kept: Vec<TypedText>) -> Answer {
    let page = desk.page("cases.office.conflict.title", case);
    let shown = ConflictPage {
        why: page.t(why.key()).to_owned(),
        happened: last_by_a_person(&case.acts).map(|act| happened(&page, act)),
        kept: TypedText::not_blank(kept),
        back: place(case),
        page,
    };
    Ok((StatusCode::CONFLICT, Html(shown.render()?)).into_response())
}

/// `Presa in carico da un operatore: Bruno Conti, 21 novembre 2026, ore 11:00`.
fn happened(page: &Page, act: &Act) -> String {
    let what = page.t(&act_key(&act.kind)).to_owned();
    let who = act.body.as_ref().map_or("", |body| body.actor.name.as_str());
    format!("{what}: {who}, {}", page.moment(&act.at))
}
