//! What people give, accept, end and choose. These pages are always about who is logged in, for whomever they act elsewhere.

mod act;
mod company;
mod deeds;
mod intermediary;
mod list;
mod new;
mod one;

use axum::{
    Router,
    extract::{FromRequestParts, Path},
    http::request::Parts,
    response::{IntoResponse, Redirect},
    routing::get,
};
use base::{Date, Language, Timestamp, Translated, Uuid};
use database::Tx;
use identity::{Citizen, Person};
use web::{
    Answer, Failure, Page, Visit,
    components::{Fact, Tone},
};

use crate::{Mandate, Mandates, Standing, store};

/// Where these pages are.
const PLACE: &str = "/deleghe";

/// The pages.
pub fn router() -> Router<Mandates> {
    Router::new()
        .route("/deleghe", get(list::show))
        .route("/deleghe/nuova", get(new::show).post(new::propose))
        .route("/deleghe/torna", get(home).post(act::back))
        .route("/deleghe/rappresentanza", get(home).post(act::choose_by_law))
        .route("/deleghe/nuova/ufficio", get(new::show).post(new::propose))
        .route("/deleghe/uffici/{office}", get(intermediary::show))
        .route("/deleghe/uffici/{office}/{mandate}", get(intermediary::one))
        .route("/deleghe/uffici/{office}/{mandate}/accetta", get(intermediary::up).post(intermediary::accept))
        .route("/deleghe/uffici/{office}/{mandate}/rifiuta", get(intermediary::up).post(intermediary::decline))
        .route("/deleghe/uffici/{office}/{mandate}/rinuncia", get(intermediary::up).post(intermediary::renounce))
        .route("/deleghe/uffici/{office}/{mandate}/agisci", get(intermediary::up).post(intermediary::choose))
        .route("/deleghe/imprese", get(home).post(company::choose))
        .route("/deleghe/imprese/{company}", get(company::show))
        .route("/deleghe/{mandate}", get(one::show))
        .route("/deleghe/{mandate}/accetta", get(up).post(deeds::accept))
        .route("/deleghe/{mandate}/rifiuta", get(up).post(deeds::decline))
        .route("/deleghe/{mandate}/revoca", get(up).post(deeds::revoke))
        .route("/deleghe/{mandate}/rinuncia", get(up).post(deeds::renounce))
        .route("/deleghe/{mandate}/agisci", get(up).post(act::choose))
}

/// Who logs in again after a session expired on a button comes back by GET.
async fn home(Citizen(_): Citizen) -> Redirect {
    Redirect::to(PLACE)
}

async fn up(at: At, Path(id): Path<String>) -> Answer {
    let mut tx = at.room.web.database().read().await?;
    at.own(&mut tx, &id).await?;
    Ok(Redirect::to(&format!("{PLACE}/{id}")).into_response())
}

/// Somebody at these pages, as themselves: an extractor.
struct At {
    room: Mandates,
    person: Person,
    visit: Visit,
}

impl FromRequestParts<Mandates> for At {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, room: &Mandates) -> Result<Self, Failure> {
        let Citizen(person) = Citizen::from_request_parts(parts, room).await?;
        Ok(Self { room: room.clone(), person, visit: Visit::from_request_parts(parts, room).await? })
    }
}

impl At {
    /// A mandate that this person gave or was asked to accept; anybody else's looks as if there were none.
    async fn own(&self, tx: &mut Tx, id: &str) -> Result<Mandate, Failure> {
        if let Ok(parsed) = id.parse::<Uuid>()
            && let Some(mandate) = store::find(tx, parsed).await?
            && mandate.is_of(self.person.fiscal_code.as_str())
        {
            return Ok(mandate);
        }
        identity::note_refusal(&self.room.web, self.person.fiscal_code.as_str(), &self.visit.path);
        Err(Failure::NotFound)
    }

    /// A page below the list.
    fn page(&self, title: impl Into<String>) -> Page {
        self.visit.page_titled(title).crumb(self.visit.t("mandates.list.title"), PLACE)
    }
}

/// The colour of where a mandate stands.
const fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Proposed => Tone::Warning,
        Standing::Live => Tone::Success,
        _ => Tone::Neutral,
    }
}

/// The key of the words for where a mandate stands.
fn standing_key(standing: Standing) -> String {
    format!("mandates.standing.{}", standing.key())
}

/// Which services, in words.
fn services(page: &Page, room: &Mandates, mandate: &Mandate) -> String {
    let Some(slugs) = mandate.services.slugs() else { return page.t("mandates.form.all_services").to_owned() };
    let name = |slug: &String| room.catalogue.service_name(slug, slug).get(page.language).to_owned();
    slugs.iter().map(name).collect::<Vec<_>>().join("; ")
}

/// What may be done, in words.
fn verbs(page: &Page, mandate: &Mandate) -> String {
    let words = mandate.verbs.iter().map(|verb| page.t(&format!("mandates.verb.{}", verb.key())).to_owned());
    words.collect::<Vec<_>>().join("; ")
}

/// What a mandate says.
fn facts(page: &Page, room: &Mandates, mandate: &Mandate) -> Vec<Fact> {
    let delegate = match &mandate.delegate_name {
        _ if mandate.office().is_some() => mandate.delegate.surname.clone(),
        Some(name) => format!("{name} ({})", mandate.delegate.fiscal_code),
        None => format!("{} ({})", mandate.delegate.surname, mandate.delegate.fiscal_code),
    };
    let mut facts = vec![
        Fact::new(page.t("mandates.fact.number"), &mandate.number),
        Fact::new(page.t("mandates.fact.principal"), &mandate.principal.name),
        Fact::new(page.t("mandates.fact.delegate"), delegate),
        Fact::new(page.t("mandates.fact.services"), services(page, room, mandate)),
        Fact::new(page.t("mandates.fact.verbs"), verbs(page, mandate)),
        Fact::new(page.t("mandates.fact.until"), page.date(&mandate.until)),
    ];
    if mandate.accepted_at.is_none() {
        facts.push(Fact::new(page.t("mandates.fact.answer_by"), page.date(&mandate.answer_by)));
    }
    facts
}

/// By which authority somebody acts, in every language: `con la delega n. 3/2026, fino al 21 novembre 2027`.
pub fn note(visit: &Visit, kind: &str, number: &str, until: Option<Date>) -> Translated {
    let words = visit.web.words();
    let by = words.in_all(&format!("mandates.by.{kind}"), &[("number", &Translated::from(number))]);
    noted(visit, by, until)
}

/// By this authority, and until when.
fn noted(visit: &Visit, by: Translated, until: Option<Date>) -> Translated {
    let Some(until) = until else { return by };
    let day = Translated::Many(Language::ALL.map(|one| (one, base::long_date(until, one))).into_iter().collect());
    visit.web.words().in_all("mandates.until", &[("by", &by), ("day", &day)])
}

/// The instant at which a last day is over in Italy.
fn end_of(last: Date) -> Option<Timestamp> {
    last.tomorrow().ok().map(base::rome_midnight)
}

/// Back to a mandate, with a message.
fn done(visit: &Visit, id: Uuid, message: &'static str) -> Answer {
    Ok((web::SetCookie::notice(visit, message), Redirect::to(&format!("{PLACE}/{id}"))).into_response())
}
