//! After a deed: back to the case, or an account of what stood against it.

use acts::Act;
use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Redirect},
};
use web::{Answer, Page, SetCookie, components::Tone};

use super::{Desk, place};
use crate::{
    case::Case,
    decide::{NotNow, last_by_a_person},
    perform::Attempt,
    typed::TypedText,
    view::act_key,
};

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
