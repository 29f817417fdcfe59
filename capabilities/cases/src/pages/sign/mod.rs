//! Signing an application beside the applicant: what others ask of me, and what I ask of others.

mod decline;
mod list;
mod mine;
mod sheet;

use axum::{
    Router,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base::{Timestamp, Uuid};
use catalogue::Service;
use database::Tx;
use web::{Failure, Page, SetCookie, components::Tone};

use super::Oneself;
use crate::{
    room::Cases,
    signing::{Answer, Person, Signer, Signing, State, waits},
    store,
};

pub use list::{asked_of, card};

/// Where a person finds what others ask them to sign.
pub const LIST: &str = "/firme";

/// The pages for who signs and for who asked them to.
pub fn router() -> Router<Cases> {
    Router::new()
        .route("/servizi/{service}/domanda/firme", get(mine::show))
        .route("/servizi/{service}/domanda/firme/sollecito", post(mine::remind))
        .route("/servizi/{service}/domanda/firme/riprendi", post(mine::take_back))
        .route("/firme", get(list::show))
        .route("/firme/{signing}", get(sheet::show).post(sheet::sign))
        .route("/firme/{signing}/rifiuto", get(decline::show).post(decline::decline))
}

/// Where the applicant sees who has signed.
pub fn place(service: &str) -> String {
    format!("/servizi/{service}/domanda/firme")
}

/// The way to the page of the signatures, where an application of this person waits for them: its draft is at rest. Whoever
/// then changes the draft asks in the unit of work that does.
pub async fn at_rest(
    tx: &mut Tx,
    service: &Service,
    applicant: &str,
    now: Timestamp,
) -> Result<Option<Response>, Failure> {
    let waits = waits(tx, &service.process, (applicant, &service.slug), now).await?;
    Ok(waits.then(|| Redirect::to(&place(&service.slug)).into_response()))
}

impl Oneself {
    /// What this person must sign, or had to; otherwise the same "not found" as for one that does not exist.
    async fn to_sign(&self, id: &str) -> Result<Signing, Failure> {
        let mut tx = self.cases.web.database().read().await?;
        if let Ok(parsed) = id.parse::<Uuid>()
            && let Some(signing) = store::find_signing_of_signer(&mut tx, parsed, &self.person.fiscal_code).await?
        {
            return Ok(signing);
        }
        drop(tx);
        identity::note_refusal(&self.cases.web, &self.person.fiscal_code, id);
        Err(Failure::NotFound)
    }

    /// The way to a stronger login, where the service that is signed asks for one.
    async fn stronger(&self, signing: &Signing) -> Result<Option<Response>, Failure> {
        let level = self.service_signed(signing).await?.decl.level;
        Ok(identity::Person::of(&self.visit).and_then(|person| person.step_up(&self.visit, level)))
    }

    /// The service in the version that is signed.
    async fn service_signed(&self, signing: &Signing) -> Result<std::sync::Arc<Service>, Failure> {
        let mut tx = self.cases.web.database().read().await?;
        let found = self.cases.catalogue.pinned(&mut tx, &signing.service, &signing.service_version).await?;
        found.ok_or_else(|| Failure::internal(anyhow::anyhow!("the version of signing {} is not kept", signing.id)))
    }

    /// As what somebody signs, in the visitor's language.
    fn role(&self, signing: &Signing, italian: &str) -> String {
        let service = self.cases.catalogue.service(&signing.service);
        service.map_or_else(|| italian.to_owned(), |service| role(&service, italian, self.visit.language))
    }

    fn signer(&self) -> Signer<'_> {
        Signer { code: &self.person.fiscal_code, name: &self.person.name, level: self.person.actor.level }
    }

    /// What a service that is signed is called.
    fn named(&self, signing: &Signing) -> String {
        let name = self.cases.catalogue.service_name(&signing.service, &signing.service_name);
        name.get(self.visit.language).to_owned()
    }
}

/// As what somebody signs, in the reader's language: acts and tables keep the Italian words.
pub fn role(service: &Service, italian: &str, language: base::Language) -> String {
    let people = service.process.signatures.iter().flat_map(|signatures| &signatures.people);
    let told = people.map(|one| &one.who).find(|who| who.get(base::Language::Italian) == italian);
    told.map_or(italian, |who| who.get(language)).to_owned()
}

/// As at the beginning of a sentence.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// What somebody answered, as a badge.
fn answer_badge(page: &Page, person: &Person) -> (Tone, String) {
    let (tone, key) = match person.answered.as_ref().map(|answered| answered.answer) {
        Some(Answer::Signed) => (Tone::Success, "cases.signing.answer.signed"),
        Some(Answer::Declined) => (Tone::Danger, "cases.signing.answer.declined"),
        None => (Tone::Warning, "cases.signing.answer.awaited"),
    };
    (tone, page.t(key).to_owned())
}

/// The last day on which somebody can sign; where a window closes in the middle of a day, the instant.
fn until(expires_at: Timestamp, language: base::Language) -> String {
    let day = base::rome_date(expires_at);
    match day.yesterday() {
        Ok(last) if base::rome_midnight(day) == expires_at => base::long_date(last, language),
        _ => base::long_timestamp(expires_at, language),
    }
}

const fn tone(state: State) -> Tone {
    match state {
        State::Waiting => Tone::Warning,
        State::Filed => Tone::Success,
        State::Declined => Tone::Danger,
        State::TakenBack | State::Expired => Tone::Neutral,
    }
}

fn state_key(state: State) -> String {
    format!("cases.signing.state.{}", state.key())
}

/// To a page, with a message about what was done, or was not.
fn onward(visit: &web::Visit, place: &str, done: bool, key: &'static str) -> web::Answer {
    let cookie = if done { SetCookie::notice(visit, key) } else { SetCookie::warning(visit, key) };
    Ok((cookie, Redirect::to(place)).into_response())
}
