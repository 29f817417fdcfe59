//! Proceedings that were not concluded in their term: for whoever holds the substitute power, who concludes those that
//! still wait (art. 2 c. 9-ter L. 241/1990) and reports on the others by 30 January of the next year (c. 9-quater).

use std::collections::BTreeMap;

use askama::Template;
use web::{
    Answer, Failure, Page,
    components::{Cell, Table, Tone},
};

use super::Desk;
use crate::{
    payload::Protocol,
    room::{Cases, today},
    store::{self, Late},
};

/// The report of a year.
#[derive(Template)]
#[template(path = "office/late.html")]
struct LatePage {
    page: Page,
    years: Vec<(i16, String, bool)>,
    total: String,
    any: bool,
    services: Table,
    table: Table,
}

/// How many years back the page leads.
const YEARS: i16 = 3;

/// Shows the report: numbers and days, no names.
pub async fn show(desk: Desk) -> Answer {
    let Desk { cases, officer, visit } = &desk;
    if !officer.may_substitute() {
        return Err(Failure::Forbidden);
    }
    let today = today(visit);
    let asked = visit.query("anno").and_then(|year| year.parse::<i16>().ok());
    let year = asked.filter(|year| (today.year() - YEARS..=today.year()).contains(year)).unwrap_or(today.year());
    let mut tx = cases.web.database().read().await?;
    let late = store::late(&mut tx, &officer.office, year, today).await?;
    drop(tx);
    let page = desk.page_titled(visit.t("cases.office.late.title"));
    let years = (today.year() - YEARS..=today.year()).rev();
    let shown = LatePage {
        years: years.map(|one| (one, format!("/ufficio/ritardi?anno={one}"), one == year)).collect(),
        total: page.tn("cases.office.late.total", late.len()),
        any: !late.is_empty(),
        services: by_service(&page, cases, &late),
        table: table(&page, cases, &officer.office, (&late, today)),
        page,
    };
    web::show(&shown)
}

fn name(page: &Page, cases: &Cases, late: &Late) -> String {
    cases.catalogue.service_name(&late.service, &late.service_name).get(page.language).to_owned()
}

fn columns<const N: usize>(page: &Page, names: [&str; N]) -> Vec<String> {
    names.map(|name| page.t(&format!("cases.office.late.{name}")).to_owned()).to_vec()
}

fn by_service(page: &Page, cases: &Cases, late: &[Late]) -> Table {
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for one in late {
        let count = counts.entry(name(page, cases, one)).or_default();
        count.0 += 1;
        count.1 += usize::from(one.closed_on.is_none());
    }
    let rows = counts.into_iter();
    let rows = rows.map(|(service, (all, open))| {
        vec![Cell::text(service), Cell::number(all.to_string()), Cell::number(open.to_string())]
    });
    Table {
        caption: page.t("cases.office.late.by_service").to_owned(),
        head: columns(page, ["service", "all", "waiting"]),
        rows: rows.collect(),
    }
}

fn table(page: &Page, cases: &Cases, office: &str, (late, today): (&[Late], base::Date)) -> Table {
    let row = |one: &Late| {
        let year = i16::try_from(one.protocol.1).unwrap_or(i16::MAX);
        let protocol = Protocol { office: office.to_owned(), year, number: one.protocol.0 };
        let days = one.due.until(one.closed_on.unwrap_or(today)).map_or(0, |span| span.get_days());
        let day = |day: base::Date| base::short_date(day);
        let called = one.substitute_called_on.map(day).unwrap_or_default();
        vec![
            Cell::link(protocol::shown(&cases.catalogue, &protocol), format!("/ufficio/pratiche/{}", one.case)),
            Cell::text(name(page, cases, one)),
            Cell::text(day(base::rome_date(one.submitted_at))),
            Cell::text(day(one.due)),
            one.closed_on.map_or_else(
                || Cell::badge(Tone::Danger, page.t("cases.office.late.open")),
                |closed| Cell::text(day(closed)),
            ),
            Cell::number(days.to_string()),
            Cell::text(called),
        ]
    };
    Table {
        caption: page.t("cases.office.late.caption").to_owned(),
        head: columns(page, ["protocol", "service", "filed", "due", "closed", "days", "substitute"]),
        rows: late.iter().map(row).collect(),
    }
}
