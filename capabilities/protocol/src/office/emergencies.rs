use std::fmt::Display;

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use base::{Uuid, new_id};
use identity::Power;
use jiff::SignedDuration;
use web::{
    Answer, Failure, Page, Posted, SetCookie,
    components::{Cell, Fault, Field, Table},
};

use super::{
    Desk, PLACE,
    typed::{Typed, day_field, line},
};
use crate::{change::Officer, emergency::Emergency, store};

/// Nobody declares an emergency of longer ago: its registrations are taken over without delay (art. 63 c. 4).
const LONG_AGO: SignedDuration = SignedDuration::from_hours(24 * 366);
const CAUSE: &str = "causa";
const DAY: &str = "giorno";
const TIME: &str = "ora";
const ACT: &str = "provvedimento";
const NO_ACT: &str = "protocol.emergency.missing_act";

#[derive(Template)]
#[template(path = "office/emergencies.html")]
struct EmergenciesPage {
    page: Page,
    faults: Vec<Fault>,
    table: Table,
    any: bool,
    head: bool,
    fields: Vec<Field>,
}

/// `GET /ufficio/protocollo/emergenza`: the emergencies of the office, and for who heads it the form to declare one.
pub async fn show(desk: Desk) -> Answer {
    web::show(&build(&desk, &desk.parked().await?, Vec::new()).await?)
}

/// `GET …/ripristino` and `…/provvedimento`: who logs in again after a session expired on these forms comes back to the
/// emergency.
pub async fn back_to(Path(id): Path<String>) -> Redirect {
    Redirect::to(&one(id))
}

/// `POST`: declares one (art. 63 c. 1 D.P.R. 445/2000: cause, beginning; who is in charge authorises it).
pub async fn declare(desk: Desk, posted: Posted) -> Answer {
    desk.demand(Power::RunRegister)?;
    let mut typed = Typed::new(&desk.visit, &posted);
    let cause = typed.need(CAUSE, "protocol.emergency.missing");
    let started_at = typed.instant(DAY, TIME);
    if started_at.is_some_and(|at| LONG_AGO < desk.visit.now.duration_since(at)) {
        typed.wrong(DAY, "protocol.emergency.too_long_ago");
    }
    let mut tx = desk.visit.web.database().begin().await?;
    let known = store::emergencies(&mut tx, &desk.officer.office).await?;
    if known.iter().any(|one| Some(one.started_at) == started_at) {
        typed.wrong(DAY, "protocol.emergency.already");
    }
    let act = Some(ACT).filter(|act| !posted.text(act).trim().is_empty()).map(|act| typed.act(act, NO_ACT));
    let Some(started_at) = started_at.filter(|_| typed.faults.is_empty()) else {
        let faults = typed.faults;
        drop(tx);
        return web::show_faulty(&build(&desk, &posted, faults).await?);
    };
    let web = &desk.visit.web;
    let emergency = Emergency {
        id: new_id(web.clock(), web.chance()),
        office: desk.officer.office.clone(),
        cause,
        started_at,
        ended_at: None,
        opened_by: desk.officer.name.clone(),
        authorised_by: act,
    };
    store::open_emergency(&mut tx, &emergency, &Officer::from(&desk.officer), desk.visit.now).await?;
    tx.commit().await?;
    let notice = SetCookie::notice(&desk.visit, "protocol.emergency.opened");
    Ok((notice, Redirect::to(&one(emergency.id))).into_response())
}

/// `POST …/ripristino`: states when the system worked again.
pub async fn end(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    desk.demand(Power::RunRegister)?;
    let mut tx = desk.visit.web.database().begin().await?;
    let emergency = find(&mut tx, &desk, &id).await?;
    let mut typed = Typed::new(&desk.visit, &posted);
    let ended_at = typed.instant("fine", "fine_ora");
    if ended_at.is_some_and(|ended_at| ended_at < emergency.started_at) {
        typed.wrong("fine", "protocol.emergency.before_start");
    }
    let Some(ended_at) = ended_at.filter(|_| typed.faults.is_empty()) else {
        let faults = typed.faults;
        drop(tx);
        return super::emergency::faulty(&desk, &id, &posted, faults).await;
    };
    let by = Officer::from(&desk.officer);
    let done = store::end_emergency(&mut tx, emergency.id, ended_at, &by, desk.visit.now).await?;
    tx.commit().await?;
    let words = ("protocol.emergency.closed", "protocol.emergency.closed_before");
    Ok(settled(&desk, emergency.id, done, words))
}

