use askama::Template;
use web::{Answer, Page, components::Card};

use super::Desk;

/// The services that compute something.
#[derive(Template)]
#[template(path = "office/choose.html")]
struct ChoosePage {
    page: Page,
    services: Vec<Card>,
}

pub(super) async fn show(desk: Desk) -> Answer {
    let page = desk.visit.page("statistics.choose.title");
    let offer = desk.room.catalogue.offer();
    let computed = offer.services.values().filter(|service| service.program.is_some());
    let services = computed.map(|service| {
        let href = format!("/ufficio/simulazioni/{}", service.slug);
        Card::new(service.name.get(page.language), service.summary.get(page.language), href)
    });
    let services = services.collect();
    web::show(&ChoosePage { page, services })
}
