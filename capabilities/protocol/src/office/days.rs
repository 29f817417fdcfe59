use askama::Template;
use axum::extract::Path;
use base::Date;
use identity::{Listing, Power};
use web::{
    Answer, Failure, Page,
    components::{Cell, Table},
    words::fill,
};

use super::{Desk, PLACE};
use crate::{daily::DayFile, stamp, store};

/// Files on a page.
const FILES: i64 = 60;
/// Before every file.
const NEWEST: (Date, i64) = (Date::constant(9999, 12, 31), 0);

#[derive(Template)]
#[template(path = "office/days.html")]
struct DaysPage {
    page: Page,
    table: Table,
    any: bool,
    older: Option<String>,
}

/// `GET /ufficio/protocollo/giornaliero`: the daily registers of the officer's office.
pub async fn show(desk: Desk) -> Answer {
    let before = desk.visit.query("prima").and_then(|place| behind(&place)).unwrap_or(NEWEST);
    let mut tx = desk.visit.web.database().read().await?;
    let files = store::files_before(&mut tx, &desk.officer.office, before, FILES).await?;
    let page = desk.page_titled(desk.visit.t("protocol.days.title"));
    let full = i64::try_from(files.len()).is_ok_and(|many| many == FILES);
    let head = ["day", "entries", "numbers", "changes", "fingerprint"];
    let table = Table {
        caption: page.t("protocol.days.caption").to_owned(),
        head: head.map(|column| page.t(&format!("protocol.days.{column}")).to_owned()).to_vec(),
        rows: files.iter().map(|file| cells(&page, file, desk.may(Power::RunRegister))).collect(),
    };
    let older = files.last().filter(|_| full);
    let older = older.map(|file| format!("{PLACE}/giornaliero?prima={}.{}", file.day, file.part));
    web::show(&DaysPage { any: !files.is_empty(), table, older, page })
}

/// The place behind which a page begins, as `2026-03-02.1`: day and part.
fn behind(place: &str) -> Option<(Date, i64)> {
    let (day, part) = place.split_once('.')?;
    Some((day.parse().ok()?, part.parse().ok()?))
}

fn cells(page: &Page, file: &DayFile, head: bool) -> Vec<Cell> {
    let day = match file.last_part {
        1 => page.date(&file.day),
        parts => {
            let values = [("day", page.date(&file.day)), ("part", file.part.to_string()), ("parts", parts.to_string())];
            fill(page.t("protocol.days.part"), &values)
        }
    };
    let numbers = file.first.zip(file.last).map(|(first, last)| format!("{first:07}–{last:07}"));
    vec![
        match head {
            true => Cell::link(day, format!("{PLACE}/giornaliero/{}/{}.xml", file.day, file.part)),
            false => Cell::text(day),
        },
        Cell::number(file.entries.to_string()),
        Cell::text(numbers.unwrap_or_default()),
        Cell::number(file.changes.to_string()),
        Cell::text(&file.sha256),
    ]
}

/// `GET …/giornaliero/{day}/{part}.xml`: the file as it was made, for who heads the office, because it names also those
/// whose registrations are confidential. Everybody in it will know, before it is given out.
pub async fn download(desk: Desk, Path((day, part)): Path<(String, String)>) -> Answer {
    desk.demand(Power::RunRegister)?;
    let part = part.strip_suffix(".xml").and_then(|part| part.parse().ok());
    let (day, part) = day.parse::<Date>().ok().zip(part).ok_or(Failure::NotFound)?;
    let mut tx = desk.visit.web.database().read().await?;
    let office = &desk.officer.office;
    let bytes = store::day_bytes(&mut tx, office, day, part).await?.ok_or(Failure::NotFound)?;
    let people = store::people_of_part(&mut tx, office, day, part).await?;
    drop(tx);
    let listing = Listing {
        reader: &desk.reader(),
        kind: "protocol/daily-register",
        purpose: &desk.visit.web.words().in_all("protocol.read.day", &[]),
        subjects: people.iter().map(String::as_str).collect(),
    };
    identity::record_listing(desk.visit.web.database(), desk.visit.now, &listing).await?;
    let name = format!("registro-{}-{day}-{part}.xml", stamp::aoo(&desk.register.catalogue, office));
    Ok(web::download(&name, "application/xml", bytes))
}
