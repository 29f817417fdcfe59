//! What a person agreed to, and what one is asked. These pages are always about who is logged in, for whomever they act elsewhere.

mod mine;

use acts::NewAct;
use axum::{
    Router,
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Redirect},
    routing::get,
};
use base::{Language, rome_date};
use catalogue::{ConsentAsked, Service};
use identity::{Citizen, Person};
use std::sync::Arc;
use web::{Answer, Failure, Posted, SetCookie, Visit};

use crate::{Consent, Consents, NotNow, Question, decide, store};

/// Where these pages are.
const PLACE: &str = "/profilo/consensi";
const SERVICE: &str = "servizio";
const CONSENT: &str = "consenso";
/// The fingerprint of the sentence that the page showed.
const READ: &str = "letto";
/// The language in which the page showed it.
const LANGUAGE: &str = "lingua";

/// The pages.
pub fn router() -> Router<Consents> {
    Router::new()
        .route(PLACE, get(mine::show))
        .route("/profilo/consensi/acconsento", get(home).post(give))
        .route("/profilo/consensi/revoca", get(home).post(withdraw))
}

/// Who logs in again after a session expired on a button comes back by GET.
async fn home(Citizen(_): Citizen) -> Redirect {
    Redirect::to(PLACE)
}

/// Somebody at these pages, as themselves: an extractor.
struct At {
    room: Consents,
    person: Person,
    visit: Visit,
}

impl FromRequestParts<Consents> for At {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, room: &Consents) -> Result<Self, Failure> {
        let Citizen(person) = Citizen::from_request_parts(parts, room).await?;
        Ok(Self { room: room.clone(), person, visit: Visit::from_request_parts(parts, room).await? })
    }
}

/// The person agrees.
async fn give(at: At, posted: Posted) -> Answer {
    let (service, asked) = at.asked(&posted).ok_or(Failure::NotFound)?;
    let language = Language::from_tag(posted.text(LANGUAGE)).unwrap_or(at.visit.language);
    let question = Question { service: &service, asked: &asked, read: posted.text(READ), language };
    // Cards do not say when somebody was born; their codes say the year of a century.
    let born = at.person.born.or_else(|| at.person.fiscal_code.born_at_latest(rome_date(at.visit.now)));
    let id = base::new_id(at.room.web.clock(), at.room.web.chance());
    let now = at.room.web.clock().now();
    at.settle((&service.slug, &asked.id), "consents.done.given", |before| {
        decide::give(before, id, question, (&at.person.actor(), born), now)
    })
    .await
}

/// The person takes it back, whether the service still asks or not.
async fn withdraw(at: At, posted: Posted) -> Answer {
    at.settle((posted.text(SERVICE), posted.text(CONSENT)), "consents.done.withdrawn", |before| {
        before.map_or(Err(NotNow::Already), |before| decide::withdraw(before, &at.person.actor()))
    })
    .await
}

impl At {
    /// What a form answers, as it is asked today.
    fn asked(&self, posted: &Posted) -> Option<(Arc<Service>, ConsentAsked)> {
        let service = self.room.catalogue.service(posted.text(SERVICE)).filter(|service| service.is_public())?;
        let asked = service.consent(posted.text(CONSENT))?.clone();
        Some((service, asked))
    }

    /// Reads, decides and writes in one transaction; then back to the list.
    async fn settle(
        &self,
        question: (&str, &str),
        done: &'static str,
        decide: impl FnOnce(Option<&Consent>) -> Result<NewAct, NotNow> + Send,
    ) -> Answer {
        let mut tx = self.room.web.database().begin().await?;
        let before = store::find(&mut tx, self.person.fiscal_code.as_str(), question).await?;
        let notice = match decide(before.as_ref()) {
            Ok(act) => {
                let now = self.room.web.clock().now();
                store::write(&mut tx, self.room.web.chance(), before.as_ref(), (now, act)).await?;
                SetCookie::notice(&self.visit, done)
            }
            Err(why) => SetCookie::warning(&self.visit, why.key()),
        };
        tx.commit().await?; // what was read may be of a unit that shares this commit
        Ok((notice, Redirect::to(PLACE)).into_response())
    }
}
