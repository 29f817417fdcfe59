use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::IntoResponse,
};
use base::Date;
use web::{Answer, Failure, Page, Visit, components::Tone};

use super::{
    KEPT, Room,
    home::{Measured, lenient},
    is_official, lang_of, term, window,
};
use crate::{Applicant, ChangeNote, Offer, Office, Phase, Section, Service, Start};

#[derive(Template)]
#[template(path = "pages/service.html")]
struct ServicePage {
    page: Page,
    service: Arc<Service>,
    office: Option<Office>,
    sections: Vec<Section>,
    lang: &'static str,
    call: Call,
    /// When one can apply and how the order is made, sentence by sentence; empty where it is always possible.
    window: Vec<String>,
    term: String,
    clock: Vec<String>,
    /// How long it really takes (art. 2 c. 4-bis L. 241/1990); empty where too few cases would tell.
    measured: String,
    who: String,
    changed: Option<Date>,
    /// Whether «Che cosa mi spetta?» tells of it.
    screened: bool,
}

/// What one can do now.
enum Call {
    /// Apply, or prepare the application; the words of the button.
    Apply(&'static str),
    /// Nothing, for this reason.
    Closed(String),
}

pub(super) async fn show_service(visit: Visit, Path(slug): Path<String>, State(room): State<Room>) -> Answer {
    let offer = room.catalogue.offer();
    let Some(service) = known(&visit, &offer, &slug).await? else { return unavailable(&visit).await };
    let summary = service.summary.get(visit.language).to_owned();
    let page = visit
        .page_titled(service.name.get(visit.language))
        .crumb(visit.t("catalogue.list.title"), "/servizi")
        .described(summary);
    let measured = lenient(room.panels.measured(&visit, &slug).await);
    let (sections, written) = service.page.sections(page.language);
    let shown = ServicePage {
        office: offer.offices.get(&service.office).cloned(),
        sections: sections.to_vec(),
        lang: lang_of(written, &page),
        call: call(&visit, &service),
        window: window::sentences(&service, &page, visit.now),
        term: term::term(&service.process.rules, &page),
        clock: term::sentences(&service.process, &page),
        measured: measured.map(|measured| told(&page, &service, measured)).unwrap_or_default(),
        who: who(&service, &page),
        screened: offer.screener.as_ref().is_some_and(|screener| screener.covers(&service)),
        changed: service.changes.first().map(|change| change.day),
        service,
        page,
    };
    let kept = window::kept(&shown.service, visit.now).min(KEPT);
    Ok(web::cacheable(kept, web::show(&shown)?))
}

/// The service; `None` if it exists and is broken.
async fn known(visit: &Visit, offer: &Offer, slug: &str) -> Result<Option<Arc<Service>>, Failure> {
    match offer.services.get(slug) {
        Some(service) if service.is_public() || is_official(visit).await? => Ok(Some(Arc::clone(service))),
        None if slug != Offer::SHARED && offer.problems.contains_key(slug) => Ok(None),
        _ => Err(Failure::NotFound),
    }
}

fn call(visit: &Visit, service: &Service) -> Call {
    if let Some(note) = &service.decl.closed_note {
        return Call::Closed(note.get(visit.language).to_owned());
    }
    let phase = service.process.window_at(visit.now);
    if let Some((window, Phase::After)) = phase {
        let closed = base::long_timestamp(window.closes, visit.language);
        return Call::Closed(visit.t1("catalogue.window.closed", "when", closed));
    }
    match (&service.decl.start, service.can_be_asked()) {
        (Start::Event(_), _) => Call::Closed(visit.t("catalogue.service.by_event").to_owned()),
        (Start::Request, false) => Call::Closed(visit.t("catalogue.service.draft").to_owned()),
        (Start::Request, true) if matches!(phase, Some((_, Phase::Before))) => Call::Apply("catalogue.window.prepare"),
        (Start::Request, true) if visit.citizen().is_ok() || visit.acting().is_some() => {
            Call::Apply("catalogue.service.apply")
        }
        (Start::Request, true) => Call::Apply("catalogue.service.log_in_and_apply"),
    }
}

/// The times of the last cases, beside the legal term.
fn told(page: &Page, service: &Service, measured: Measured) -> String {
    let average = page.tn("catalogue.term.measured", measured.average_days);
    let rest = page.t2("catalogue.term.in_time", "percent", measured.in_time_percent, "cases", measured.cases);
    format!("{average} {rest} {}", page.t1("catalogue.term.legal", "term", term::term(&service.process.rules, page)))
}

fn who(service: &Service, page: &Page) -> String {
    let words = service.decl.who.iter().map(|who| {
        page.t(match who {
            Applicant::Person => "catalogue.who.person",
            Applicant::Company => "catalogue.who.company",
            Applicant::Intermediary => "catalogue.who.intermediary",
        })
    });
    words.collect::<Vec<_>>().join(", ")
}

impl ServicePage {
    /// The words for the level of identity.
    fn level(&self) -> &str {
        self.page.t(match self.service.decl.level {
            1 => "catalogue.level.1",
            2 => "catalogue.level.2",
            _ => "catalogue.level.3",
        })
    }

    fn text<'t>(&self, text: &'t base::Translated) -> &'t str {
        text.get(self.page.language)
    }
}

/// For how long data are kept, in words.
pub(super) fn retention(page: &Page, service: &Service) -> String {
    let kept = service.decl.privacy.retention;
    let years = page.tn("catalogue.privacy.years", kept.years);
    match kept.benefit_years {
        0 => years,
        more => format!("{years}. {}", page.tn("catalogue.privacy.benefit", more)),
    }
}

#[derive(Template)]
#[template(path = "pages/unavailable.html")]
struct UnavailablePage {
    page: Page,
    diagnostics: bool,
}

/// The folder of the service is broken: nobody gets a half-understood service, and the page says that it will be back.
async fn unavailable(visit: &Visit) -> Answer {
    let page = visit.page("catalogue.unavailable.title").crumb(visit.t("catalogue.list.title"), "/servizi");
    let shown = web::show(&UnavailablePage { page, diagnostics: is_official(visit).await? })?;
    Ok((StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "3600")], shown).into_response())
}

#[derive(Template)]
#[template(path = "pages/changes.html")]
struct ChangesPage {
    page: Page,
    changes: Vec<ChangeNote>,
    version: String,
    lang: &'static str,
}

impl ChangesPage {
    /// In Italian, as the entry.
    fn day(&self, change: &ChangeNote) -> String {
        base::long_date(change.day, base::Language::Italian)
    }
}

pub(super) async fn show_changes(visit: Visit, Path(slug): Path<String>, State(room): State<Room>) -> Answer {
    let offer = room.catalogue.offer();
    let Some(service) = known(&visit, &offer, &slug).await? else { return unavailable(&visit).await };
    let page = visit
        .page("catalogue.changes.title")
        .crumb(visit.t("catalogue.list.title"), "/servizi")
        .crumb(service.name.get(visit.language), service.href());
    let lang = lang_of(base::Language::Italian, &page);
    let shown = ChangesPage { page, changes: service.changes.clone(), version: service.version.clone(), lang };
    Ok(web::cacheable(KEPT, web::show(&shown)?))
}
