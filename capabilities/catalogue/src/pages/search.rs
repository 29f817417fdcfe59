use askama::Template;
use axum::extract::State;
use web::{Answer, Page, Visit, components::Card};

use super::{Room, card};
use crate::{Hit, HitKind};

#[derive(Template)]
#[template(path = "pages/search.html")]
struct SearchPage {
    page: Page,
    question: String,
    hits: Vec<Hit>,
    /// Shown where nothing was found or nothing asked.
    services: Vec<Card>,
}

impl SearchPage {
    fn kind(&self, hit: &Hit) -> &str {
        self.page.t(match hit.kind {
            HitKind::Service => "catalogue.search.service",
            HitKind::LifeEvent => "catalogue.search.event",
            HitKind::Page => "catalogue.search.page",
        })
    }
}

/// Most characters of a question that are looked at.
const LONGEST: usize = 200;
/// Most results shown: who does not find it among these asks anew.
const MOST_HITS: usize = 20;

pub(super) async fn show_search(visit: Visit, State(room): State<Room>) -> Answer {
    let page = visit.page("catalogue.search.title");
    let question: String = visit.query("q").unwrap_or_default().trim().chars().take(LONGEST).collect();
    let offer = room.catalogue.offer();
    let mut hits = offer.search(&question, page.language);
    hits.truncate(MOST_HITS);
    let services =
        if hits.is_empty() { offer.public().map(|service| card(service, &page)).collect() } else { Vec::new() };
    web::show(&SearchPage { page, question, hits, services })
}
