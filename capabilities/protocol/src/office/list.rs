use askama::Template;
use identity::{Listing, Power};
use web::{
    Answer, Failure, Page, Visit,
    components::{Cell, Choice, Fault, Field, Table, Tone, day_of},
};

use super::{Desk, PLACE, place};
use crate::{
    entry::{Direction, Entry},
    protocol::Protocol,
    store::{self, Filter},
};

#[derive(Template)]
#[template(path = "office/list.html")]
struct ListPage {
    page: Page,
    faults: Vec<Fault>,
    fields: Vec<Field>,
    table: Table,
    any: bool,
    older: Option<String>,
    later: bool,
}

/// `GET /ufficio/protocollo`: the register of the officer's office, newest first, once it is written down whose names
/// it shows.
pub async fn show(desk: Desk) -> Answer {
    let visit = &desk.visit;
    let (filter, faults) = filter(&desk);
    let mut tx = visit.web.database().read().await?;
    let (entries, more) = store::list(&mut tx, &filter).await?;
    drop(tx);
    let open = filter.open;
    record(&desk, &entries, open).await?;
    let page = visit.page("protocol.list.title").crumb(visit.t("protocol.list.desk"), "/ufficio/pratiche");
    let shown = ListPage {
        fields: fields(visit, &filter, &faults),
        table: table(&desk, &page, &entries, open),
        any: !entries.is_empty(),
        older: entries.last().filter(|_| more).map(|last| older(visit, &last.protocol)),
        later: filter.before.is_some(),
        page: page.faulty(!faults.is_empty()),
        faults,
    };
    web::show(&shown)
}

/// Whoever is named in the list will know. What is confidential names nobody, except to who heads the office.
async fn record(desk: &Desk, entries: &[Entry], open: bool) -> Result<(), Failure> {
    let people: Vec<_> = entries.iter().filter(|entry| open || !entry.confidential).collect();
    let listing = Listing {
        reader: &desk.reader(),
        kind: "protocol/register",
        purpose: &desk.visit.web.words().in_all("protocol.read.list", &[]),
        subjects: people.iter().filter_map(|entry| entry.correspondent.concerned()).collect(),
    };
    Ok(identity::record_listing(desk.visit.web.database(), desk.visit.now, &listing).await?)
}

fn filter(desk: &Desk) -> (Filter, Vec<Fault>) {
    let visit = &desk.visit;
    let given = |name| visit.query(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty());
    let mut faults = Vec::new();
    let mut wrong = |field: &str, key| faults.push(Fault { field: field.to_owned(), message: visit.t(key).to_owned() });
    let number = given("numero");
    if number.as_ref().is_some_and(|number| number.parse::<i64>().is_err()) {
        wrong("numero", "protocol.list.wrong_number");
    }
    let parts = day_parts(visit);
    let day = Some(&parts).filter(|parts| parts.iter().any(|part| !part.is_empty())).map(day_of);
    if day == Some(None) {
        wrong("giorno", "protocol.list.wrong_day");
    }
    let before = given("prima").and_then(|place| {
        let (year, number) = place.split_once('-')?;
        Some(Protocol { office: String::new(), year: year.parse().ok()?, number: number.parse().ok()? })
    });
    let filter = Filter {
        office: desk.officer.office.clone(),
        direction: given("verso").and_then(|key| key.parse().ok()),
        day: day.flatten(),
        number: number.and_then(|number| number.parse().ok()),
        correspondent: given("chi").unwrap_or_default().chars().take(100).collect(),
        open: desk.may(Power::RunRegister),
        before,
    };
    (filter, faults)
}

fn day_parts(visit: &Visit) -> [String; 3] {
    ["giorno.giorno", "giorno.mese", "giorno.anno"]
        .map(|name| visit.query(name).unwrap_or_default().trim().chars().take(4).collect())
}

fn fields(visit: &Visit, filter: &Filter, faults: &[Fault]) -> Vec<Field> {
    let choice = |direction: Direction| {
        let label = visit.t(super::entry::direction_key(direction));
        Choice::new(direction.key(), label).chosen(filter.direction == Some(direction))
    };
    let any = Choice::new("", visit.t("protocol.list.any")).chosen(filter.direction.is_none());
    let choices = vec![any, choice(Direction::In), choice(Direction::Out)];
    let number = visit.query("numero").unwrap_or_default();
    vec![
        Field::text("chi", visit.t("protocol.list.correspondent")).value(&filter.correspondent).optional(),
        Field::number("numero", visit.t("protocol.list.number"))
            .value(number)
            .hint(visit.t("protocol.list.number_hint"))
            .optional()
            .fault_from(faults),
        Field::select("verso", visit.t("protocol.list.direction"), choices).optional(),
        Field::date("giorno", visit.t("protocol.list.day"), day_parts(visit)).optional().fault_from(faults),
    ]
}

fn table(desk: &Desk, page: &Page, entries: &[Entry], open: bool) -> Table {
    let head = ["number", "at", "direction", "correspondent", "subject", "state"];
    Table {
        caption: page.t("protocol.list.caption").to_owned(),
        head: head.map(|column| page.t(&format!("protocol.list.{column}")).to_owned()).to_vec(),
        rows: entries.iter().map(|entry| cells(desk, page, entry, open)).collect(),
    }
}

fn cells(desk: &Desk, page: &Page, entry: &Entry, open: bool) -> Vec<Cell> {
    let hidden = entry.confidential && !open;
    let told = |text: &str| if hidden { page.t("protocol.list.confidential").to_owned() } else { text.to_owned() };
    let state = match entry.annulled_at {
        Some(_) => Cell::badge(Tone::Danger, page.t("protocol.list.annulled")),
        None => Cell::text(page.t("protocol.list.valid")),
    };
    vec![
        Cell::link(desk.shown(&entry.protocol), place(&entry.protocol)),
        Cell::text(page.moment(&entry.registered_at)),
        Cell::text(page.t(super::entry::direction_key(entry.direction))),
        Cell::text(told(&entry.correspondent.name)),
        Cell::italian(told(&entry.subject)),
        state,
    ]
}

fn older(visit: &Visit, last: &Protocol) -> String {
    let keep = ["chi", "numero", "verso", "giorno.giorno", "giorno.mese", "giorno.anno"];
    let kept = keep.iter().filter_map(|name| Some((*name, visit.query(name)?)));
    let before = ("prima", format!("{}-{}", last.year, last.number));
    let pairs: Vec<_> = kept.chain([before]).collect();
    format!("{PLACE}?{}", web::query(&pairs))
}