/// `POST …/provvedimento`: states by which act more than 24 hours are authorised (art. 63 c. 2).
pub async fn authorise(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    desk.demand(Power::RunRegister)?;
    let mut typed = Typed::new(&desk.visit, &posted);
    let act = typed.act(ACT, NO_ACT);
    if !typed.faults.is_empty() {
        let faults = typed.faults;
        return super::emergency::faulty(&desk, &id, &posted, faults).await;
    }
    let mut tx = desk.visit.web.database().begin().await?;
    let emergency = find(&mut tx, &desk, &id).await?;
    let done = store::authorise_emergency(&mut tx, emergency.id, &act).await?;
    tx.commit().await?;
    let words = ("protocol.emergency.authorised", "protocol.emergency.authorised_before");
    Ok(settled(&desk, emergency.id, done, words))
}

/// An emergency of the officer's own office.
pub async fn find(tx: &mut database::Tx, desk: &Desk, id: &str) -> Result<Emergency, Failure> {
    let id: Uuid = id.parse().map_err(|_| Failure::NotFound)?;
    store::find_emergency(tx, &desk.officer.office, id).await?.ok_or(Failure::NotFound)
}

/// Back to the emergency, saying that it is done, or that a colleague had done it: what was stated first stays.
fn settled(desk: &Desk, id: Uuid, done: bool, words: (&'static str, &'static str)) -> Response {
    (SetCookie::told(&desk.visit, done, words), Redirect::to(&one(id))).into_response()
}

/// Where one emergency stands.
fn one(id: impl Display) -> String {
    format!("{PLACE}/emergenza/{id}")
}

async fn build(desk: &Desk, posted: &Posted, faults: Vec<Fault>) -> Result<EmergenciesPage, Failure> {
    let mut tx = desk.visit.web.database().read().await?;
    let emergencies = store::emergencies(&mut tx, &desk.officer.office).await?;
    let visit = &desk.visit;
    let page = desk.page_titled(visit.t("protocol.emergency.title")).faulty(!faults.is_empty());
    let head = ["started", "ended", "cause", "by"];
    let table = Table {
        caption: page.t("protocol.emergency.caption").to_owned(),
        head: head.map(|column| page.t(&format!("protocol.emergency.{column}")).to_owned()).to_vec(),
        rows: emergencies.iter().map(|emergency| cells(&page, emergency)).collect(),
    };
    let fields = vec![
        line(visit, posted, (CAUSE, "protocol.emergency.cause"), &faults),
        day_field(visit, posted, (DAY, "protocol.emergency.start"), &faults),
        line(visit, posted, (TIME, "protocol.emergency.time"), &faults)
            .hint(visit.t("protocol.emergency.time_hint"))
            .width(5),
        line(visit, posted, (ACT, "protocol.emergency.act"), &faults)
            .hint(visit.t("protocol.emergency.act_hint"))
            .optional(),
    ];
    Ok(EmergenciesPage {
        any: !emergencies.is_empty(),
        table,
        head: desk.may(Power::RunRegister),
        fields,
        faults,
        page,
    })
}

fn cells(page: &Page, emergency: &Emergency) -> Vec<Cell> {
    let ended = emergency.ended_at.map(|at| page.moment(&at));
    vec![
        Cell::link(page.moment(&emergency.started_at), one(emergency.id)),
        Cell::text(ended.unwrap_or_else(|| page.t("protocol.emergency.running").to_owned())),
        Cell::text(&emergency.cause),
        Cell::text(&emergency.opened_by),
    ]
}
