use axum::response::{IntoResponse, Redirect};
use base::Timestamp;
use catalogue::{Phase, Service};
use identity::{Officer, Power};
use web::{Answer, Failure, Posted, SetCookie};

use super::{Desk, href};
use crate::{
    mass::{LIST, set},
    room::Cases,
    store::{self, Filter, MassDecision},
    wanted::{MINE, filter_of, kept},
};

/// Whether the cases that a filter chooses can be decided together: they are of one service, and where a window orders
/// them that order stands, so that nobody overtakes anybody.
#[must_use]
pub fn can_begin(cases: &Cases, filter: &Filter, now: Timestamp) -> bool {
    let service = filter.service.as_deref().and_then(|slug| cases.catalogue.service(slug));
    service.is_some_and(|service| order_stands(&service, now))
}

/// Whether no window orders the cases of the service, or its order stands.
pub fn order_stands(service: &Service, now: Timestamp) -> bool {
    matches!(service.process.window_at(now), None | Some((_, Phase::After)))
}

/// Begins a list of what the worklist's filters choose; where one is under way for the service, leads to it.
pub async fn begin(desk: Desk, posted: Posted) -> Answer {
    let Desk { cases, officer, visit } = &desk;
    desk.demand_own(Power::DecideTogether)?;
    let wanted = kept(&|name| Some(posted.text(name).to_owned()));
    let get = |name: &str| wanted.iter().find(|(own, _)| *own == name).map(|(_, value)| value.clone());
    let filter = filter_of((cases, officer), visit.now, &get);
    let Some(service) = filter.service.clone().filter(|_| can_begin(cases, &filter, visit.now)) else {
        return Err(Failure::BadRequest("cases.office.mass.one_service"));
    };
    let mut tx = cases.web.database().begin().await?;
    if let Some(mass) = store::open_mass(&mut tx, &officer.office, &service).await? {
        let notice = SetCookie::warning(visit, "cases.office.mass.done.one_at_a_time");
        return Ok((notice, Redirect::to(&href(mass.id))).into_response());
    }
    let mass = MassDecision {
        id: base::new_id(cases.web.clock(), cases.web.chance()),
        office: officer.office.clone(),
        service,
        officer: officer.id.clone(),
        officer_name: officer.name.clone(),
        wanted: wanted.into_iter().map(|(name, value)| (name.to_owned(), settled(officer, value))).collect(),
        began_at: visit.now,
        listed: 0,
        place: None,
        listed_at: None,
        motivation: String::new(),
        confirmed_at: None,
        takes_effect_at: None,
        granted: 0,
        left_out: 0,
        ended_at: None,
        ending: None,
    };
    store::begin_mass(&mut tx, &mass).await?;
    set(&mut tx, LIST, mass.id, visit.now).await?;
    tx.commit().await?;
    Ok(Redirect::to(&href(mass.id)).into_response())
}

/// Who confirms may be somebody else: then «mie» are still those of who began.
fn settled(officer: &Officer, value: String) -> String {
    if value == MINE { officer.id.clone() } else { value }
}
