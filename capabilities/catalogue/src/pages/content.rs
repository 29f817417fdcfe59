use askama::Template;
use axum::extract::{Path, State};
use web::{Answer, Failure, Page, Visit, components::Card};

use super::{KEPT, Room, card, lang_of};
use crate::Content;

#[derive(Template)]
#[template(path = "pages/content.html")]
struct ContentPage {
    page: Page,
    content: Content,
    lang: &'static str,
}

pub(super) async fn show_accessibility(visit: Visit, State(room): State<Room>) -> Answer {
    show_content(&visit, &room, "accessibilita")
}

pub(super) async fn show_privacy(visit: Visit, State(room): State<Room>) -> Answer {
    show_content(&visit, &room, "privacy")
}

pub(super) async fn show_legal(visit: Visit, State(room): State<Room>) -> Answer {
    show_content(&visit, &room, "note-legali")
}

fn show_content(visit: &Visit, room: &Room, name: &str) -> Answer {
    let offer = room.catalogue.offer();
    let content = offer.content(name, visit.language).ok_or(Failure::NotFound)?.clone();
    let page = visit.page_titled(&content.title);
    let lang = lang_of(content.language, &page);
    Ok(web::cacheable(KEPT, web::show(&ContentPage { page, content, lang })?))
}

#[derive(Template)]
#[template(path = "pages/life_event.html")]
struct LifeEventPage {
    page: Page,
    summary: String,
    html: String,
    lang: &'static str,
    services: Vec<Card>,
}

pub(super) async fn show_life_event(visit: Visit, Path(id): Path<String>, State(room): State<Room>) -> Answer {
    let offer = room.catalogue.offer();
    let event = offer.life_events.iter().find(|event| event.id == id).ok_or(Failure::NotFound)?;
    let summary = event.summary.get(visit.language).to_owned();
    let page = visit.page_titled(event.name.get(visit.language)).described(&summary);
    let content = offer.content(&format!("eventi/{id}"), visit.language);
    let (html, lang) =
        content.map_or((String::new(), ""), |content| (content.opening.html.clone(), lang_of(content.language, &page)));
    let services = offer.of_event(&id).map(|service| card(service, &page)).collect();
    Ok(web::cacheable(KEPT, web::show(&LifeEventPage { page, summary, html, lang, services })?))
}
