//! Mass decisions on the desk of who heads the office: begun from the worklist, looked at, confirmed, taken back.

mod begin;
mod confirm;
mod list;
mod page;

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Redirect},
    routing::get,
};
use base::Uuid;
use database::Tx;
use identity::Power;
use web::{Answer, Failure, Posted, SetCookie};

pub use begin::can_begin;

use super::{Desk, What, place, read};
use crate::{
    decide::NotNow,
    mass::{self, Ending, Phase},
    room::Cases,
    store::{self, ItemState, MassDecision},
};

const PLACE: &str = "/ufficio/decisioni-collettive";

/// The pages of mass decisions.
pub fn router() -> Router<Cases> {
    Router::new()
        .route(PLACE, get(list::show).post(begin::begin))
        .route("/ufficio/decisioni-collettive/{mass}", get(page::show).post(confirm::confirm))
        .route("/ufficio/decisioni-collettive/{mass}/pratiche", get(list::cases))
        .route("/ufficio/decisioni-collettive/{mass}/ferma", get(back).post(stop))
}

/// Who logs in again after a session expired on a button comes back by GET.
async fn back(Path(mass): Path<String>) -> Redirect {
    Redirect::to(&format!("{PLACE}/{mass}"))
}

/// Takes a mass decision back, or stops it where it takes effect already.
async fn stop(desk: Desk, Path(id): Path<String>, _: Posted) -> Answer {
    let mut tx = desk.cases.web.database().begin().await?;
    let mass = find(&mut tx, &desk, &id).await?;
    let now = desk.visit.now;
    let (ending, done) = match mass.phase(now) {
        Phase::UnderWay => (Ending::Stopped, "cases.office.mass.done.stopped"),
        _ => (Ending::Cancelled, "cases.office.mass.done.cancelled"),
    };
    let ended = mass::end(&mut tx, mass.id, now, ending).await?;
    tx.commit().await?;
    let notice = SetCookie::told(&desk.visit, ended, (done, "cases.office.mass.done.over"));
    Ok((notice, Redirect::to(&href(mass.id))).into_response())
}

/// Takes a case out of the mass decision in which it waits: for every officer of the office, because whoever has a doubt
/// looks.
pub async fn take_out(desk: Desk, Path(id): Path<String>, _: Posted) -> Answer {
    let mut tx = desk.cases.web.database().begin().await?;
    let case = read(&mut tx, &desk, &id, What::Case).await?;
    let out = match mass::awaits(&mut tx, &case).await? {
        Some((mass, _)) => {
            store::settle_item(&mut tx, (mass, case.id), ItemState::Left, NotNow::TakenOut.key()).await?
        }
        None => false,
    };
    tx.commit().await?;
    let words = ("cases.office.mass.done.taken_out", "cases.office.mass.done.not_in");
    let notice = SetCookie::told(&desk.visit, out, words);
    Ok((notice, Redirect::to(&place(&case))).into_response())
}

/// A mass decision of the office that somebody heads. Other offices' are not found.
async fn find(tx: &mut Tx, desk: &Desk, id: &str) -> Result<MassDecision, Failure> {
    desk.demand_own(Power::DecideTogether)?;
    let parsed = id.parse::<Uuid>().ok();
    if let Some(parsed) = parsed
        && let Some(mass) = store::find_mass(tx, parsed).await?
        && mass.office == desk.officer.office
    {
        return Ok(mass);
    }
    identity::note_refusal(&desk.cases.web, &desk.officer.id, id);
    Err(Failure::NotFound)
}

fn href(mass: Uuid) -> String {
    format!("{PLACE}/{mass}")
}
