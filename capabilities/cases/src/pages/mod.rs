//! What citizens see and do.

mod ask;
mod case;
mod integrate;
mod list;
mod moved;
mod observe;
mod receipt;
mod uploads;
mod withdraw;

use acts::NewAct;
use axum::{
    Router,
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use base::Uuid;
use database::Tx;
use web::{Answer, Failure, Visit};

pub use ask::decide;

use crate::{
    case::Case,
    decide::{Context, NotNow},
    room::Cases,
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
        .route("/pratiche", get(list::show))
        .route("/pratiche/{case}", get(case::show))
        .route("/pratiche/{case}/ricevuta", get(receipt::show))
        .route("/pratiche/{case}/ritiro", get(withdraw::ask).post(withdraw::withdraw))
        .route("/pratiche/{case}/integrazione", web::uploads(get(integrate::show).post(integrate::save), LARGEST_POST))
        .route("/pratiche/{case}/osservazioni", get(observe::show).post(observe::file))
        .route("/pratiche/{case}/allegati/{upload}", get(uploads::download))
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

/// The case, if it belongs to this person; otherwise the same "not found" as for a case that does not exist. An attempt
/// on somebody else's case is written down for the auditors.
async fn own(tx: &mut Tx, cases: &Cases, id: &str, fiscal_code: &str) -> Result<Case, Failure> {
    let parsed = id.parse::<Uuid>().ok();
    if let Some(parsed) = parsed
        && let Some(case) = store::find_own(tx, parsed, fiscal_code).await?
    {
        return Ok(case);
    }
    identity::note_refusal(&cases.web, fiscal_code, id);
    Err(Failure::NotFound)
}

/// How often a deed is tried again because somebody else wrote to the case at the same moment.
const ATTEMPTS: usize = 5;

/// One deed of the applicant, decided and written in one transaction together with its files. Who wrote meanwhile does
/// not stop it: it is decided again on the case as it is then, and where it is no longer allowed the case comes back with
/// the reason.
async fn deed(
    Counter { cases, person, .. }: &Counter,
    id: &str,
    files: &[Uuid],
    decide: impl Fn(&Case, &Context<'_>) -> Result<NewAct, NotNow> + Send + Sync,
) -> Result<Result<(), (Case, NotNow)>, Failure> {
    for _ in 0..ATTEMPTS {
        let mut tx = cases.web.database().begin().await?;
        let case = own(&mut tx, cases, id, &person.fiscal_code).await?;
        match cases.perform(&mut tx, &case, &person.actor, &decide).await {
            Err(Failure::Conflict(_)) => continue,
            written => {
                if let Err(why) = written? {
                    return Ok(Err((case, why)));
                }
            }
        }
        store::attach(&mut tx, &person.fiscal_code, files, case.id).await?;
        tx.commit().await?;
        return Ok(Ok(()));
    }
    Err(Failure::Busy)
}

/// Back to the case, with a message.
fn done(visit: &Visit, id: &str, message: &'static str) -> Answer {
    Ok((web::SetCookie::notice(visit, message), Redirect::to(&format!("/pratiche/{id}"))).into_response())
}
