use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use base::{Uuid, new_id};
use identity::HEAD;
use web::{
    Answer, Failure, Page, Posted, SetCookie,
    components::{Cell, Fault, Field, Table},
};

use super::{
    Desk, PLACE,
    typed::{Typed, day_field, line},
};
use crate::{change::Officer, emergency::Emergency, store};

const CAUSE: &str = "causa";
const DAY: &str = "giorno";
const TIME: &str = "ora";
const ACT: &str = "provvedimento";

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
    Redirect::to(&format!("{PLACE}/emergenza/{id}"))
}

/// `POST`: declares one (art. 63 c. 1 D.P.R. 445/2000: cause, beginning; who is in charge authorises it).
pub async fn declare(desk: Desk, posted: Posted) -> Answer {
    desk.officer.must_have(HEAD)?;
    let mut typed = Typed::new(&desk.visit, &posted);
    let (cause, act) = (typed.need(CAUSE, "protocol.emergency.missing"), typed.text(ACT));
    let started_at = typed.instant(DAY, TIME);
    let Some(started_at) = started_at.filter(|_| typed.faults.is_empty()) else {
        let faults = typed.faults;
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
        authorised_by: Some(act).filter(|act| !act.is_empty()),
    };
    let mut tx = web.database().begin().await?;
    store::open_emergency(&mut tx, &emergency, &Officer::from(&desk.officer), desk.visit.now).await?;
    tx.commit().await?;
    Ok(back(&desk, emergency.id, "protocol.emergency.opened"))
}

/// `POST …/ripristino`: states when the system worked again.
pub async fn end(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    desk.officer.must_have(HEAD)?;
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
    store::end_emergency(&mut tx, emergency.id, ended_at, &Officer::from(&desk.officer), desk.visit.now).await?;
    tx.commit().await?;
    Ok(back(&desk, emergency.id, "protocol.emergency.closed"))
}

/// `POST …/provvedimento`: states by which act more than 24 hours are authorised (art. 63 c. 2).
pub async fn authorise(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    desk.officer.must_have(HEAD)?;
    let mut typed = Typed::new(&desk.visit, &posted);
    let act = typed.need(ACT, "protocol.emergency.missing");
    if !typed.faults.is_empty() {
        let faults = typed.faults;
        return super::emergency::faulty(&desk, &id, &posted, faults).await;
    }
    let mut tx = desk.visit.web.database().begin().await?;
    let emergency = find(&mut tx, &desk, &id).await?;
    store::authorise_emergency(&mut tx, emergency.id, &act).await?;
    tx.commit().await?;
    Ok(back(&desk, emergency.id, "protocol.emergency.authorised"))
}

/// An emergency of the officer's own office.
pub async fn find(tx: &mut database::Tx, desk: &Desk, id: &str) -> Result<Emergency, Failure> {
    let id: Uuid = id.parse().map_err(|_| Failure::NotFound)?;
    store::find_emergency(tx, &desk.officer.office, id).await?.ok_or(Failure::NotFound)
}

fn back(desk: &Desk, id: Uuid, notice: &'static str) -> axum::response::Response {
    let place = format!("{PLACE}/emergenza/{id}");
    (SetCookie::notice(&desk.visit, notice), Redirect::to(&place)).into_response()
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
        rows: emergencies.iter().map(|one| cells(&page, one)).collect(),
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
    Ok(EmergenciesPage { any: !emergencies.is_empty(), table, head: desk.officer.has(HEAD), fields, faults, page })
}

fn cells(page: &Page, one: &Emergency) -> Vec<Cell> {
    let ended = one.ended_at.map(|at| page.moment(&at));
    vec![
        Cell::link(page.moment(&one.started_at), format!("{PLACE}/emergenza/{}", one.id)),
        Cell::text(ended.unwrap_or_else(|| page.t("protocol.emergency.running").to_owned())),
        Cell::text(&one.cause),
        Cell::text(&one.opened_by),
    ]
}
