//! What is done to a list. Each deed reads, asks `decide`, and writes, in one transaction.

use axum::{extract::Path, response::Redirect};
use base::{ProtocolNumber, rome_date};
use protocol::Protocol;
use web::{
    Answer, Posted,
    components::{Fault, day_of},
};

use super::{
    Desk, PLACE,
    list::{ACT, AUTHORITY, DAY, DIGEST, NUMBER, REASON, faulty},
    place_of,
};
use crate::{
    decide, jobs,
    list::{Approval, Authorisation, State},
    store,
};

/// Who logs in again after a session expired on a form comes back by GET: to the list.
pub async fn back(Path(id): Path<String>) -> Redirect {
    Redirect::to(&format!("{PLACE}/elenchi/{id}"))
}

/// `POST …/stralcia`: takes a case off, before anybody has approved. What is left is another list.
pub async fn strike(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let mut faults = Vec::new();
    let reason = desk.need(&posted, REASON, &mut faults);
    let number = desk.need(&posted, NUMBER, &mut faults);
    // What is left is read before the unit of work that writes: a list may be long, and nobody else writes meanwhile.
    let mut tx = desk.visit.web.database().read().await?;
    let seen = desk.list(&mut tx, &id).await?;
    if let Err(why) = decide::change(&seen, &store::approvals(&mut tx, seen.id).await?) {
        return desk.not_done(&place_of(seen.id), why.key());
    }
    let line = match number_of(&desk, &number) {
        Some(number) => store::find_numbered(&mut tx, &seen, &number).await?.filter(|line| line.outcome.is_none()),
        None => None,
    };
    if line.is_none() && !faults.iter().any(|fault| fault.field == NUMBER) {
        faults.push(Fault { field: NUMBER.to_owned(), message: desk.visit.t("retention.list.not_on_it").to_owned() });
    }
    let Some(line) = line.filter(|_| faults.is_empty()) else {
        drop(tx);
        return faulty(&desk, &id, &posted, faults).await;
    };
    let (digest, many, closed) = store::digest(&mut tx, &seen, Some(line.place)).await?;
    drop(tx);
    let mut tx = desk.visit.web.database().begin().await?;
    let list = desk.list(&mut tx, &id).await?;
    if let Err(why) = decide::change_seen(&list, &store::approvals(&mut tx, list.id).await?, &seen.digest) {
        return desk.not_done(&place_of(list.id), why.key());
    }
    store::strike(&mut tx, list.id, line.place, &reason).await?;
    store::freeze(&mut tx, list.id, (&digest, many, closed)).await?;
    if many == 0 {
        store::reject(&mut tx, list.id, &desk.officer.name, (&reason, desk.visit.now)).await?; // nothing is left of it
    }
    tx.commit().await?;
    desk.done(&place_of(list.id), "retention.list.struck")
}

/// A number, typed as `123/2026`: of the office's register, unless another one stands before it (`RELPUB 123/2026`), from
/// which a case was passed on.
pub fn number_of(desk: &Desk, typed: &str) -> Option<Protocol> {
    let ProtocolNumber { number, year } = typed.split_whitespace().next_back()?.parse().ok()?;
    let offer = desk.room.catalogue.offer();
    let named = offer.offices.values().find(|office| typed.split_whitespace().next() == Some(&office.aoo));
    let office = named.map_or(&desk.officer.office, |office| &office.id).clone();
    Some(Protocol { office, year, number })
}

/// `POST …/autorizza`: enters the leave of the archival authority.
pub async fn authorise(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let mut faults = Vec::new();
    let (authority, number) = (desk.need(&posted, AUTHORITY, &mut faults), desk.need(&posted, ACT, &mut faults));
    let mut tx = desk.visit.web.database().begin().await?;
    let list = desk.list(&mut tx, &id).await?;
    // Nobody gives leave for a list that is not there yet.
    let days = list.as_of..=rome_date(desk.visit.now);
    let on = day_of(&posted.day_parts(DAY)).filter(|day| days.contains(day));
    if on.is_none() {
        faults.push(Fault { field: DAY.to_owned(), message: desk.visit.t("retention.form.wrong_day").to_owned() });
    }
    let Some(on) = on.filter(|_| faults.is_empty()) else {
        drop(tx);
        return faulty(&desk, &id, &posted, faults).await;
    };
    let approvals = store::approvals(&mut tx, list.id).await?;
    if let Err(why) = decide::change_seen(&list, &approvals, posted.text(DIGEST)) {
        return desk.not_done(&place_of(list.id), why.key());
    }
    store::authorise(&mut tx, list.id, &Authorisation { authority, number, on }).await?;
    tx.commit().await?;
    desk.done(&place_of(list.id), "retention.list.authorised")
}

/// `POST …/approva`: one of the two approves the list that they saw; with the second, its cases are destroyed.
pub async fn approve(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let (officer, web) = (&desk.officer, &desk.visit.web);
    let mut tx = web.database().begin().await?;
    let list = desk.list(&mut tx, &id).await?;
    let mut approvals = store::approvals(&mut tx, list.id).await?;
    let role = match decide::approve(&list, &approvals, desk.approver(), posted.text(DIGEST)) {
        Ok(role) => role,
        Err(why) => return desk.not_done(&place_of(list.id), why.key()),
    };
    let (digest, at) = (list.digest.clone(), web.clock().now());
    let approval = Approval { role, officer: officer.id.clone(), name: officer.name.clone(), digest, at };
    store::approve(&mut tx, list.id, &approval).await?;
    approvals.push(approval);
    let approved = decide::is_approved(&list, &approvals);
    if approved {
        store::move_on(&mut tx, list.id, State::Approved).await?;
        jobs::destroy(&mut tx, list.id, at).await?;
    }
    tx.commit().await?;
    desk.done(&place_of(list.id), if approved { "retention.list.destroying" } else { "retention.list.approved" })
}

/// `POST …/respingi`: nothing of the list is destroyed.
pub async fn reject(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let mut faults = Vec::new();
    let reason = desk.need(&posted, "respinto", &mut faults);
    if !faults.is_empty() {
        return faulty(&desk, &id, &posted, faults).await;
    }
    let mut tx = desk.visit.web.database().begin().await?;
    let list = desk.list(&mut tx, &id).await?;
    if let Err(why) = decide::reject(&list) {
        return desk.not_done(&place_of(list.id), why.key());
    }
    store::reject(&mut tx, list.id, &desk.officer.name, (&reason, desk.visit.now)).await?;
    tx.commit().await?;
    desk.done(&place_of(list.id), "retention.list.rejected_now")
}
