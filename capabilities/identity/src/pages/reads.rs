use askama::Template;
use axum::extract::State;
use base::{Language, Translated, rome_date};
use web::{
    Answer, Page, Visit,
    components::{Cell, Pagination, Table},
    show,
};

use crate::{
    Citizen, Identity,
    store::{
        listings::{self, ListingRow},
        reads::{self as store, ReadRow},
    },
};

/// Readings on a page; those of one case and day stand together, so that its rows are far fewer.
const ROWS: i64 = 100;

#[derive(Template)]
#[template(path = "pages/reads.html")]
struct ReadsPage {
    page: Page,
    count: i64,
    table: Table,
    pages: Pagination,
    listed: i64,
    lists: Table,
    lists_pages: Pagination,
}

/// `GET /profilo/letture`: who looked at my data, newest first.
pub(crate) async fn reads(State(identity): State<Identity>, visit: Visit, Citizen(person): Citizen) -> Answer {
    let subject = person.fiscal_code.as_str();
    let mut tx = visit.web.database().read().await?;
    let (count, listed) = (store::count(&mut tx, subject).await?, listings::count(&mut tx, subject).await?);
    let (opened_at, listed_at) = (Leaf::of(&visit, "pagina", count), Leaf::of(&visit, "elenchi", listed));
    let rows = store::of_person(&mut tx, subject, ROWS, opened_at.offset()).await?;
    let seen = listings::of_person(&mut tx, subject, ROWS, listed_at.offset()).await?;
    let page = visit.page("identity.reads.title").crumb(visit.t("identity.profile.title"), "/profilo");
    let table = |caption: &str, head: &[&str], rows| Table {
        caption: page.t(caption).to_owned(),
        head: head.iter().map(|name| page.t(&format!("identity.reads.{name}")).to_owned()).collect(),
        rows,
    };
    let contest = identity.0.objections.as_deref();
    let opened = groups(&rows, page.language).iter().map(|group| cells(&page, group, contest)).collect();
    let lists = seen.iter().map(|row| listed_cells(&page, row, contest)).collect();
    let heads = |names: &[&'static str]| [names, contest.map_or(&[][..], |_| &["objection"])].concat();
    let shown = ReadsPage {
        table: table("identity.reads.caption", &heads(&["when", "who", "why", "what"]), opened),
        lists: table("identity.reads.lists_caption", &heads(&["day", "who", "why"]), lists),
        pages: opened_at.pagination(&format!("/profilo/letture?elenchi={}&pagina=", listed_at.current)),
        lists_pages: listed_at.pagination(&format!("/profilo/letture?pagina={}&elenchi=", opened_at.current)),
        count,
        listed,
        page,
    };
    show(&shown)
}

/// Where one stands in one of the two lists.
struct Leaf {
    current: i64,
    last: i64,
}

impl Leaf {
    fn of(visit: &Visit, name: &str, count: i64) -> Self {
        let last = (count.div_euclid(ROWS) + i64::from(count % ROWS > 0)).max(1);
        let asked = visit.query(name).and_then(|text| text.parse().ok());
        Self { current: asked.unwrap_or(1).clamp(1, last), last }
    }

    const fn offset(&self) -> i64 {
        (self.current - 1) * ROWS
    }

    fn pagination(&self, prefix: &str) -> Pagination {
        let number = |page: i64| usize::try_from(page).unwrap_or(1);
        Pagination { current: number(self.current), last: number(self.last), prefix: prefix.to_owned() }
    }
}

fn listed_cells(page: &Page, row: &ListingRow, contest: Option<&str>) -> Vec<Cell> {
    let (day, who) = (page.date(&row.day), reader(page.language, &row.reader_name, &row.office));
    let told = [day.as_str(), &reader(Language::Italian, &row.reader_name, &row.office)].join(", ");
    let mut cells = vec![Cell::text(day.clone()), Cell::text(who), Cell::text(row.purpose.get(page.language))];
    cells.extend(contest.map(|service| contested(page, service, &told)));
    cells
}

fn reader(language: Language, name: &str, office: &Translated) -> String {
    format!("{name}, {}", office.get(language))
}

/// The way to contest a reading: the form of that service, with what it is about written in.
fn contested(page: &Page, service: &str, told: &str) -> Cell {
    let query = web::query(&[("tipo", "consultazione"), ("consultazione", told)]);
    Cell::link(page.t("identity.reads.contest"), format!("/servizi/{service}/domanda?{query}"))
}

/// Readings of one case on one day by one person of the office: one row, however many pages were opened.
struct Group<'r> {
    first: &'r ReadRow,
    count: i64,
    what: Vec<&'r str>,
}

fn groups<'r>(rows: &'r [ReadRow], language: Language) -> Vec<Group<'r>> {
    let mut groups: Vec<Group<'r>> = Vec::new();
    for row in rows {
        let what = row.what.get(language);
        match groups.iter_mut().find(|group| same(group.first, row)) {
            Some(group) => {
                group.count += 1;
                if !group.what.contains(&what) {
                    group.what.push(what);
                }
            }
            None => groups.push(Group { first: row, count: 1, what: vec![what] }),
        }
    }
    groups
}

fn same(one: &ReadRow, other: &ReadRow) -> bool {
    let day = |row: &ReadRow| rome_date(row.at);
    day(one) == day(other)
        && (one.case, &one.reader_name, &one.office, &one.purpose)
            == (other.case, &other.reader_name, &other.office, &other.purpose)
}

fn cells(page: &Page, group: &Group<'_>, contest: Option<&str>) -> Vec<Cell> {
    let row = group.first;
    let why = row.purpose.get(page.language);
    let when = match group.count {
        1 => page.moment(&row.at),
        count => format!("{}, {}", page.date(&rome_date(row.at)), page.tn("identity.reads.times", count)),
    };
    let told = format!(
        "{}, {}",
        base::long_date(rome_date(row.at), Language::Italian),
        reader(Language::Italian, &row.reader_name, &row.office)
    );
    let mut cells = vec![
        Cell::text(when),
        Cell::text(reader(page.language, &row.reader_name, &row.office)),
        row.case.map_or_else(|| Cell::text(why), |case| Cell::link(why, format!("/pratiche/{case}"))),
        Cell::text(group.what.join("; ")),
    ];
    cells.extend(contest.map(|service| contested(page, service, &told)));
    cells
}
