//! A mass decision: how far it is, what it gives to whom and why not to others, some cases to look at, and what can be done.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::IntoResponse,
};
use base::{Cents, Language, Timestamp};
use catalogue::{LawTeller, Service};
use rules::{Facts, Unit};
use rust_decimal::Decimal;
use web::{
    Answer, Failure, Page, Posted,
    components::{Cell, Choice, Fact, Fault, Field, Table, Tone},
    words::fill,
};

use super::{
    Desk, PLACE,
    confirm::{COUNT, MOTIVATION, VERIFIED, grantable},
    find, href,
    list::rows,
};
use crate::{
    explain::paid,
    mass::{Ending, Phase},
    room::Cases,
    store::{self, Group, ItemRow, ItemState, MassDecision, Point},
    view::BY_ITSELF,
    wanted::facts,
};

/// After how many seconds the page comes again, for who wants that.
const PAUSE: HeaderValue = HeaderValue::from_static("10");

#[derive(Template)]
#[template(path = "office/mass/page.html")]
struct MassPage {
    page: Page,
    faults: Vec<Fault>,
    href: String,
    state: (Tone, String),
    lead: String,
    wanted: Vec<Fact>,
    groups: Table,
    sample: Option<Table>,
    points: Option<Table>,
    /// What is asked for the confirmation; empty where there is nothing to confirm.
    fields: Vec<Field>,
    undo: String,
    /// What the button does that ends it, where it is not over.
    stop: Option<&'static str>,
    /// Whether it goes on while one looks.
    moves: bool,
    by_itself: bool,
}

/// Shows it; whose names the sample shows is written down first.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let visit = &desk.visit;
    let mass = find(&mut desk.cases.web.database().read().await?, &desk, &id).await?;
    let parked = web::parked::find_here(visit).await?;
    let page = build(&desk, &mass, &Posted::from(parked.unwrap_or_default()), Vec::new()).await?;
    let again = (page.moves && page.by_itself).then_some([(header::REFRESH, PAUSE)]);
    Ok((again, web::show(&page)?).into_response())
}

/// The page again, with what was typed and what is wrong in it.
pub async fn faulty(desk: &Desk, mass: &MassDecision, posted: &Posted, faults: Vec<Fault>) -> Answer {
    web::show_faulty(&build(desk, mass, posted, faults).await?)
}

async fn build(desk: &Desk, mass: &MassDecision, posted: &Posted, faults: Vec<Fault>) -> Result<MassPage, Failure> {
    let Desk { cases, visit, .. } = desk;
    let phase = mass.phase(visit.now);
    let proposed = phase == Phase::Proposed;
    let mut tx = cases.web.database().read().await?;
    let groups = store::groups(&mut tx, mass.id).await?;
    let points = store::points(&mut tx, mass.id).await?;
    let sample = if proposed { store::sample(&mut tx, mass.id).await? } else { Vec::new() };
    drop(tx);
    let shown: Vec<_> = sample.iter().map(|row| &row.case).collect();
    desk.record_names(("cases/mass", "cases.read.mass"), &shown).await?;
    let page = desk.page_titled(name(desk, mass)).crumb(visit.t("cases.office.mass.title"), PLACE);
    let service = cases.catalogue.service(&mass.service);
    let can_confirm = proposed && grantable(&groups) > 0;
    Ok(MassPage {
        href: href(mass.id),
        state: (tone(phase), page.t(&format!("cases.office.mass.phase.{}", phase.key())).to_owned()),
        lead: lead(&page, (mass, phase), &groups, service.as_ref()),
        wanted: told(&page, cases, mass),
        groups: table(&page, mass, &groups, service.as_ref()),
        sample: (!sample.is_empty()).then(|| sampled(&page, cases, &sample)),
        points: (!points.is_empty()).then(|| uncertain(&page, service.as_ref(), &points)),
        fields: if can_confirm { fields(&page, posted, &points, &faults) } else { Vec::new() },
        undo: undo(&page, service.as_ref()),
        stop: stop(phase),
        moves: matches!(phase, Phase::Listing | Phase::UnderWay),
        by_itself: visit.query(BY_ITSELF).is_some(),
        page: page.faulty(!faults.is_empty()),
        faults,
    })
}

/// `Assegno unico e universale: decisione collettiva`.
fn name(desk: &Desk, mass: &MassDecision) -> String {
    let service = desk.cases.catalogue.service_name(&mass.service, &mass.service);
    desk.visit.t1("cases.office.mass.of", "service", service.get(desk.visit.language))
}

const fn tone(phase: Phase) -> Tone {
    match phase {
        Phase::Listing | Phase::UnderWay => Tone::Info,
        Phase::Proposed | Phase::Pending(_) => Tone::Warning,
        Phase::Over(Ending::Done) => Tone::Success,
        Phase::Over(_) => Tone::Neutral,
    }
}

const fn stop(phase: Phase) -> Option<&'static str> {
    match phase {
        Phase::Listing | Phase::Proposed => Some("cases.office.mass.stop.drop"),
        Phase::Pending(_) => Some("cases.office.mass.stop.cancel"),
        Phase::UnderWay => Some("cases.office.mass.stop.stop"),
        Phase::Over(_) => None,
    }
}

