//! Pages for citizens, each handler beside its template.

mod content;
mod home;
mod list;
mod notice;
mod search;
mod service;
mod substitute;
mod term;
mod window;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use base::Language;
use identity::Officer;
use web::{Failure, Page, Visit, components::Card};

pub use home::{HomeItem, HomePanel, HomePanels, Measured, NoPanels};
pub use term::term;
pub use window::order_sentences;

use crate::{Catalogue, Service, office, screener};

/// What the pages share.
#[derive(Clone)]
pub(crate) struct Room {
    pub catalogue: Catalogue,
    pub panels: Arc<dyn HomePanels>,
}

/// All pages of this room. `panels` fills the places on the home page that other rooms know about.
pub fn routes(catalogue: Catalogue, panels: Arc<dyn HomePanels>) -> Router {
    Router::new()
        .route("/", get(home::show_home))
        .route("/servizi", get(list::show_list))
        .route("/cerca", get(search::show_search))
        .route("/servizi/{slug}", get(service::show_service))
        .route("/servizi/{slug}/novita", get(service::show_changes))
        .route("/servizi/{slug}/informativa", get(notice::show))
        .route("/servizi/{slug}/informativa/{version}", get(notice::show_version))
        .route("/potere-sostitutivo", get(substitute::show))
        .route("/accessibilita", get(content::show_accessibility))
        .route("/privacy", get(content::show_privacy))
        .route("/note-legali", get(content::show_legal))
        .route("/eventi-della-vita/{id}", get(content::show_life_event))
        .route(screener::PATH, get(screener::begin).post(screener::answer))
        .route("/ufficio/servizi", get(office::show_services))
        .route("/ufficio/compiti", get(office::show_powers))
        .route("/ufficio/personale", get(office::staff::show).post(office::staff::declare))
        .route("/ufficio/personale/assenze/{absence}/fine", post(office::staff::end))
        .route("/ufficio/personale/{staff}", get(office::staff::account))
        .route("/ufficio/personale/{staff}/chiudi", post(office::staff::close))
        .route("/ufficio/personale/{staff}/azzera", post(office::staff::reset))
        .with_state(Room { catalogue, panels })
}

/// Seconds for which a public page may be kept: a correction must reach people soon.
const KEPT: u32 = 60;

/// A service as a card of a list.
fn card(service: &Service, page: &Page) -> Card {
    let language = page.language;
    let over = if service.can_be_asked() { String::new() } else { page.t("catalogue.list.closed").to_owned() };
    Card::new(service.name.get(language), service.summary.get(language), service.href()).over(over)
}

/// `lang="it"` for a part that is not in the language of the page (WCAG 2.2, 3.1.2); empty otherwise.
fn lang_of(written: Language, page: &Page) -> &'static str {
    if written == page.language { "" } else { written.tag() }
}

/// Whether who visits is an official: drafts and diagnostics are for them.
async fn is_official(visit: &Visit) -> Result<bool, Failure> {
    Ok(Officer::at_work(visit).await?.is_some())
}
