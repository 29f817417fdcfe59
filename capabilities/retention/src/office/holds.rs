use askama::Template;
use axum::extract::Path;
use base::{Date, FiscalCode, Uuid, VatNumber, new_id, rome_date};
use catalogue::Service;
use database::Tx;
use identity::Listing;
use web::{
    Answer, Failure, Page, Posted,
    components::{Cell, Choice, Fact, Fault, Field, Table, day_of},
};

use super::{Desk, PLACE, deeds::number_of};
use crate::{
    hold::{Hold, Kind},
    store,
};

const KIND: &str = "che";
const NUMBER: &str = "numero";
const CODE: &str = "codice";
const SERVICE: &str = "servizio";
const REASON: &str = "motivo";
const UNTIL: &str = "fino";

#[derive(Template)]
#[template(path = "office/holds.html")]
struct HoldsPage {
    page: Page,
    faults: Vec<Fault>,
    table: Table,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "office/hold.html")]
struct HoldPage {
    page: Page,
    faults: Vec<Fault>,
    facts: Vec<Fact>,
    place: String,
    reason: Option<Field>,
}

/// `GET /ufficio/scarto/sospensioni`: what is held, and the form to hold something.
pub async fn show(desk: Desk) -> Answer {
    web::show(&build(&desk, &desk.parked().await?, Vec::new()).await?)
}

async fn build(desk: &Desk, posted: &Posted, faults: Vec<Fault>) -> Result<HoldsPage, Failure> {
    let mut tx = desk.visit.web.database().read().await?;
    let holds = store::holds(&mut tx, &desk.officer.office).await?;
    drop(tx);
    record(desk, &holds).await?;
    let page = desk.page_titled(desk.visit.t("retention.holds.title")).faulty(!faults.is_empty());
    let table = table(desk, &page, &holds);
    Ok(HoldsPage { table, fields: fields(desk, posted, &faults), faults, page })
}

/// Whose code is seen here will know.
async fn record(desk: &Desk, holds: &[Hold]) -> Result<(), Failure> {
    let listing = Listing {
        reader: &desk.reader(),
        kind: "retention/holds",
        purpose: &desk.visit.web.words().in_all("retention.holds.purpose", &[]),
        subjects: holds.iter().filter(|hold| hold.kind == Kind::Person).map(|hold| hold.target.as_str()).collect(),
    };
    Ok(identity::record_listing(desk.visit.web.database(), desk.visit.now, &listing).await?)
}

fn table(desk: &Desk, page: &Page, holds: &[Hold]) -> Table {
    let today = rome_date(desk.visit.now);
    let head = ["what", "reason", "since", "until", "state"];
    let row = |hold: &Hold| {
        vec![
            Cell::link(told(page, hold), place_of(hold.id)),
            Cell::text(&hold.reason),
            Cell::text(page.date(&rome_date(hold.placed_at))),
            Cell::text(hold.until.map(|day| page.date(&day)).unwrap_or_default()),
            Cell::text(page.t(if hold.stands(today) { "retention.holds.stands" } else { "retention.holds.over" })),
        ]
    };
    Table {
        caption: page.t("retention.holds.caption").to_owned(),
        head: head.map(|column| page.t(&format!("retention.holds.{column}")).to_owned()).to_vec(),
        rows: holds.iter().map(row).collect(),
    }
}

fn told(page: &Page, hold: &Hold) -> String {
    format!("{}: {}", page.t(&format!("retention.hold.{}", hold.kind.key())), hold.shown)
}

