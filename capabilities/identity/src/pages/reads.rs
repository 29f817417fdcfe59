use askama::Template;
use web::{
    Answer, Page, Visit,
    components::{Cell, Pagination, Table},
    show,
};

use crate::{
    Citizen,
    store::reads::{self as store, ReadRow},
};

const ROWS: i64 = 20;

#[derive(Template)]
#[template(path = "pages/reads.html")]
struct ReadsPage {
    page: Page,
    count: i64,
    table: Table,
    pages: Pagination,
}

/// `GET /profilo/letture`: who looked at my data, newest first.
pub(crate) async fn reads(visit: Visit, Citizen(person): Citizen) -> Answer {
    let subject = person.fiscal_code.as_str();
    let mut tx = visit.web.database().read().await?;
    let count = store::count(&mut tx, subject).await?;
    let last = count.div_euclid(ROWS) + i64::from(count % ROWS > 0);
    let current = visit.query("pagina").and_then(|text| text.parse().ok()).unwrap_or(1).clamp(1, last.max(1));
    let rows = store::of_person(&mut tx, subject, ROWS, (current - 1) * ROWS).await?;
    let page = visit.page("identity.reads.title").crumb(visit.t("identity.profile.title"), "/profilo");
    let table = Table {
        caption: page.t("identity.reads.caption").to_owned(),
        head: ["when", "who", "why", "what"].map(|name| page.t(&format!("identity.reads.{name}")).to_owned()).to_vec(),
        rows: rows.iter().map(|row| cells(&page, row)).collect(),
    };
    let number = |page: i64| usize::try_from(page).unwrap_or(1);
    let pages =
        Pagination { current: number(current), last: number(last), prefix: "/profilo/letture?pagina=".to_owned() };
    show(&ReadsPage { page, count, table, pages })
}

fn cells(page: &Page, row: &ReadRow) -> Vec<Cell> {
    let why = row.purpose.get(page.language);
    vec![
        Cell::text(page.moment(&row.at)),
        Cell::text(format!("{}, {}", row.reader_name, row.office.get(page.language))),
        row.case.map_or_else(|| Cell::text(why), |case| Cell::link(why, format!("/pratiche/{case}"))),
        Cell::text(row.what.get(page.language)),
    ]
}
