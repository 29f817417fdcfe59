//! What citizens see and do.

mod anonymous;
mod ask;
mod case;
pub mod code;
mod help;
mod integrate;
mod list;
mod moved;
mod observe;
mod receipt;
mod sign;
mod substitute;
mod uploads;
mod waiting;
mod withdraw;

pub use ask::{Application, Saving, Sheet, Show};
pub use sign::{asked_of, role};

use std::sync::Arc;

use acts::Actor;
use async_trait::async_trait;
use axum::{
    Router,
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use base::Uuid;
use catalogue::Service;
use database::Tx;
use web::{Answer, Failure, Page, Visit, parked::Parked};

use crate::{
    case::Case,
    decide::{NotNow, Step, allowed},
    gone,
    perform::Party,
    registered::Registered,
    room::{Cases, today},
    store,
    who::{self, Applicant},
};

/// The files of a page, and the form around them.
const LARGEST_POST: usize = forms::Files::MOST_BYTES_OF_A_PAGE as usize + (1 << 20);

/// The citizens' pages.
pub fn router() -> Router<Cases> {
    Router::new()
        .route("/servizi/{service}/domanda", get(ask::start))
        .route("/servizi/{service}/domanda/riepilogo", get(ask::summary))
        .route("/servizi/{service}/domanda/invia", get(ask::start).post(ask::send))
        .route("/servizi/{service}/domanda/annulla", post(ask::discard))
        .route("/servizi/{service}/domanda/dalla-verifica", post(ask::bring))
        .route("/servizi/{service}/domanda/da-capo", post(ask::begin_anew))
        .route("/servizi/{service}/domanda/{page}/togli", post(ask::remove))
        .route("/servizi/{service}/domanda/{page}", web::uploads(get(ask::page).post(ask::save), LARGEST_POST))
        .route("/servizi/{service}/attesa", get(waiting::show).post(waiting::take))
        .route("/pratiche", get(list::show))
        .route("/pratiche/{case}", get(case::show))
        .route("/pratiche/{case}/ricevuta", get(receipt::show))
        .route("/pratiche/{case}/ritiro", get(withdraw::ask).post(withdraw::withdraw))
        .route("/pratiche/{case}/integrazione", web::uploads(get(integrate::show).post(integrate::save), LARGEST_POST))
        .route("/pratiche/{case}/osservazioni", get(observe::show).post(observe::file))
        .route("/pratiche/{case}/sostituto", get(substitute::back).post(substitute::call))
        .route("/pratiche/{case}/allegati/{upload}", get(uploads::download))
        .merge(sign::router())
        .merge(anonymous::router())
        .route("/servizi/{service}/aiuto", get(help::show).post(help::begin))
        .route("/servizi/{service}/aiuto/fine", post(help::end))
}

/// A citizen at these pages: an extractor.
struct Counter {
    cases: Cases,
    person: Applicant,
    visit: Visit,
}

impl FromRequestParts<Cases> for Counter {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, cases: &Cases) -> Result<Self, Failure> {
        let visit = Visit::from_request_parts(parts, cases).await?;
        Ok(Self { cases: cases.clone(), person: who::citizen(&visit)?, visit })
    }
}

impl Counter {
    /// The case, if it belongs to this person; otherwise the same "not found" as for a case that does not exist. An
    /// attempt on somebody else's case is written down for the auditors.
    async fn own(&self, tx: &mut Tx, id: &str) -> Result<Case, Failure> {
        let parsed = id.parse::<Uuid>().ok();
        if let Some(parsed) = parsed
            && let Some(case) = store::find_own(tx, parsed, &self.person.fiscal_code).await?
        {
            return Ok(case);
        }
        // Whose it was before it was destroyed nobody knows: asking for it is no attempt.
        if gone::find(tx, id).await?.is_none() {
            identity::note_refusal(&self.cases.web, &self.person.fiscal_code, id);
        }
        Err(Failure::NotFound)
    }

    /// The person's own case, with the service of its version.
    async fn look(&self, id: &str) -> Result<(Case, Arc<Service>), Failure> {
        let (case, service, _) = self.open(id).await?;
        Ok((case, service))
    }

    /// The same with what of the case stands in the protocol register, all from one view.
    async fn look_registered(&self, id: &str) -> Result<(Case, Arc<Service>, Registered), Failure> {
        let mut tx = self.cases.web.database().read().await?;
        let case = self.own(&mut tx, id).await?;
        let service = self.cases.service_of(&mut tx, &case).await?;
        let registered = Registered::of(&mut tx, case.id).await?;
        Ok((case, service, registered))
    }

    /// The person's own case, with the service of its version and what was typed here when a session expired.
    async fn open(&self, id: &str) -> Result<(Case, Arc<Service>, Parked), Failure> {
        let mut tx = self.cases.web.database().read().await?;
        let case = self.own(&mut tx, id).await?;
        let service = self.cases.service_of(&mut tx, &case).await?;
        let parked = web::parked::find(&mut tx, &self.person.fiscal_code, &self.visit.path).await?;
        Ok((case, service, parked.unwrap_or_default()))
    }

    /// Whether the applicant may do this to the case today.
    fn may(&self, case: &Case, service: &Service, step: Step) -> Result<(), NotNow> {
        let ground = self.cases.ground(case, service);
        allowed(case, &ground.context(&self.person.actor, today(&self.visit)), step)
    }

    /// A page below that of a case.
    fn page(&self, title: &str, case: &Case) -> Page {
        let page = self.visit.page(title).crumb(self.visit.t("cases.list.title"), "/pratiche");
        let service = self.cases.catalogue.service_name(&case.submitted.service, &case.submitted.service_name);
        page.crumb(service.get(self.visit.language), format!("/pratiche/{}", case.id))
    }
}

#[async_trait]
impl Party for Counter {
    fn cases(&self) -> &Cases {
        &self.cases
    }

    fn actor(&self) -> Actor {
        self.person.actor.clone()
    }

    async fn case(&self, tx: &mut Tx, id: &str) -> Result<Case, Failure> {
        self.own(tx, id).await
    }
}

/// Back to the case, with why something could not be done.
fn not_done(visit: &Visit, id: &str, why: NotNow) -> Answer {
    Ok((web::SetCookie::warning(visit, why.key()), Redirect::to(&format!("/pratiche/{id}"))).into_response())
}

/// Back to the case, with a message.
fn done(visit: &Visit, id: &str, message: &'static str) -> Answer {
    Ok((web::SetCookie::notice(visit, message), Redirect::to(&format!("/pratiche/{id}"))).into_response())
}
