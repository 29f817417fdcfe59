//! Proceedings that were not concluded in their term: for whoever holds the substitute power, who concludes those that
//! still wait (art. 2 c. 9-ter L. 241/1990) and reports on the others by 30 January of the next year (c. 9-quater).

mod file;

use std::collections::BTreeMap;

use askama::Template;
use identity::Power;
use sheets::Format;
use web::{
    Answer, Failure, Page,
    components::{Cell, Table, Tone},
};

use super::Desk;
use crate::{
    room::{Cases, today},
    store::{Late, LateIn},
};

/// The report of a year.
#[derive(Template)]
#[template(path = "office/late/page.html")]
struct LatePage {
    page: Page,
    years: Vec<(i16, String, bool)>,
    /// How many there are, on the first page.
    total: Option<String>,
    any: bool,
    /// Words that name the format, with the address.
    files: Vec<(String, String)>,
    services: Table,
    table: Table,
    first: Option<String>,
    after: Option<String>,
}

const PLACE: &str = "/ufficio/ritardi";
/// How many years back the page leads.
const YEARS: i16 = 3;
/// How many proceedings a page shows; the file has them all.
const ROWS: usize = 100;

/// The report that an address asks for, for whoever may read it.
fn asked(desk: &Desk) -> Result<LateIn<'_>, Failure> {
    desk.demand(Power::ConcludeInPlace)?;
    let today = today(&desk.visit);
    let year = desk.visit.query("anno").and_then(|year| year.parse::<i16>().ok());
    let year = year.filter(|year| years(today).contains(year)).unwrap_or(today.year());
    Ok(LateIn { office: &desk.officer.office, year, today })
}

fn years(today: base::Date) -> std::ops::RangeInclusive<i16> {
    today.year() - YEARS..=today.year()
}

/// Shows the report: numbers and days, no names.
pub async fn show(desk: Desk) -> Answer {
    let Desk { cases, visit, .. } = &desk;
    let report = asked(&desk)?;
    let behind = visit.query("dopo").and_then(|place| place.parse().ok());
    let mut tx = cases.web.database().read().await?;
    // How many there are is said once: to count them takes time as long as they are many, a page of them does not.
    let counts = if behind.is_none() { report.counts(&mut tx).await? } else { BTreeMap::new() };
    let mut late = report.following(&mut tx, behind, ROWS + 1).await?;
    drop(tx);
    let more = late.len() > ROWS;
    late.truncate(ROWS);
    let page = desk.page_titled(visit.t("cases.office.late.title"));
    let of_year = |rest: &[(&str, String)]| address(PLACE, report.year, rest);
    let total: i64 = counts.values().map(|count| count.all).sum();
    let rows = counts.iter().map(|(service, count)| {
        let name = cases.catalogue.service_name(service, &count.service_name);
        let numbers = [count.all, count.waiting].map(|many| Cell::number(many.to_string()));
        [vec![Cell::text(name.get(page.language))], numbers.to_vec()].concat()
    });
    let shown = LatePage {
        years: years(report.today).rev().map(|year| (year, address(PLACE, year, &[]), year == report.year)).collect(),
        total: behind.is_none().then(|| page.tn("cases.office.late.total", total)),
        any: !late.is_empty(),
        files: files(report.year),
        services: Table {
            caption: page.t("cases.office.late.by_service").to_owned(),
            head: columns(&page, ["service", "all", "waiting"]),
            rows: rows.collect(),
        },
        table: table(&page, cases, &late, report.today),
        first: behind.map(|_| of_year(&[])),
        after: late.last().filter(|_| more).map(|last| of_year(&[("dopo", last.place().to_string())])),
        page,
    };
    web::show(&shown)
}

/// Gives the whole report as a file.
pub async fn download(desk: Desk) -> Answer {
    let report = asked(&desk)?;
    let format = desk.visit.query("formato").and_then(|ending| Format::of_ending(&ending)).ok_or(Failure::NotFound)?;
    if let Some(most) = format.most() {
        let mut tx = desk.cases.web.database().read().await?;
        let many: i64 = report.counts(&mut tx).await?.values().map(|count| count.all).sum();
        if most < u64::try_from(many).unwrap_or(u64::MAX) {
            return Err(Failure::NotFound);
        }
    }
    Ok(file::begin(&desk, &report, format))
}

fn address(path: &str, year: i16, rest: &[(&str, String)]) -> String {
    let year = [("anno", year.to_string())];
    format!("{path}?{}", web::query(&[&year, rest].concat()))
}

/// The formats of the file, with their addresses.
fn files(year: i16) -> Vec<(String, String)> {
    let file = |format: Format| address("/ufficio/ritardi/elenco", year, &[("formato", format.ending().to_owned())]);
    Format::ALL.map(|format| (format!("cases.office.export.{}", format.ending()), file(format))).to_vec()
}

/// What the columns of a table are called.
fn columns<const N: usize>(page: &Page, names: [&str; N]) -> Vec<String> {
    names.map(|name| page.t(&format!("cases.office.late.{name}")).to_owned()).to_vec()
}

/// How many days after its term it was concluded; until today where it was not.
fn days_late(one: &Late, today: base::Date) -> i32 {
    one.due.until(one.closed_on.unwrap_or(today)).map_or(0, |span| span.get_days())
}

fn table(page: &Page, cases: &Cases, late: &[Late], today: base::Date) -> Table {
    let row = |one: &Late| {
        let day = |day: base::Date| base::short_date(day);
        vec![
            Cell::link(protocol::shown(&cases.catalogue, &one.protocol), format!("/ufficio/pratiche/{}", one.case)),
            Cell::text(cases.catalogue.service_name(&one.service, &one.service_name).get(page.language)),
            Cell::text(day(base::rome_date(one.submitted_at))),
            Cell::text(day(one.due)),
            one.closed_on.map_or_else(
                || Cell::badge(Tone::Danger, page.t("cases.office.late.open")),
                |closed| Cell::text(day(closed)),
            ),
            Cell::number(days_late(one, today).to_string()),
            Cell::text(one.substitute_called_on.map(day).unwrap_or_default()),
        ]
    };
    Table {
        caption: page.t("cases.office.late.caption").to_owned(),
        head: columns(page, file::COLUMNS),
        rows: late.iter().map(row).collect(),
    }
}
