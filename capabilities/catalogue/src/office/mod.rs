//! Pages for officials.

mod powers;
pub(crate) mod staff;

use askama::Template;
use axum::extract::State;
use identity::Officer;
use rules::Diagnostic;
use web::{
    Answer, Page, Visit,
    components::{Cell, Table, Tone},
};

pub(crate) use powers::show_powers;

use crate::{Offer, Service, State as ServiceState, pages::Room};

#[derive(Template)]
#[template(path = "office/services.html")]
struct ServicesPage {
    page: Page,
    table: Table,
    problems: Vec<(String, Vec<Diagnostic>)>,
}

/// What is offered, in which version, and what is wrong with what is not.
pub(crate) async fn show_services(visit: Visit, _at_work: Officer, State(room): State<Room>) -> Answer {
    let offer = room.catalogue.offer();
    let page = visit.page("catalogue.services.title");
    let problems = offer.problems.iter().map(|(slug, told)| (slug.clone(), told.clone())).collect();
    let table = table(&offer, &page);
    web::show(&ServicesPage { page, table, problems })
}

fn table(offer: &Offer, page: &Page) -> Table {
    let heads = ["service", "state", "version", "changed", "office"];
    let head = heads.into_iter().map(|key| page.t(&format!("catalogue.services.{key}")).to_owned()).collect();
    let mut rows: Vec<Vec<Cell>> = offer.services.values().map(|service| row(service, offer, page)).collect();
    rows.extend(offer.problems.iter().filter(|(slug, _)| *slug != Offer::SHARED).map(|(slug, told)| {
        let broken = page.tn("catalogue.services.broken", told.len());
        vec![Cell::text(slug), Cell::badge(Tone::Danger, broken), Cell::text("–"), Cell::text("–"), Cell::text("–")]
    }));
    Table { caption: page.t("catalogue.services.caption").to_owned(), head, rows }
}

fn row(service: &Service, offer: &Offer, page: &Page) -> Vec<Cell> {
    let (tone, state) = match service.decl.state {
        ServiceState::Open => (Tone::Success, "catalogue.services.open"),
        ServiceState::Closed => (Tone::Warning, "catalogue.services.closed"),
        ServiceState::Draft => (Tone::Neutral, "catalogue.services.draft"),
    };
    let office = offer.offices.get(&service.office).map_or("–", |office| office.name.get(page.language));
    vec![
        Cell::link(service.name.get(page.language), service.href()),
        Cell::badge(tone, page.t(state)),
        Cell::text(&service.version),
        Cell::text(service.changes.first().map_or_else(String::new, |change| page.date(&change.day))),
        Cell::text(office),
    ]
}
