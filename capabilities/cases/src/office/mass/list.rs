//! The mass decisions of an office, and the cases of one of them of which the same can be said.

use askama::Template;
use axum::extract::Path;
use identity::Power;
use web::{
    Answer, Failure, Page,
    components::{Cell, Table},
};

use super::{
    Desk, PLACE, find, href,
    page::{amount, said},
};
use crate::{
    room::Cases,
    store::{self, ItemRow, ItemState, MassDecision},
    view::{applicant, state_key, tone},
};

#[derive(Template)]
#[template(path = "office/mass/list.html")]
struct ListPage {
    page: Page,
    table: Table,
    any: bool,
}

#[derive(Template)]
#[template(path = "office/mass/cases.html")]
struct CasesPage {
    page: Page,
    table: Table,
    next: Option<String>,
    back: String,
}

/// Shows the last ones.
pub async fn show(desk: Desk) -> Answer {
    let Desk { cases, officer, visit } = &desk;
    desk.demand_own(Power::DecideTogether)?;
    let decisions = store::mass_decisions(&mut cases.web.database().read().await?, &officer.office).await?;
    let page = desk.page_titled(visit.t("cases.office.mass.title"));
    let t = |key: &str| page.t(&format!("cases.office.mass.{key}")).to_owned();
    let row = |mass: &MassDecision| {
        let phase = mass.phase(visit.now).key();
        vec![
            Cell::link(page.moment(&mass.began_at), href(mass.id)),
            Cell::text(cases.catalogue.service_name(&mass.service, &mass.service).get(page.language)),
            Cell::text(&mass.officer_name),
            Cell::text(t(&format!("phase.{phase}"))),
            Cell::number(mass.granted.to_string()),
        ]
    };
    let table = Table {
        caption: t("title"),
        head: ["begun", "service", "officer", "outcome", "granted"].map(t).to_vec(),
        rows: decisions.iter().map(row).collect(),
    };
    web::show(&ListPage { any: !decisions.is_empty(), table, page })
}

/// Shows cases of which the same can be said, once it is written down whose names it shows.
pub async fn cases(desk: Desk, Path(id): Path<String>) -> Answer {
    let Desk { cases, visit, .. } = &desk;
    let state: ItemState = visit.query("esito").and_then(|key| key.parse().ok()).ok_or(Failure::NotFound)?;
    let reason = visit.query("motivo").unwrap_or_default();
    let behind = visit.query("dopo").and_then(|place| place.parse().ok()).unwrap_or(-1);
    let mut tx = cases.web.database().read().await?;
    let mass = find(&mut tx, &desk, &id).await?;
    let (found, more) = store::items_of(&mut tx, mass.id, (state, &reason), behind).await?;
    drop(tx);
    desk.record_names(("cases/mass", "cases.read.mass"), &found.iter().map(|row| &row.case).collect::<Vec<_>>())
        .await?;
    let page = desk.page_titled(visit.t("cases.office.mass.list")).crumb(visit.t("cases.office.mass.title"), PLACE);
    let next = found.last().filter(|_| more).map(|last| {
        let place = last.place.to_string();
        let query = web::query(&[("esito", state.key()), ("motivo", reason.as_str()), ("dopo", place.as_str())]);
        format!("{}/pratiche?{query}", href(mass.id))
    });
    // Reasons are keys of ours: one that an address invents finds no case and is not said.
    let caption =
        if found.is_empty() { page.t("cases.office.worklist.none").to_owned() } else { said(&page, state, &reason) };
    web::show(&CasesPage { table: rows(&page, cases, &caption, &found), next, back: href(mass.id), page })
}

/// Cases with what they give.
pub fn rows(page: &Page, cases: &Cases, caption: &str, found: &[ItemRow]) -> Table {
    let row = |item: &ItemRow| {
        let case = &item.case;
        let service = cases.catalogue.service(&case.service);
        vec![
            Cell::link(protocol::shown(&cases.catalogue, &case.protocol), format!("/ufficio/pratiche/{}", case.id)),
            Cell::text(applicant(page, case)),
            Cell::badge(tone(case.state), page.t(&state_key(case.state))),
            Cell::number(item.cents.and_then(|cents| amount(page, service.as_ref(), cents)).unwrap_or_default()),
        ]
    };
    let head = ["column.protocol", "column.applicant", "column.state", "mass.amount"];
    Table {
        caption: caption.to_owned(),
        head: head.map(|key| page.t(&format!("cases.office.{key}")).to_owned()).to_vec(),
        rows: found.iter().map(row).collect(),
    }
}
