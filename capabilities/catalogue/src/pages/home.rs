use askama::Template;
use async_trait::async_trait;
use axum::extract::State;
use web::{
    Answer, Failure, Page, Visit,
    components::{Card, Tone},
};

use super::{Room, card};

/// What other rooms show on the home page to who is logged in: the catalogue knows nothing of cases or entitlements.
#[async_trait]
pub trait HomePanels: Send + Sync {
    /// What is this person's: open cases, drafts, what they may be entitled to. Empty panels are not shown.
    ///
    /// # Errors
    /// What the visitor is to be told; then the home page shows the rest without panels.
    async fn panels(&self, visit: &Visit) -> Result<Vec<HomePanel>, Failure>;

    /// Slugs of the services that people use most, first the most used; empty where nothing is known.
    ///
    /// # Errors
    /// See [`HomePanels::panels`].
    async fn most_used(&self, _visit: &Visit) -> Result<Vec<String>, Failure> {
        Ok(Vec::new())
    }

    /// How long a service really takes (art. 2 c. 4-bis L. 241/1990); `None` where too few cases would tell.
    ///
    /// # Errors
    /// See [`HomePanels::panels`].
    async fn measured(&self, _visit: &Visit, _service: &str) -> Result<Option<Measured>, Failure> {
        Ok(None)
    }
}

/// How long a service really takes, beside its legal term: measured on the last cases that an act decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// Cases that were measured.
    pub cases: i64,
    /// Days from the application to the decision, on average, rounded up.
    pub average_days: i64,
    /// Of a hundred, how many were decided in their term.
    pub in_time_percent: i64,
}

/// No room has anything to show.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPanels;

#[async_trait]
impl HomePanels for NoPanels {
    async fn panels(&self, _: &Visit) -> Result<Vec<HomePanel>, Failure> {
        Ok(Vec::new())
    }
}

/// A short list of things that are this person's.
#[derive(Debug, Clone, Default)]
pub struct HomePanel {
    /// Heading: "Le tue pratiche aperte".
    pub title: String,
    /// The things.
    pub items: Vec<HomeItem>,
    /// Words and address of the whole list.
    pub more: Option<(String, String)>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct HomeItem {
    /// What it is; the link.
    pub title: String,
    /// What to know of it, in a line.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// Its state, if it has one.
    pub badge: Option<(Tone, String)>,
}

#[derive(Template)]
#[template(path = "pages/home.html")]
struct HomePage {
    page: Page,
    /// What the services are called: by use only where that is known.
    heading: &'static str,
    panels: Vec<HomePanel>,
    first_name: Option<String>,
    events: Vec<Card>,
    services: Vec<Card>,
    /// Whether «Che cosa mi spetta?» can be asked.
    screener: bool,
}

/// How many services the home page shows.
const MOST_SERVICES: usize = 6;

pub(super) async fn show_home(visit: Visit, State(room): State<Room>) -> Answer {
    let page = visit.page("catalogue.home.title").described(visit.t("catalogue.home.lead"));
    let offer = room.catalogue.offer();
    let language = page.language;
    let events = offer.life_events.iter().map(|event| {
        let href = format!("/eventi-della-vita/{}", event.id);
        Card::new(event.name.get(language), event.summary.get(language), href).icon(event.icon)
    });
    let used = lenient(room.panels.most_used(&visit).await);
    let rank = |slug: &str| used.iter().position(|known| known == slug).unwrap_or(usize::MAX);
    let mut services: Vec<_> = offer.public().collect();
    services.sort_by_key(|service| (rank(&service.slug), !service.can_be_asked(), service.name.get(language)));
    let services = services.into_iter().take(MOST_SERVICES).map(|service| card(service, &page)).collect();
    let citizen = visit.citizen().ok();
    let panels = if citizen.is_some() { lenient(room.panels.panels(&visit).await) } else { Vec::new() };
    let panels = panels.into_iter().filter(|panel| !panel.items.is_empty()).collect();
    web::show(&HomePage {
        screener: offer.screener.is_some(),
        events: events.collect(),
        services,
        heading: if used.is_empty() { "catalogue.home.some" } else { "catalogue.home.services" },
        panels,
        first_name: citizen.map(|session| session.name.clone()),
        page,
    })
}

/// The way to every service must not depend on what other rooms have to say.
pub(super) fn lenient<T: Default>(told: Result<T, Failure>) -> T {
    told.inspect_err(|failure| tracing::warn!(%failure, "a part of the home page is missing")).unwrap_or_default()
}
