use askama::Template;
use axum::extract::Path;
use identity::{Officer, Power};
use web::{
    Answer, Failure, Page, Posted,
    components::{Cell, Choice, Fault, Field, Table},
};

use super::{Desk, What, act::LONGEST, settle::settle};
use crate::{
    case::Case,
    decide::{Deed, NotNow},
    payload::Assigned,
    perform::{Attempt, attempt},
    room::today,
    store::{self, Load},
    typed::{TypedText, too_long},
};

/// To whom.
const OFFICER: &str = "operatore";
/// Why.
const REASON: &str = "motivo";

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
    desk.demand(Power::AssignCases)?;
    let (case, colleagues, parked) = open(&desk, &id).await?;
    web::show(&build(&desk, &case, &colleagues, &parked, Vec::new()))
}

/// Gives the case to the officer who was chosen.
pub async fn assign(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    desk.demand(Power::AssignCases)?;
    let (case, colleagues, _) = open(&desk, &id).await?;
    let chosen = colleagues.iter().find(|colleague| colleague.id == posted.text(OFFICER));
    let mut faults = too_long(&desk.visit, LONGEST, [(REASON, posted.text(REASON))]);
    let Some(chosen) = chosen.filter(|_| faults.is_empty()) else {
        faults.extend(chosen.is_none().then(|| fault(&desk, "cases.office.assign.choose")));
        return web::show_faulty(&build(&desk, &case, &colleagues, &posted, faults));
    };
    let reason = posted.text(REASON).trim().to_owned();
    let to = Assigned { officer: chosen.id.clone(), officer_name: chosen.name.clone(), reason };
    match attempt(&desk, &id, &Deed::Assign(to)).await? {
        Attempt::NotNow(case, why @ (NotNow::AlreadyTheirs | NotNow::FiledByOfficer | NotNow::ConcernsOfficer)) => {
            web::show_faulty(&build(&desk, &case, &colleagues, &posted, vec![fault(&desk, why.key())]))
        }
        attempt => {
            let kept = vec![TypedText::new(desk.visit.t("cases.office.assign.reason"), posted.text(REASON))];
            settle(&desk, attempt, "cases.office.done.assigned", kept)
        }
    }
}

/// Shows who of the office holds how many cases, and how many of them are late.
pub async fn loads(desk: Desk) -> Answer {
    let Desk { cases, officer, visit } = &desk;
    desk.demand(Power::AssignCases)?;
    let mut tx = cases.web.database().read().await?;
    let colleagues = desk.handlers(&mut tx).await?;
    let mut loads = store::loads(&mut tx, &officer.office, today(visit)).await?;
    drop(tx);
    let idle = colleagues.iter().filter(|colleague| !loads.iter().any(|load| load.officer == colleague.id));
    let idle: Vec<_> = idle.map(|colleague| Load::none(&colleague.id, &colleague.name)).collect();
    loads.extend(idle);
    let page = desk.page_titled(visit.t("cases.office.loads.title"));
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

async fn open(desk: &Desk, id: &str) -> Result<(Case, Vec<Officer>, Posted), Failure> {
    let (case, _, parked) = desk.open(id, What::Case).await?;
    let mut tx = desk.cases.web.database().read().await?;
    Ok((case, desk.handlers(&mut tx).await?, parked))
}

fn fault(desk: &Desk, key: &str) -> Fault {
    Fault { field: OFFICER.to_owned(), message: desk.visit.t(key).to_owned() }
}

fn build(desk: &Desk, case: &Case, colleagues: &[Officer], posted: &Posted, faults: Vec<Fault>) -> AssignPage {
    let page = desk.page("cases.office.assign.title", case);
    let choice =
        |colleague: &Officer| Choice::new(&colleague.id, &colleague.name).chosen(colleague.id == posted.text(OFFICER));
    let choices = colleagues.iter().map(choice).collect();
    let reason = Field::area(REASON, page.t("cases.office.assign.reason"));
    AssignPage {
        id: case.id.to_string(),
        holder: case.officer.as_ref().map(|taken| page.t1("cases.office.case.held", "name", &taken.officer_name)),
        officer: Field::radios(OFFICER, page.t("cases.office.assign.to"), choices).fault_from(&faults),
        reason: reason.value(posted.text(REASON)).optional().fault_from(&faults),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}
