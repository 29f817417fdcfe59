//! Filling in without logging in: a draft of nobody's, found by a code alone, and brought into one's own application
//! after the login (decision 0047).

mod bring;
mod questions;
mod resume;

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use base::Timestamp;
use catalogue::Service;
use jiff::SignedDuration;
use rules::Facts;
use web::{Answer, Failure, Page, SetCookie, Visit};

use super::{ask::Application, code};
use crate::{
    answers::{Section, View},
    room::{Cases, today},
    store::{self, Draft},
};

/// For how long a draft is kept from its last saving on.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The pages of drafts that belong to nobody.
pub fn router() -> Router<Cases> {
    Router::new()
        .route("/bozza", get(resume::show).post(resume::resume))
        .route("/servizi/{service}/bozza", get(show))
        .route("/servizi/{service}/bozza/inizia", post(begin))
        .route("/servizi/{service}/bozza/pagina/{page}", get(questions::page).post(questions::save))
        .route("/servizi/{service}/bozza/chiudi", post(close))
        .route("/servizi/{service}/bozza/elimina", post(delete))
        .route("/servizi/{service}/bozza/porta", get(bring::show).post(bring::bring))
}

/// A draft of nobody's, as this browser holds its code.
struct Held {
    digest: String,
    draft: Draft,
    expires_at: Timestamp,
}

/// The draft of this service whose code the browser holds.
async fn held(cases: &Cases, visit: &Visit, service: &str) -> Result<Option<Held>, Failure> {
    let Some(digest) = visit.draft.as_deref().and_then(code::read).map(|code| code::digest(&code)) else {
        return Ok(None);
    };
    let mut tx = cases.web.database().read().await?;
    let found = store::find_anonymous(&mut tx, &digest, visit.now).await?;
    let found = found.filter(|(draft, _)| draft.service == service);
    Ok(found.map(|(draft, expires_at)| Held { digest, draft, expires_at }))
}

/// The service, if its form may be filled in without a login.
fn asked(cases: &Cases, service: &str) -> Result<Arc<Service>, Failure> {
    let service = cases.catalogue.service(service).ok_or(Failure::NotFound)?;
    if service.can_be_asked() && service.decl.anonymous { Ok(service) } else { Err(Failure::NotFound) }
}

fn until(now: Timestamp) -> Timestamp {
    now.saturating_add(KEPT).unwrap_or(Timestamp::MAX)
}

/// What one can do without a login, and what one cannot.
#[derive(Template)]
#[template(path = "pages/anonymous/intro.html")]
struct IntroPage {
    page: Page,
    slug: String,
}

/// The code, this once.
#[derive(Template)]
#[template(path = "pages/anonymous/code.html")]
struct CodePage {
    page: Page,
    code: String,
    kept: String,
    next: String,
}

/// What was typed so far, and what can be done with it.
#[derive(Template)]
#[template(path = "pages/anonymous/draft.html")]
struct DraftPage {
    page: Page,
    slug: String,
    kept: String,
    sections: Vec<Section>,
    next: Option<String>,
    add_rows: Vec<(String, String)>,
}

/// The draft that this browser holds; else how to begin one.
pub async fn show(State(cases): State<Cases>, Path(slug): Path<String>, visit: Visit) -> Answer {
    let service = asked(&cases, &slug)?;
    let page = visit.page("cases.anonymous.title").crumb(service.name.get(visit.language), service.href());
    let Some(held) = held(&cases, &visit, &slug).await? else {
        return web::show(&IntroPage { page, slug });
    };
    let kept = page.t1("cases.anonymous.kept", "when", page.moment(&held.expires_at));
    let application = Application::anonymous(&cases, service, held.draft, today(&visit));
    web::show(&DraftPage {
        kept,
        sections: sections(&application, &cases, &page),
        next: application.next_page(None),
        add_rows: application.add_rows(&page),
        slug,
        page,
    })
}

/// Only what was typed: registries are asked after the login.
fn sections(application: &Application, cases: &Cases, page: &Page) -> Vec<Section> {
    let change = |shown: &crate::answers::Shown<'_>| {
        vec![(page.t("cases.ask.change").to_owned(), format!("{}?modifica=1", application.place(shown.page)))]
    };
    let view = View {
        page,
        form: application.form(),
        answers: &application.draft.answers,
        sources: &Default::default(),
        replaced: &Default::default(),
        names: &Default::default(),
        registries: &cases.catalogue.offer().registries,
        screened: None,
        action: &change,
    };
    view.sections()
}

/// Begins a draft, and shows its code: it is nowhere else, and never shown again.
pub async fn begin(State(cases): State<Cases>, Path(slug): Path<String>, visit: Visit) -> Answer {
    let service = asked(&cases, &slug)?;
    let code = code::fresh(cases.web.chance());
    let (service_version, updated_at) = (service.version.clone(), visit.now);
    let mut draft = Draft {
        service: slug.clone(),
        service_version,
        idempotency_key: String::new(),
        answers: Facts::default(),
        revision: 0,
        updated_at,
    };
    let mut tx = cases.web.database().begin().await?;
    store::save_anonymous(&mut tx, &code::digest(&code), &draft, until(visit.now)).await?;
    tx.commit().await?;
    draft.revision = 1;
    let page = visit.page("cases.anonymous.code.title").crumb(service.name.get(visit.language), service.href());
    let application = Application::anonymous(&cases, service, draft, today(&visit));
    let shown = CodePage {
        code: code::shown(&code),
        kept: page.t1("cases.anonymous.kept", "when", page.moment(&until(visit.now))),
        next: application.next_place(None),
        page,
    };
    Ok((SetCookie::draft(&visit, &code), web::show(&shown)?).into_response())
}

/// This browser forgets the code; the draft stays.
pub async fn close(Path(slug): Path<String>, visit: Visit) -> Answer {
    let told = SetCookie::notice(&visit, "cases.anonymous.closed");
    Ok((told, SetCookie::no_draft(&visit), Redirect::to(&format!("/servizi/{slug}"))).into_response())
}

/// Deletes the draft.
pub async fn delete(State(cases): State<Cases>, Path(slug): Path<String>, visit: Visit) -> Answer {
    if let Some(held) = held(&cases, &visit, &slug).await? {
        let mut tx = cases.web.database().begin().await?;
        store::forget_anonymous(&mut tx, &held.digest).await?;
        tx.commit().await?;
    }
    let told = SetCookie::notice(&visit, "cases.ask.discarded");
    Ok((told, SetCookie::no_draft(&visit), Redirect::to(&format!("/servizi/{slug}"))).into_response())
}