fn lead(
    page: &Page,
    (mass, phase): (&MassDecision, Phase),
    groups: &[Group],
    service: Option<&Arc<Service>>,
) -> String {
    let waiting = groups.iter().find(|group| group.state == ItemState::Grantable);
    let (cases, cents) = waiting.map_or((0, None), |group| (group.cases, Some(group.cents)));
    let from = if let Phase::Pending(from) = phase { page.moment(&from) } else { String::new() };
    let values = [
        ("listed", mass.listed.to_string()),
        ("cases", cases.to_string()),
        ("amount", cents.and_then(|cents| amount(page, service, cents)).unwrap_or_else(|| "–".to_owned())),
        ("when", from),
        ("granted", mass.granted.to_string()),
        ("left", mass.left_out.to_string()),
        ("name", mass.officer_name.clone()),
    ];
    fill(page.t(&format!("cases.office.mass.lead.{}", phase.key())), &values)
}

/// What was chosen, by whom, and what came of it so far.
fn told(page: &Page, cases: &Cases, mass: &MassDecision) -> Vec<Fact> {
    let t = |key: &str| page.t(&format!("cases.office.mass.{key}")).to_owned();
    let mut told = facts(page, (cases, &mass.head()), &mass.filter(cases));
    let by = |at: &Timestamp| format!("{}, {}", page.moment(at), mass.officer_name);
    // Who confirms may be somebody else than who began.
    let begun = if mass.confirmed_at.is_none() { by(&mass.began_at) } else { page.moment(&mass.began_at) };
    told.push(Fact::new(t("begun"), begun));
    if let Some(at) = mass.confirmed_at {
        told.push(Fact::new(t("confirmed"), by(&at)));
        told.push(Fact::new(t("motivation"), &mass.motivation));
    }
    if let Some(at) = mass.ended_at {
        told.push(Fact::new(t("ended"), page.moment(&at)));
    }
    told
}

/// What can be said of how many cases, each with its list.
fn table(page: &Page, mass: &MassDecision, groups: &[Group], service: Option<&Arc<Service>>) -> Table {
    let row = |group: &Group| {
        let query = web::query(&[("esito", group.state.key()), ("motivo", group.reason.as_str())]);
        vec![
            Cell::link(said(page, group.state, &group.reason), format!("{}/pratiche?{query}", href(mass.id))),
            Cell::number(group.cases.to_string()),
            Cell::number(amount(page, service, group.cents).unwrap_or_default()),
        ]
    };
    Table {
        caption: page.t("cases.office.mass.groups_caption").to_owned(),
        head: ["outcome", "cases", "amount"].map(|key| page.t(&format!("cases.office.mass.{key}")).to_owned()).to_vec(),
        rows: groups.iter().map(row).collect(),
    }
}

/// What is said of a case: `Non con le altre: secondo il calcolo il diritto non risulta`.
pub fn said(page: &Page, state: ItemState, reason: &str) -> String {
    let state = page.t(&format!("cases.office.mass.item.{}", state.key())).to_owned();
    if reason.is_empty() { state } else { format!("{state}: {}", page.t(reason)) }
}

fn sampled(page: &Page, cases: &Cases, sample: &[ItemRow]) -> Table {
    rows(page, cases, page.t("cases.office.mass.sample_caption"), sample)
}

/// An amount in the unit of the service; `None` for nothing.
pub fn amount(page: &Page, service: Option<&Arc<Service>>, cents: Cents) -> Option<String> {
    let unit = service.and_then(|service| service.pays()).unwrap_or(Unit::Euro);
    let service = service.filter(|_| cents.0 != 0)?;
    Some(paid(page, service, (Decimal::new(cents.0, 2), unit)))
}

/// The points of the law that whoever confirms has checked, as the jurist wrote them: in Italian, and by the names that
/// people read.
fn uncertain(page: &Page, service: Option<&Arc<Service>>, points: &[Point]) -> Table {
    let facts = Facts::default();
    let in_language = |language| service.map(|service| LawTeller { words: &service.law, facts: &facts, language });
    let (jurist, reader) = (in_language(Language::Italian), in_language(page.language));
    let row = |Point { point, cases }: &Point| {
        let label = jurist.as_ref().map_or_else(|| point.label.clone(), |law| law.text(&point.label).text);
        let paragraph = reader.as_ref().map_or_else(|| point.paragraph.clone(), |law| law.reference(&point.paragraph));
        vec![Cell::italian(format!("{label}: {}", point.text)), Cell::text(paragraph), Cell::number(cases.to_string())]
    };
    Table {
        caption: page.t("cases.office.mass.points_caption").to_owned(),
        head: ["point", "law", "cases"].map(|key| page.t(&format!("cases.office.mass.{key}")).to_owned()).to_vec(),
        rows: points.iter().map(row).collect(),
    }
}

fn fields(page: &Page, posted: &Posted, points: &[Point], faults: &[Fault]) -> Vec<Field> {
    let t = |key: &str| page.t(&format!("cases.office.mass.{key}")).to_owned();
    let verified = Choice::new("si", t("verified")).chosen(!posted.text(VERIFIED).is_empty());
    let verified = Field::checks(VERIFIED, t("points"), vec![verified]).fault_from(faults);
    let motivation = Field::area(MOTIVATION, t("motivation")).hint(t("motivation_hint")).value(posted.text(MOTIVATION));
    let count = Field::number(COUNT, t("count")).hint(t("count_hint")).width(10).value(posted.text(COUNT));
    let mut fields = vec![motivation.fault_from(faults), count.fault_from(faults)];
    fields.extend((!points.is_empty()).then_some(verified));
    fields
}

fn undo(page: &Page, service: Option<&Arc<Service>>) -> String {
    service.map_or_else(String::new, |service| page.tn("cases.office.mass.undo", service.process.undo_minutes))
}
