//! An address that speaks of one thing while a draft speaks of another: nothing is overwritten without being asked.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use mandates::Verb;
use rules::Facts;
use web::{Answer, Failure, Page, Posted, Visit, components::Fact};

use super::Application;
use crate::pages::Counter;

/// The draft that there is, and what was asked for now.
#[derive(Template)]
#[template(path = "pages/ask/anew.html")]
struct AnewPage {
    page: Page,
    slug: String,
    next: String,
    saved: String,
    drafted: Vec<Fact>,
    brought: Vec<Fact>,
    fields: Vec<(String, String)>,
}

/// The page that shows what the address brought along; `None` when it brought nothing.
pub fn place(application: &Application, visit: &Visit) -> Option<String> {
    let asked = |page: &&forms::Page| page.questions().any(|(_, one)| application.brought.values.contains_key(&one.id));
    let page = application.form().pages.iter().find(asked)?;
    Some(format!("{}?{}", application.place(&page.id), visit.query))
}

/// Asks which of the two is meant.
pub fn show(application: &Application, visit: &Visit) -> Answer {
    let service = &application.service;
    let page = visit.page("cases.anew.title").crumb(service.name.get(visit.language), service.href());
    web::show(&AnewPage {
        slug: service.slug.clone(),
        next: application.next_place(None),
        saved: page.t1("cases.anew.saved", "at", page.moment(&application.draft.updated_at)),
        drafted: facts(application, visit, &application.draft.answers),
        brought: facts(application, visit, &application.brought),
        fields: fields(application),
        page,
    })
}

/// The questions that addresses fill, as answered.
fn facts(application: &Application, visit: &Visit, answers: &Facts) -> Vec<Fact> {
    let asked = application.brought.values.keys().filter_map(|id| {
        let path = forms::Path::of(id);
        let (_, question) = application.form().question(&path)?;
        let value = question.show(path.get(answers)?, visit.language);
        (!value.is_empty()).then(|| Fact::new(question.label.get(visit.language), value))
    });
    asked.collect()
}

/// What the address brought, under the names that it used.
fn fields(application: &Application) -> Vec<(String, String)> {
    let told = application.form().questions().filter_map(|(_, question)| {
        let name = question.from_address()?;
        Some((name.to_owned(), application.brought.values.get(&question.id)?.to_string()))
    });
    told.collect()
}

/// Throws the draft away and begins another about what the page names.
pub async fn begin(counter: Counter, Path(service): Path<String>, posted: Posted) -> Answer {
    let cases = &counter.cases;
    let asked = cases.catalogue.service(&service).ok_or(Failure::NotFound)?;
    let mut tx = cases.web.database().begin().await?;
    let acting = counter.leave(&mut tx, (&service, Verb::Draft)).await?;
    if let Some(way) = counter.throw_away(&mut tx, &asked, &acting).await? {
        return Ok(way);
    }
    tx.commit().await?;
    let names = asked.form.questions().filter_map(|(_, one)| one.from_address());
    let pairs: Vec<(&str, &str)> =
        names.map(|name| (name, posted.text(name))).filter(|(_, value)| !value.is_empty()).collect();
    Ok(Redirect::to(&format!("/servizi/{service}/domanda?{}", web::query(&pairs))).into_response())
}
