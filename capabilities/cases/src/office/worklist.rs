use askama::Template;
use web::{
    Answer, Page, Visit,
    components::{Cell, Choice, Field, Table},
};

use deadlines::Silence;
use identity::{Colleague, Officer, Power};

use super::{Desk, mass};
use crate::{
    case::State as CaseState,
    room::{Cases, today},
    store::{self, CaseRow, Figures, Filter, Leaf, Leaves, MOST_COUNTED},
    view::{applicant, state_key, tone},
    wanted::{FILTERS, MINE, filter_of, kept},
};

/// The day of an officer: figures, filters, and the cases with what is due first on top.
#[derive(Template)]
#[template(path = "office/worklist.html")]
struct WorklistPage {
    page: Page,
    figures: Vec<(String, String, String)>,
    filters: Vec<Field>,
    table: Table,
    total: String,
    any: bool,
    first: Option<String>,
    before: Option<String>,
    after: Option<String>,
    export: Option<String>,
    together: Option<Vec<(&'static str, String)>>,
    head: bool,
    substitute: bool,
    staff: bool,
    emergency: bool,
    analyst: bool,
    counter: bool,
    /// Whether the office asks for consents, and who looks may see who gave them.
    consents: bool,
    /// What of the office has been kept long enough, for who may destroy it.
    kept: Option<String>,
    /// How the list is ordered, where a window orders it.
    order: Vec<String>,
}

/// Shows the worklist of the officer's office, once it is written down whose names it shows.
pub async fn show(desk: Desk) -> Answer {
    let Desk { cases, officer, visit } = &desk;
    let filter = filter_of((cases, officer), visit.now, &|name| visit.query(name));
    let mut tx = cases.web.database().read().await?;
    let figures = store::figures(&mut tx, &officer.office, &officer.id, today(visit)).await?;
    let leaves = store::worklist(&mut tx, &filter, leaf(visit)).await?;
    let head = desk.may(Power::AssignCases);
    let colleagues: Vec<Colleague> = if head {
        desk.handlers(&mut tx).await?.iter().map(Colleague::from).collect()
    } else {
        officer.stands_in.iter().map(|one| one.absent.clone()).collect()
    };
    let over =
        if cases.may_destroy(officer) { Some(cases.count_over(&mut tx, &officer.office, visit).await?) } else { None };
    drop(tx);
    desk.record_names(purpose(&filter), &leaves.rows.iter().collect::<Vec<_>>()).await?;
    let page = visit.page("cases.office.worklist.title");
    let kept = over.map(|many| page.tn("cases.office.worklist.kept", many));
    let today = today(visit);
    let shown = WorklistPage {
        figures: tiles(&page, figures),
        filters: filters(&page, cases, visit, &filter, &colleagues),
        table: table(&page, cases, &leaves.rows, today),
        total: told_total(&page, &filter, &leaves),
        any: !leaves.rows.is_empty(),
        first: leaves.before.map(|_| place(visit, None)),
        before: leaves.before.map(|at| place(visit, Some(("prima", at.to_string())))),
        export: (!filter.searches()).then(|| address(visit, "/ufficio/pratiche/esporta", None)),
        together: together(cases, officer, &filter, visit),
        after: leaves.after.map(|at| place(visit, Some(("dopo", at.to_string())))),
        head,
        substitute: desk.may(Power::ConcludeInPlace),
        staff: desk.may(Power::ManageStaff),
        emergency: desk.may(Power::OpenInEmergency),
        analyst: desk.may(Power::Simulate),
        counter: desk.may(Power::ServeAtCounter),
        consents: desk.may(Power::ExportNames) && asks_consents(cases, &officer.office),
        kept,
        order: order(&page, cases, &filter),
        page,
    };
    web::show(&shown)
}

fn asks_consents(cases: &Cases, office: &str) -> bool {
    let offer = cases.catalogue.offer();
    offer.services.values().any(|service| service.office == office && !service.decl.consents.is_empty())
}

/// In the list of the office's cases one is seen; by searching one is found.
fn purpose(filter: &Filter) -> (&'static str, &'static str) {
    match filter.searches() {
        true => ("cases/search", "cases.read.search"),
        false => ("cases/worklist", "cases.read.worklist"),
    }
}

/// What a mass decision on this list would begin with: for who heads the office, of one service, in an order that stands.
fn together(cases: &Cases, officer: &Officer, filter: &Filter, visit: &Visit) -> Option<Vec<(&'static str, String)>> {
    let may = cases.catalogue.allows(&officer.own(), Power::DecideTogether)
        && !filter.searches()
        && mass::can_begin(cases, filter, visit.now);
    may.then(|| kept(&|name| visit.query(name)))
}

/// Before a window has closed there is no order yet; then it is the law's.
fn order(page: &Page, cases: &Cases, filter: &Filter) -> Vec<String> {
    let service = filter.service.as_deref().and_then(|slug| cases.catalogue.service(slug));
    let Some(service) = service else { return Vec::new() };
    match &service.process.window {
        Some(window) if !filter.ranked => {
            vec![page.t1("cases.office.worklist.not_ordered", "when", page.moment(&window.closes))]
        }
        _ => catalogue::order_sentences(&service, page),
    }
}

/// Figures that are also filters.
fn tiles(page: &Page, figures: Figures) -> Vec<(String, String, String)> {
    let shown = |number: i64| match number > MOST_COUNTED {
        true => page.t("cases.office.worklist.many").to_owned(),
        false => number.to_string(),
    };
    let tile = |key: &str, number, href: &str| (page.t(key).to_owned(), shown(number), href.to_owned());
    vec![
        tile("cases.office.worklist.mine", figures.mine, "/ufficio/pratiche?chi=mie"),
        tile("cases.office.worklist.unassigned", figures.unassigned, "/ufficio/pratiche?chi=libere"),
        tile("cases.office.worklist.due_soon", figures.due_soon, "/ufficio/pratiche?scadenza=vicina"),
        tile("cases.office.worklist.overdue", figures.overdue, "/ufficio/pratiche?scadenza=passata"),
        tile("cases.office.worklist.open", figures.open, "/ufficio/pratiche"),
    ]
}

fn filters(page: &Page, cases: &Cases, visit: &Visit, filter: &Filter, colleagues: &[Colleague]) -> Vec<Field> {
    let any = |key: &str, chosen| Choice::new("", page.t(key)).chosen(chosen);
    let states = CaseState::ALL
        .into_iter()
        .map(|state| Choice::new(state.key(), page.t(&state_key(state))).chosen(filter.state == Some(state)));
    let offer = cases.catalogue.offer();
    let services = offer.public().map(|service| {
        Choice::new(&service.slug, service.name.get(visit.language))
            .chosen(filter.service.as_ref() == Some(&service.slug))
    });
    let given = visit.query("chi").unwrap_or_default();
    let mut whose = vec![
        any("cases.office.worklist.everybody", filter.officer.is_none() && !filter.unassigned),
        Choice::new(MINE, page.t("cases.office.worklist.mine")).chosen(given == MINE),
        Choice::new("libere", page.t("cases.office.worklist.unassigned")).chosen(filter.unassigned),
    ];
    whose.extend(colleagues.iter().map(|one| Choice::new(&one.id, &one.name).chosen(given == one.id)));
    let with_any = |key, chosen, rest: Vec<Choice>| [vec![any(key, chosen)], rest].concat();
    vec![
        Field::text("q", page.t("cases.office.worklist.search")).value(&filter.words).optional(),
        Field::select("chi", page.t("cases.office.worklist.whose"), whose).optional(),
        Field::select(
            "stato",
            page.t("cases.office.worklist.state"),
            with_any("cases.office.worklist.all_open", filter.state.is_none(), states.collect()),
        )
        .optional(),
        Field::select(
            "servizio",
            page.t("cases.office.worklist.service"),
            with_any("cases.office.worklist.all_services", filter.service.is_none(), services.collect()),
        )
        .optional(),
    ]
}

fn table(page: &Page, cases: &Cases, rows: &[CaseRow], today: base::Date) -> Table {
    let head = ["protocol", "applicant", "service", "state", "due", "officer"];
    Table {
        caption: page.t("cases.office.worklist.caption").to_owned(),
        head: head.map(|column| page.t(&format!("cases.office.column.{column}")).to_owned()).to_vec(),
        rows: rows.iter().map(|row| cells(page, cases, row, today)).collect(),
    }
}

fn cells(page: &Page, cases: &Cases, row: &CaseRow, today: base::Date) -> Vec<Cell> {
    let service = cases.catalogue.service_name(&row.service, &row.service_name);
    vec![
        Cell::link(protocol::shown(&cases.catalogue, &row.protocol), format!("/ufficio/pratiche/{}", row.id)),
        Cell::text(applicant(page, row)),
        Cell::text(service.get(page.language)),
        Cell::badge(tone(row.state), page.t(&state_key(row.state))),
        due(page, cases, row, today),
        Cell::text(row.officer_name.clone().unwrap_or_else(|| page.t("cases.office.worklist.nobody").to_owned())),
    ]
}

fn due(page: &Page, cases: &Cases, row: &CaseRow, today: base::Date) -> Cell {
    if let Some(closed) = row.closed_on {
        return Cell::text(page.t1("cases.office.worklist.closed_on", "day", base::short_date(closed)));
    }
    let clock = cases.reading(row, today);
    let (tone, words) = clock.brief(page);
    let silence = match clock.silence {
        Some(Silence::Consent) => format!("{words}; {}", page.t("cases.office.worklist.then_granted")),
        Some(Silence::Refusal) => format!("{words}; {}", page.t("cases.office.worklist.then_refused")),
        _ => words,
    };
    if clock.stands_out() { Cell::badge(tone, silence) } else { Cell::text(silence) }
}

fn told_total(page: &Page, filter: &Filter, leaves: &Leaves) -> String {
    match (leaves.more, filter.searches()) {
        (false, _) => page.tn("cases.office.worklist.total", leaves.total),
        (true, false) => page.t("cases.office.worklist.total_many").to_owned(),
        (true, true) => page.t("cases.office.worklist.found_many").to_owned(),
    }
}

/// Which page is asked for: what follows a case, or what stands before it. Nonsense is the first one.
fn leaf(visit: &Visit) -> Leaf {
    let at = |name| visit.query(name).and_then(|at| at.parse().ok());
    at("dopo").map(Leaf::After).or_else(|| at("prima").map(Leaf::Before)).unwrap_or_default()
}

/// The address of another page of the same list.
fn place(visit: &Visit, at: Option<(&str, String)>) -> String {
    address(visit, "/ufficio/pratiche", at)
}

/// The address of a page about what the list shows.
fn address(visit: &Visit, path: &str, at: Option<(&str, String)>) -> String {
    let kept = FILTERS.into_iter().filter_map(|name| Some((name, visit.query(name)?)));
    format!("{path}?{}", web::query(&kept.chain(at).collect::<Vec<_>>()))
}
