use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use jiff::SignedDuration;
use web::{Answer, Failure, Posted, SetCookie, Visit, components::Fault};

use super::{Desk, begin::order_stands, find, href, page};
use crate::{
    mass::{APPLY, Phase, set},
    store::{self, Group, ItemState, MassDecision},
    typed::too_long,
};

/// How many cases are granted, as whoever confirms has read it.
pub const COUNT: &str = "conteggio";
/// Why.
pub const MOTIVATION: &str = "motivo";
/// That the points of the law which are uncertain were checked.
pub const VERIFIED: &str = "verificati";
/// Longest motivation, in characters: it stands in the act and in the letter of each case.
const LONGEST: usize = 2_000;
/// How long it can be taken back where the service is not on offer any more.
const UNDO_MINUTES: u16 = 15;

/// Confirms: for the named number of cases, with a motivation. It takes effect when the time for taking it back is over.
pub async fn confirm(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let Desk { cases, officer, visit } = &desk;
    let mut tx = cases.web.database().begin().await?;
    let mut mass = find(&mut tx, &desk, &id).await?;
    if mass.phase(visit.now) != Phase::Proposed {
        return again(visit, &mass);
    }
    let groups = store::groups(&mut tx, mass.id).await?;
    let certain = store::points(&mut tx, mass.id).await?.is_empty();
    let faults = faults(visit, &posted, (grantable(&groups), certain));
    if !faults.is_empty() {
        drop(tx);
        return page::faulty(&desk, &mass, &posted, faults).await;
    }
    let service = cases.catalogue.service(&mass.service);
    if service.as_ref().is_some_and(|service| !order_stands(service, visit.now)) {
        return Err(Failure::BadRequest("cases.office.mass.one_service")); // its window was opened again
    }
    let minutes = service.map_or(UNDO_MINUTES, |service| service.process.undo_minutes);
    let from = visit.now + SignedDuration::from_mins(i64::from(minutes));
    (mass.officer, mass.officer_name) = (officer.id.clone(), officer.name.clone());
    store::confirm_mass(&mut tx, &mass, (visit.now, from), posted.text(MOTIVATION)).await?;
    set(&mut tx, APPLY, mass.id, from).await?;
    tx.commit().await?;
    let notice = SetCookie::notice(visit, "cases.office.mass.done.confirmed");
    Ok((notice, Redirect::to(&href(mass.id))).into_response())
}

/// The form was sent twice, or the list is not ready, or it was taken back meanwhile: the page says how it stands.
fn again(visit: &Visit, mass: &MassDecision) -> Answer {
    let notice = match mass.confirmed_at {
        Some(_) => SetCookie::notice(visit, "cases.office.done.again"),
        None => SetCookie::warning(visit, "cases.office.mass.done.not_proposed"),
    };
    Ok((notice, Redirect::to(&href(mass.id))).into_response())
}

/// How many cases would be granted.
pub fn grantable(groups: &[Group]) -> i64 {
    groups.iter().filter(|group| group.state == ItemState::Grantable).map(|group| group.cases).sum()
}

fn faults(visit: &Visit, posted: &Posted, (grantable, certain): (i64, bool)) -> Vec<Fault> {
    let mut faults = too_long(visit, LONGEST, [(MOTIVATION, posted.text(MOTIVATION))]);
    let mut wrong = |field: &str, message: String| faults.push(Fault { field: field.to_owned(), message });
    if posted.text(MOTIVATION).is_empty() {
        wrong(MOTIVATION, visit.t("cases.office.mass.no_motivation").to_owned());
    }
    let stated = posted.text(COUNT).replace('.', "").parse::<i64>();
    if grantable == 0 || stated != Ok(grantable) {
        wrong(COUNT, visit.t1("cases.office.mass.wrong_count", "n", grantable));
    }
    if !certain && posted.text(VERIFIED).is_empty() {
        wrong(VERIFIED, visit.t("cases.office.mass.not_verified").to_owned());
    }
    faults
}
