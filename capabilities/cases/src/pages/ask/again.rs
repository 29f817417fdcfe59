//! Asking for the same thing again while it is open or granted, where the service says that it makes no sense.

use askama::Template;
use catalogue::{Again, Service};
use web::{
    Answer, Page, Visit,
    components::{Card, Fact, Tone},
};

use super::Application;
use crate::{
    room::Cases,
    store::CaseRow,
    view::{state_key, tone},
};

/// There is a case already: where it stands, and what one may want instead.
#[derive(Template)]
#[template(path = "pages/ask/again.html")]
struct AgainPage {
    page: Page,
    slug: String,
    /// Where it is seen, by who may.
    case: Option<String>,
    tone: Tone,
    state: String,
    facts: Vec<Fact>,
    ways: Vec<Card>,
    draft: bool,
}

/// Leads to the case that there is.
pub fn show(cases: &Cases, visit: &Visit, application: &Application, row: &CaseRow) -> Answer {
    let service = &application.service;
    // Who may not see the cases is told that there is one, and no more.
    let sees = application.authority.as_ref().is_none_or(|(_, acting)| acting.sees_earlier());
    let page = visit.page("cases.again.title").crumb(service.name.get(visit.language), service.href());
    web::show(&AgainPage {
        slug: service.slug.clone(),
        case: sees.then(|| row.id.to_string()),
        tone: tone(row.state),
        state: page.t(&state_key(row.state)).to_owned(),
        facts: vec![
            Fact::new(page.t("cases.fact.service"), service.name.get(visit.language)),
            Fact::new(page.t("cases.fact.protocol"), protocol::shown(&cases.catalogue, &row.protocol)),
            Fact::new(page.t("cases.fact.filed"), page.moment(&row.submitted_at)),
        ],
        ways: if sees { ways(cases, &page, service, row) } else { Vec::new() },
        draft: application.draft.revision > 0,
        page,
    })
}

/// What somebody who asks again usually wants: to correct, to tell of a change, to renounce.
fn ways(cases: &Cases, page: &Page, service: &Service, row: &CaseRow) -> Vec<Card> {
    let card = |key: &str, href: String| {
        let (title, text) = (format!("cases.again.{key}.title"), format!("cases.again.{key}.text"));
        Card::new(page.t(&title), page.t(&text), href)
    };
    let changes_by = match &service.process.again {
        Again::NeverWhileOpen { changes_by, .. } => changes_by.as_deref(),
        Again::Allowed => None,
    };
    let change = changes_by.and_then(|slug| cases.catalogue.service(slug));
    let change = change.map(|service| card("change", service.href()).over(service.name.get(page.language)));
    let correct = card("correct", "/profilo/dati".to_owned());
    let withdraw = card("withdraw", format!("/pratiche/{}/ritiro", row.id));
    change.into_iter().chain([correct, withdraw]).collect()
}
