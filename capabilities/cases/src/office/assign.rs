use askama::Template;
use axum::extract::Path;
use identity::{HEAD, Officer, officers_of};
use web::{
    Answer, Failure, Page, Posted,
    components::{Cell, Choice, Fault, Field, Table},
};

use super::{
    Desk, What,
    act::typed,
    attempt::{Attempt, attempt, settle},
    place, read,
};
use crate::{
    case::Case,
    decide::{Deed, NotNow},
    payload::Assigned,
    room::today,
    store::{self, Load},
};

/// To whom a case is given, and why: for who heads the office (art. 5 L. 241/1990).
#[derive(Template)]
#[template(path = "office/assign.html")]
struct AssignPage {
    page: Page,
    id: String,
    faults: Vec<Fault>,
    holder: Option<String>,
    officer: Field,
    reason: Field,
}

/// Who holds what.
#[derive(Template)]
#[template(path = "office/loads.html")]
struct LoadsPage {
    page: Page,
    table: Table,
}

/// Shows the officers of the office to choose from.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    desk.officer.must_have(HEAD)?;
    let (case, colleagues, parked) = open(&desk, &id).await?;
    let posted = Posted { fields: parked, files: Vec::new() };
    web::show(&build(&desk, &case, &colleagues, &posted, Vec::new()))
}

/// Gives the case to the officer who was chosen.
pub async fn assign(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    desk.officer.must_have(HEAD)?;
    let (case, colleagues, _) = open(&desk, &id).await?;
    let Some(chosen) = colleagues.iter().find(|colleague| colleague.id == posted.text("operatore")) else {
        return faulty(&desk, &case, &colleagues, &posted, "cases.office.assign.choose");
    };
    let reason = typed(&posted, "motivo").trim().to_owned();
    let to = Assigned { officer: chosen.id.clone(), officer_name: chosen.name.clone(), reason };
    match attempt(&desk, &id, &Deed::Assign(to)).await? {
        Attempt::NotNow(case, why @ NotNow::AlreadyTheirs, _) => faulty(&desk, &case, &colleagues, &posted, why.key()),
        attempt => {
            let kept = vec![(desk.visit.t("cases.office.assign.reason").to_owned(), typed(&posted, "motivo"))];
            settle(&desk, attempt, "cases.office.done.assigned", kept)
        }
    }
}

/// Shows who of the office holds how many cases, and how many of them are late.
pub async fn loads(desk: Desk) -> Answer {
    let Desk { cases, officer, visit } = &desk;
    officer.must_have(HEAD)?;
    let mut tx = cases.web.database().read().await?;
    let colleagues = officers_of(&mut tx, &officer.office).await?;
    let mut loads = store::loads(&mut tx, &officer.office, today(visit)).await?;
    drop(tx);
    let idle = colleagues.iter().filter(|colleague| !loads.iter().any(|load| load.officer == colleague.id));
    let idle: Vec<_> = idle.map(|colleague| Load::none(&colleague.id, &colleague.name)).collect();
    loads.extend(idle);
    let page =
        visit.page("cases.office.loads.title").crumb(visit.t("cases.office.worklist.title"), "/ufficio/pratiche");
    let active = |load: &Load| colleagues.iter().any(|colleague| colleague.id == load.officer);
    let table = Table {
        caption: page.t("cases.office.loads.caption").to_owned(),
        head: ["officer", "open", "overdue"]
            .map(|name| page.t(&format!("cases.office.loads.{name}")).to_owned())
            .to_vec(),
        rows: loads.iter().map(|load| cells(&page, load, active(load))).collect(),
    };
    web::show(&LoadsPage { page, table })
}

fn cells(page: &Page, load: &Load, active: bool) -> Vec<Cell> {
    let name = if active { load.name.clone() } else { page.t1("cases.office.loads.absent", "name", &load.name) };
    let place = format!("/ufficio/pratiche?{}", web::query(&[("chi", load.officer.as_str())]));
    vec![
        if load.open > 0 { Cell::link(name, place) } else { Cell::text(name) },
        Cell::number(load.open.to_string()),
        Cell::number(load.overdue.to_string()),
    ]
}

async fn open(desk: &Desk, id: &str) -> Result<(Case, Vec<Officer>, Vec<(String, String)>), Failure> {
    let Desk { cases, officer, visit } = desk;
    let mut tx = cases.web.database().begin().await?;
    let case = read(&mut tx, desk, id, What::Case).await?;
    let colleagues = officers_of(&mut tx, &officer.office).await?;
    let parked = web::parked::find(&mut tx, &officer.id, &visit.path).await?;
    tx.commit().await?;
    Ok((case, colleagues, parked.unwrap_or_default().fields))
}

fn faulty(desk: &Desk, case: &Case, colleagues: &[Officer], posted: &Posted, key: &str) -> Answer {
    let faults = vec![Fault { field: "operatore".to_owned(), message: desk.visit.t(key).to_owned() }];
    web::show_faulty(&build(desk, case, colleagues, posted, faults))
}

fn build(desk: &Desk, case: &Case, colleagues: &[Officer], posted: &Posted, faults: Vec<Fault>) -> AssignPage {
    let visit = &desk.visit;
    let page =
        visit.page("cases.office.assign.title").crumb(visit.t("cases.office.worklist.title"), "/ufficio/pratiche");
    let page = page.crumb(case.submitted.protocol.to_string(), place(case));
    let choice = |colleague: &Officer| {
        Choice::new(&colleague.id, &colleague.name).chosen(colleague.id == posted.text("operatore"))
    };
    let choices = colleagues.iter().map(choice).collect();
    AssignPage {
        id: case.id.to_string(),
        holder: case.officer.as_ref().map(|taken| page.t1("cases.office.case.held", "name", &taken.officer_name)),
        officer: Field::radios("operatore", page.t("cases.office.assign.to"), choices).fault_from(&faults),
        reason: Field::area("motivo", page.t("cases.office.assign.reason")).value(posted.text("motivo")).optional(),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}
