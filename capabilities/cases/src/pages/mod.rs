//! What citizens see and do.

mod anonymous;
mod ask;
mod case;
pub mod code;
mod contest;
mod help;
mod integrate;
mod list;
mod moved;
mod observe;
mod receipt;
mod sign;
mod substitute;
mod text;
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
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base::Uuid;
use catalogue::Service;
use database::Tx;
use mandates::{Acting, Capacity, Claim, Verb};
use web::{Answer, Failure, Page, Visit, parked::Parked};

use crate::{
    case::Case,
    decide::{Deed, NotNow, Step, allowed},
    files, gone,
    perform::Party,
    registered::Registered,
    room::{Cases, today},
    store,
    who::Applicant,
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
        .route("/pratiche/{case}/contestazione", get(contest::show).post(contest::file))
        .route("/pratiche/{case}/sostituto", get(substitute::back).post(substitute::call))
        .route("/pratiche/{case}/allegati/{upload}", get(uploads::download))
        .merge(sign::router())
        .merge(anonymous::router())
        .route("/servizi/{service}/aiuto", get(help::show).post(help::begin))
        .route("/servizi/{service}/aiuto/fine", post(help::end))
}

/// A citizen at these pages, for themselves or for somebody else: an extractor.
struct Counter {
    cases: Cases,
    /// Whose pages they are.
    person: Applicant,
    /// For whom, and by which authority: asked again wherever something is read or written.
    claim: Claim,
    /// What that authority allowed when the request began: what pages offer.
    capacity: Capacity,
    visit: Visit,
}

impl FromRequestParts<Cases> for Counter {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, cases: &Cases) -> Result<Self, Failure> {
        let visit = Visit::from_request_parts(parts, cases).await?;
        let claim = Claim::of(&visit).ok_or(Failure::Unauthenticated)?;
        let capacity = claim.begin(&visit).await?;
        Ok(Self { cases: cases.clone(), person: Applicant::from(&capacity), claim, capacity, visit })
    }
}

/// A citizen at pages that are for oneself alone (signing, asking for help, bringing what was prepared): an extractor. Who
/// acts for somebody else is told to be themselves first.
struct Oneself {
    cases: Cases,
    person: Applicant,
    visit: Visit,
}

impl FromRequestParts<Cases> for Oneself {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, cases: &Cases) -> Result<Self, Failure> {
        let Counter { cases, person, claim, visit, .. } = Counter::from_request_parts(parts, cases).await?;
        if claim.is_own() { Ok(Self { cases, person, visit }) } else { Err(Failure::Conflict("cases.failure.oneself")) }
    }
}

impl Counter {
    /// The case with leave to do this to it, if it belongs to the person and this may be done for them; otherwise the same
    /// "not found" as for a case that does not exist. An attempt on somebody else's case is written down for the auditors.
    async fn own(&self, tx: &mut Tx, id: &str, verb: Verb) -> Result<(Case, Acting), Failure> {
        let (parsed, now) = (id.parse::<Uuid>().ok(), self.cases.web.clock().now());
        if let Some(parsed) = parsed
            && let Some(found) = store::find_own(tx, parsed, (&self.claim, verb), now).await?
        {
            return Ok(found);
        }
        self.claim.capacity(tx, &self.visit).await?;
        // Whose it was before it was destroyed nobody knows: asking for it is no attempt.
        if gone::find(tx, id).await?.is_none() {
            identity::note_refusal(&self.cases.web, self.claim.subject(), id);
        }
        Err(Failure::NotFound)
    }

    /// Leave to do this for this service, found in this transaction.
    async fn leave(&self, tx: &mut Tx, what: (&str, Verb)) -> Result<Acting, Failure> {
        let found = self.claim.check(tx, what, self.cases.web.clock().now()).await?;
        found.ok_or(Failure::NoLongerFor)
    }

    /// Throws the draft away that whoever acts here has of a service; where it rests, the way to the signatures instead.
    async fn throw_away(&self, tx: &mut Tx, service: &Service, acting: &Acting) -> Result<Option<Response>, Failure> {
        let person = &acting.principal().fiscal_code;
        let way = sign::at_rest(tx, service, person, self.cases.web.clock().now()).await?;
        if way.is_none() {
            files::forget_draft(tx, service, (&acting.draft_owner(), person)).await?;
        }
        Ok(way)
    }

    /// A view of the database; for who looks at somebody else's things one in which the reading can be written down.
    async fn view(&self) -> database::Result<Tx> {
        let database = self.cases.web.database();
        if self.claim.is_own() { database.read().await } else { database.begin().await }
    }

    /// Writes the reading down, in the view in which it was read. What cannot be recorded is not shown.
    async fn seen(&self, mut tx: Tx, acting: &Acting, (what, case): (&str, Option<Uuid>)) -> Result<(), Failure> {
        if acting.is_own() {
            return Ok(());
        }
        let what = self.visit.web.words().in_all(what, &[]);
        acting.record(&mut tx, &self.cases.web, &what, case).await?;
        Ok(tx.commit().await?)
    }

    /// The person's own case, with the service of its version.
    async fn look(&self, id: &str, verb: Verb) -> Result<(Case, Arc<Service>), Failure> {
        let (case, service, _) = self.open(id, verb).await?;
        Ok((case, service))
    }

    /// The same with what of the case stands in the protocol register, all from one view.
    async fn look_registered(&self, id: &str) -> Result<(Case, Arc<Service>, Registered), Failure> {
        let mut tx = self.view().await?;
        let (case, acting) = self.own(&mut tx, id, Verb::See).await?;
        let service = self.cases.service_of(&mut tx, &case).await?;
        let registered = Registered::of(&mut tx, case.id).await?;
        self.seen(tx, &acting, ("cases.read.case", Some(case.id))).await?;
        Ok((case, service, registered))
    }

    /// The person's own case, with the service of its version and what was typed here when a session expired.
    async fn open(&self, id: &str, verb: Verb) -> Result<(Case, Arc<Service>, Parked), Failure> {
        let mut tx = self.view().await?;
        let (case, acting) = self.own(&mut tx, id, verb).await?;
        let service = self.cases.service_of(&mut tx, &case).await?;
        let parked = web::parked::find(&mut tx, self.claim.subject(), &self.visit.parked_path()).await?;
        self.seen(tx, &acting, ("cases.read.case", Some(case.id))).await?;
        Ok((case, service, parked.unwrap_or_default()))
    }

    /// Whether the applicant may do this to the case today.
    fn may(&self, case: &Case, service: &Service, step: Step) -> Result<(), NotNow> {
        let ground = self.cases.ground(case, service);
        allowed(case, &ground.context(&self.person.actor, today(&self.visit)), step)
    }

    /// Whether who is here may do this, for the person and today.
    fn offers(&self, case: &Case, service: &Service, (step, verb): (Step, Verb)) -> bool {
        self.capacity.allows(&case.submitted.service, verb) && self.may(case, service, step).is_ok()
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

    async fn case(&self, tx: &mut Tx, id: &str, deed: &Deed) -> Result<(Case, Actor), Failure> {
        let (case, acting) = self.own(tx, id, deed.verb()).await?;
        Ok((case, acting.actor().clone()))
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