fn fields(desk: &Desk, posted: &Posted, faults: &[Fault]) -> Vec<Field> {
    let t = |key: &str| desk.visit.t(key).to_owned();
    let chosen = posted.text(KIND);
    let kinds = Kind::ALL.map(|kind| {
        let label = t(&format!("retention.hold.{}", kind.key()));
        Choice::new(kind.key(), label).chosen(chosen == kind.key() || (chosen.is_empty() && kind == Kind::Case))
    });
    let offer = desk.room.catalogue.offer();
    let services = offer.services.values().filter(|service| is_ours(desk, service)).map(|service| {
        Choice::new(&service.slug, service.name.get(desk.visit.language)).chosen(posted.text(SERVICE) == service.slug)
    });
    vec![
        Field::radios(KIND, t("retention.holds.what"), kinds.to_vec()).fault_from(faults),
        desk.line(posted, (NUMBER, "retention.holds.number"), faults)
            .hint(t("retention.holds.number_hint"))
            .asked_when(t("retention.holds.for_case")),
        desk.line(posted, (CODE, "retention.holds.code"), faults).asked_when(t("retention.holds.for_person")),
        Field::select(SERVICE, t("retention.holds.service"), services.collect())
            .fault_from(faults)
            .asked_when(t("retention.holds.for_service")),
        desk.area(posted, (REASON, "retention.holds.reason"), faults).hint(t("retention.holds.reason_hint")),
        Field::date(UNTIL, t("retention.holds.until"), posted.day_parts(UNTIL)).fault_from(faults).optional(),
    ]
}

/// `POST /ufficio/scarto/sospensioni`: holds something. Nothing of it is destroyed from this commit on.
pub async fn place(desk: Desk, posted: Posted) -> Answer {
    let mut faults = Vec::new();
    let reason = desk.need(&posted, REASON, &mut faults);
    let until = until(&desk, &posted, &mut faults);
    let (web, officer) = (&desk.visit.web, &desk.officer);
    let mut tx = web.database().begin().await?;
    let target = target(&mut tx, &desk, &posted, &mut faults).await?;
    if let Some((kind, target, _)) = &target {
        let standing = store::standing(&mut tx, &officer.office, rome_date(desk.visit.now)).await?;
        let own = standing.iter().filter(|hold| hold.office == officer.office && hold.reason == reason);
        if own.filter(|hold| hold.kind == *kind && hold.target == *target).any(|hold| hold.lasts(until)) {
            faults.push(Fault { field: KIND.to_owned(), message: desk.visit.t("retention.holds.already").to_owned() });
        }
    }
    let Some((kind, target, shown)) = target.filter(|_| faults.is_empty()) else {
        drop(tx);
        return web::show_faulty(&build(&desk, &posted, faults).await?);
    };
    let hold = Hold {
        id: new_id(web.clock(), web.chance()),
        office: officer.office.clone(),
        kind,
        target,
        shown,
        reason,
        until,
        placed_at: web.clock().now(),
        placed_by: (officer.id.clone(), officer.name.clone()),
        lifted: None,
    };
    store::place(&mut tx, &hold).await?;
    tx.commit().await?;
    desk.done(&format!("{PLACE}/sospensioni"), "retention.holds.placed")
}

fn until(desk: &Desk, posted: &Posted, faults: &mut Vec<Fault>) -> Option<Date> {
    let parts = posted.day_parts(UNTIL);
    if parts.iter().all(String::is_empty) {
        return None;
    }
    let day = day_of(&parts).filter(|day| rome_date(desk.visit.now) <= *day);
    if day.is_none() {
        let message = desk.visit.t("retention.holds.wrong_until").to_owned();
        faults.push(Fault { field: UNTIL.to_owned(), message });
    }
    day
}

/// What is to be held: its kind, what it is in the tables, how people call it.
async fn target(
    tx: &mut Tx,
    desk: &Desk,
    posted: &Posted,
    faults: &mut Vec<Fault>,
) -> Result<Option<(Kind, String, String)>, Failure> {
    let kind = posted.text(KIND).parse().unwrap_or(Kind::Case);
    let (field, wrong, found) = match kind {
        Kind::Case => (NUMBER, "retention.holds.wrong_number", case(tx, desk, posted.text(NUMBER)).await?),
        Kind::Person => {
            let code = posted.text(CODE).trim().to_uppercase();
            let company = || code.parse::<VatNumber>().ok().map(|code| code.to_string());
            let code = code.parse::<FiscalCode>().ok().map(|code| code.to_string()).or_else(company);
            (CODE, "retention.holds.wrong_code", code.map(|code| (code.clone(), code)))
        }
        Kind::Service => {
            let service = desk.room.catalogue.service(posted.text(SERVICE)).filter(|service| is_ours(desk, service));
            let name = |slug: &str, name: &str| (slug.to_owned(), name.to_owned());
            let found = service.map(|one| name(&one.slug, one.name.get(base::Language::Italian)));
            (SERVICE, "retention.holds.wrong_service", found)
        }
    };
    if found.is_none() {
        faults.push(Fault { field: field.to_owned(), message: desk.visit.t(wrong).to_owned() });
    }
    Ok(found.map(|(target, shown)| (kind, target, shown)))
}

