use askama::Template;
use axum::extract::State;
use web::{Answer, Page, Visit, components::Card};

use super::{KEPT, Room, card};

#[derive(Template)]
#[template(path = "pages/list.html")]
struct ListPage {
    page: Page,
    filters: Vec<Filter>,
    cards: Vec<Card>,
}

struct Filter {
    name: String,
    href: String,
    current: bool,
}

pub(super) async fn show_list(visit: Visit, State(room): State<Room>) -> Answer {
    let page = visit.page("catalogue.list.title").described(visit.t("catalogue.list.lead"));
    let offer = room.catalogue.offer();
    let wanted = visit.query("evento").filter(|id| offer.life_events.iter().any(|event| event.id == *id));
    let everything =
        Filter { name: page.t("catalogue.list.all").to_owned(), href: "/servizi".into(), current: wanted.is_none() };
    let events = offer.life_events.iter().map(|event| Filter {
        name: event.name.get(page.language).to_owned(),
        href: format!("/servizi?evento={}", event.id),
        current: wanted.as_ref() == Some(&event.id),
    });
    let filters = std::iter::once(everything).chain(events).collect();
    let mut services: Vec<_> = match &wanted {
        Some(event) => offer.of_event(event).collect(),
        None => offer.public().collect(),
    };
    services.sort_by_key(|service| service.name.get(page.language));
    let cards = services.into_iter().map(|service| card(service, &page)).collect();
    Ok(web::cacheable(KEPT, web::show(&ListPage { page, filters, cards })?))
}
