use std::sync::Arc;

use askama::Template;
use base::{Language, new_id, rome_date};
use catalogue::Service;
use database::Tx;
use web::{
    Answer, Page, Posted,
    components::{Cell, Choice, Field, Table, Tone},
};

use super::{Desk, PLACE, place_of};
use crate::{
    jobs,
    list::{List, State},
    store,
};

const SERVICE: &str = "servizio";

#[derive(Template)]
#[template(path = "office/overview.html")]
struct OverviewPage {
    page: Page,
    kept: Table,
    propose: Option<Field>,
    lists: Table,
    held: String,
}

/// `GET /ufficio/scarto`: how long the office keeps what, what is over, its lists and holds.
pub async fn show(desk: Desk) -> Answer {
    let (office, now) = (&desk.officer.office, desk.visit.now);
    let mut tx = desk.visit.web.database().read().await?;
    let mut counted = Vec::new();
    for service in desk.room.catalogue.offer().services.values() {
        let over = over(&mut tx, &desk, service).await?;
        // Where people choose the office, every office may have cases.
        if over > 0 || service.office == *office {
            counted.push((over, Arc::clone(service)));
        }
    }
    let lists = store::lists(&mut tx, office).await?;
    let standing = store::count_standing(&mut tx, office, rome_date(now)).await?;
    let page =
        desk.visit.page("retention.overview.title").crumb(desk.visit.t("retention.worklist"), "/ufficio/pratiche");
    web::show(&OverviewPage {
        kept: kept(&page, &counted),
        propose: propose_field(&page, &counted),
        lists: table(&page, &lists),
        held: page.tn("retention.overview.held", standing),
        page,
    })
}

async fn over(tx: &mut Tx, desk: &Desk, service: &Service) -> database::Result<i64> {
    let horizons = service.decl.privacy.retention.horizons(rome_date(desk.visit.now));
    cases::count_over(tx, (&desk.officer.office, &service.slug), horizons).await
}

fn kept(page: &Page, counted: &[(i64, Arc<Service>)]) -> Table {
    let head = ["service", "years", "benefit", "over"];
    let row = |(over, service): &(i64, Arc<Service>)| {
        let schedule = service.decl.privacy.retention;
        vec![
            Cell::text(service.name.get(page.language)),
            Cell::number(schedule.years.to_string()),
            Cell::number(schedule.benefit_years.to_string()),
            Cell::number(if *over > cases::MOST_COUNTED {
                page.t("retention.overview.many").to_owned()
            } else {
                over.to_string()
            }),
        ]
    };
    Table {
        caption: page.t("retention.overview.kept").to_owned(),
        head: head.map(|column| page.t(&format!("retention.overview.{column}")).to_owned()).to_vec(),
        rows: counted.iter().map(row).collect(),
    }
}

fn propose_field(page: &Page, counted: &[(i64, Arc<Service>)]) -> Option<Field> {
    let choice = |(_, service): &(i64, Arc<Service>)| Choice::new(&service.slug, service.name.get(page.language));
    let choices: Vec<_> = counted.iter().filter(|(over, _)| *over > 0).map(choice).collect();
    let field = |choices| Field::select(SERVICE, page.t("retention.overview.service"), choices);
    (!choices.is_empty()).then(|| field(choices))
}

fn table(page: &Page, lists: &[List]) -> Table {
    let head = ["list", "service", "cases", "state", "proposed"];
    let row = |list: &List| {
        vec![
            Cell::link(list.shown(), place_of(list.id)),
            Cell::italian(&list.service_name),
            Cell::number(list.cases.to_string()),
            Cell::badge(tone(list.state), page.t(&state_key(list.state))),
            Cell::text(page.moment(&list.proposed_at)),
        ]
    };
    Table {
        caption: page.t("retention.overview.lists").to_owned(),
        head: head.map(|column| page.t(&format!("retention.overview.{column}")).to_owned()).to_vec(),
        rows: lists.iter().map(row).collect(),
    }
}

/// The colour of a list's badge.
pub const fn tone(state: State) -> Tone {
    match state {
        State::Gathering => Tone::Info,
        State::Proposed => Tone::Warning,
        State::Approved => Tone::Danger,
        State::Done => Tone::Success,
        State::Rejected => Tone::Neutral,
    }
}

/// The key of a state's words.
pub fn state_key(state: State) -> String {
    format!("retention.state.{}", state.key())
}

/// `POST /ufficio/scarto`: begins a list of all that has been kept long enough of a service.
pub async fn propose(desk: Desk, posted: Posted) -> Answer {
    let (web, officer) = (&desk.visit.web, &desk.officer);
    let Some(service) = desk.room.catalogue.service(posted.text(SERVICE)) else {
        return desk.not_done(PLACE, "retention.holds.wrong_service");
    };
    let now = web.clock().now();
    let today = rome_date(now);
    let list = List {
        id: new_id(web.clock(), web.chance()),
        office: officer.office.clone(),
        year: today.year(),
        number: 0,
        service: service.slug.clone(),
        service_name: service.name.get(Language::Italian).to_owned(),
        schedule: service.decl.privacy.retention,
        as_of: today,
        state: State::Gathering,
        cases: 0,
        closed: None,
        digest: String::new(),
        proposed_at: now,
        proposed_by: (officer.id.clone(), officer.name.clone()),
        authorisation: None,
        rejected: None,
        began_at: None,
        ended_at: None,
        registered: None,
    };
    let mut tx = web.database().begin().await?;
    store::insert(&mut tx, &list).await?;
    jobs::gather(&mut tx, list.id, now).await?;
    tx.commit().await?;
    desk.done(&place_of(list.id), "retention.list.begun")
}