/// Whether the office may have cases of a service: of others it would hold nothing.
fn is_ours(desk: &Desk, service: &Service) -> bool {
    service.offices().any(|office| office == desk.officer.office)
}

async fn case(tx: &mut Tx, desk: &Desk, typed: &str) -> Result<Option<(String, String)>, Failure> {
    let Some(protocol) = number_of(desk, typed) else { return Ok(None) };
    let shown = protocol::shown(&desk.room.catalogue, &protocol);
    Ok(cases::numbered(tx, &protocol, &desk.officer.office).await?.map(|id| (id.to_string(), shown)))
}

/// `GET …/sospensioni/{hold}`: one hold, with the form to lift it.
pub async fn one(desk: Desk, Path(id): Path<String>) -> Answer {
    web::show(&build_one(&desk, &id, &desk.parked().await?, Vec::new()).await?)
}

async fn build_one(desk: &Desk, id: &str, posted: &Posted, faults: Vec<Fault>) -> Result<HoldPage, Failure> {
    let mut tx = desk.visit.web.database().read().await?;
    let hold = find(&mut tx, desk, id).await?;
    drop(tx);
    record(desk, std::slice::from_ref(&hold)).await?;
    let page = desk.page_titled(desk.visit.t("retention.holds.one")).faulty(!faults.is_empty());
    let page = page.crumb(desk.visit.t("retention.holds.title"), format!("{PLACE}/sospensioni"));
    let signed = |name: &str, at| page.t2("retention.list.signed", "name", name, "at", page.moment(at));
    let mut facts = vec![
        Fact::new(page.t("retention.holds.what"), told(&page, &hold)),
        Fact::new(page.t("retention.holds.reason"), &hold.reason),
        Fact::new(page.t("retention.holds.by"), signed(&hold.placed_by.1, &hold.placed_at)),
    ];
    facts.extend(hold.until.map(|day| Fact::new(page.t("retention.holds.until"), page.date(&day))));
    facts.extend(
        hold.lifted.as_ref().map(|(at, name, why)| {
            Fact::new(page.t("retention.holds.lifted_by"), format!("{}: {why}", signed(name, at)))
        }),
    );
    let field = || desk.area(posted, (REASON, "retention.holds.lift_reason"), &faults);
    let reason = hold.lifted.is_none().then(field);
    Ok(HoldPage { place: place_of(hold.id), facts, reason, faults, page })
}

/// `POST …/sospensioni/{hold}`: lifts it, with why.
pub async fn lift(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let mut faults = Vec::new();
    let reason = desk.need(&posted, REASON, &mut faults);
    if !faults.is_empty() {
        return web::show_faulty(&build_one(&desk, &id, &posted, faults).await?);
    }
    let mut tx = desk.visit.web.database().begin().await?;
    let hold = find(&mut tx, &desk, &id).await?;
    let done = store::lift(&mut tx, hold.id, &desk.officer, (&reason, desk.visit.now)).await?;
    tx.commit().await?;
    let place = format!("{PLACE}/sospensioni");
    if done {
        desk.done(&place, "retention.holds.lifted")
    } else {
        desk.not_done(&place, "retention.holds.lifted_before")
    }
}

async fn find(tx: &mut Tx, desk: &Desk, id: &str) -> Result<Hold, Failure> {
    let id: Uuid = id.parse().map_err(|_| Failure::NotFound)?;
    store::find_hold(tx, &desk.officer.office, id).await?.ok_or(Failure::NotFound)
}

fn place_of(id: Uuid) -> String {
    format!("{PLACE}/sospensioni/{id}")
}
