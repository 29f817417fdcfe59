//! Companies that a person represents: what the registry says of them, what was done for them, and choosing one.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use base::rome_date;
use database::Tx;
use jiff::SignedDuration;
use population::{CompanyOffice, Signature};
use registry::{Asked, Obstacle, Representation};
use web::{
    ActingFor, Answer, Failure, Page, Posted,
    components::{Cell, Fact, Table, Tone},
    sessions,
};

use super::{At, note};
use crate::{acting::under_company, deeds::deed_key, store};

/// Where a company's page is, before its fiscal code.
const COMPANIES: &str = "/deleghe/imprese";
/// How far back the page of a company tells what was done and who read.
const TOLD_FOR: SignedDuration = SignedDuration::from_hours(365 * 24);
/// The most deeds shown.
const MOST_DEEDS: i64 = 100;
/// The most readings shown.
const MOST_READINGS: i64 = 100;

/// The companies of a person, on the list of who may act for whom.
pub struct Companies {
    /// Name, what one is there, its page; and the name of the office with which one can act, or why one cannot.
    pub all: Vec<(String, String, String, Result<String, String>)>,
    /// The registry does not answer.
    pub silent: bool,
}

/// All that a person represents today.
pub async fn of(tx: &mut Tx, at: &At) -> database::Result<Companies> {
    let today = rome_date(at.visit.now);
    let asked = registry::representations_of(tx, at.person.fiscal_code.as_str(), today).await?;
    let Asked::Answer(found) = asked else { return Ok(Companies { all: Vec::new(), silent: true }) };
    let page = at.visit.page("mandates.list.title");
    let one = |one: &Representation| {
        let way = refusal(&page, one).map_or_else(|| Ok(one.office.id.clone()), Err);
        (one.company.name.clone(), title(&page, &one.office), place(one), way)
    };
    Ok(Companies { all: found.iter().map(one).collect(), silent: false })
}

fn place(one: &Representation) -> String {
    format!("{COMPANIES}/{}", one.company.fiscal_code)
}

/// What somebody is in a company, and how they sign.
fn title(page: &Page, office: &CompanyOffice) -> String {
    let role = page.t(&format!("mandates.company.role.{}", office.role.key())).to_owned();
    let signature = match office.signature {
        Signature::Disgiunta => "mandates.company.signature.sole",
        Signature::Congiunta => "mandates.company.signature.joint",
    };
    let since = page.t1("mandates.company.since", "day", page.date(&office.from));
    format!("{role}, {}, {since}", page.t(signature))
}

/// Why one cannot act for it here, with what to do.
fn refusal(page: &Page, one: &Representation) -> Option<String> {
    Some(match one.obstacle? {
        Obstacle::Ceased => {
            let day = one.company.ceased_on.map(|day| page.date(&day)).unwrap_or_default();
            page.t1("mandates.company.ceased", "day", day)
        }
        Obstacle::Joint => {
            let names: Vec<&str> = one.with.iter().map(|office| office.holder_name.as_str()).collect();
            page.t1("mandates.company.joint", "names", names.join(", "))
        }
    })
}

/// What the registry knows of a company, to who represents it.
#[derive(Template)]
#[template(path = "pages/company.html")]
struct CompanyPage {
    page: Page,
    /// The name of the office with which one can act, or why one cannot.
    way: Result<String, String>,
    facts: Vec<Fact>,
    representatives: Table,
    done: Table,
    readings: Table,
}

/// Shows a company to who represents it today; to anybody else there is none.
pub async fn show(at: At, Path(code): Path<String>) -> Answer {
    let At { room, person, visit } = &at;
    let mut tx = room.web.database().read().await?;
    let today = rome_date(visit.now);
    let asked = registry::representations_of(&mut tx, person.fiscal_code.as_str(), today).await?;
    let Asked::Answer(found) = asked else { return Err(Failure::CannotTell) };
    let Some(one) = found.into_iter().find(|one| one.company.fiscal_code.as_str() == code) else {
        identity::note_refusal(&room.web, person.fiscal_code.as_str(), &visit.path);
        return Err(Failure::NotFound);
    };
    let company = &one.company.fiscal_code;
    let others = registry::representatives_in(&mut tx, company, today).await?.answer().unwrap_or_default();
    let since = visit.now.saturating_sub(TOLD_FOR).unwrap_or(visit.now);
    let deeds = store::deeds_for(&mut tx, company.as_str(), (since, MOST_DEEDS)).await?;
    let read = identity::readings_of(&mut tx, company.as_str(), MOST_READINGS).await?;
    drop(tx);
    let page = at.page(&one.company.name);
    web::show(&CompanyPage {
        way: refusal(&page, &one).map_or_else(|| Ok(one.office.id.clone()), Err),
        facts: facts(&page, &at, &one),
        representatives: table(
            &page,
            "representatives",
            ["who", "as"],
            others.iter().map(|office| vec![Cell::text(&office.holder_name), Cell::text(title(&page, office))]),
        ),
        done: table(
            &page,
            "done",
            ["when", "what"],
            deeds.iter().map(|deed| {
                let what = page.t1(deed_key(&deed.kind), "name", &deed.actor_name);
                vec![Cell::text(page.moment(&deed.at)), Cell::text(what)]
            }),
        ),
        readings: table(
            &page,
            "readings",
            ["when", "who", "what"],
            read.iter().map(|one| {
                let who = format!("{}, {}", one.reader_name, one.office.get(page.language));
                vec![Cell::text(page.moment(&one.at)), Cell::text(who), Cell::text(one.what.get(page.language))]
            }),
        ),
        page,
    })
}

fn table<const N: usize>(page: &Page, caption: &str, head: [&str; N], rows: impl Iterator<Item = Vec<Cell>>) -> Table {
    Table {
        caption: page.t(&format!("mandates.company.{caption}")).to_owned(),
        head: head.map(|key| page.t(&format!("mandates.company.head.{key}")).to_owned()).to_vec(),
        rows: rows.collect(),
    }
}

/// In the words of the file that declares the registry.
fn facts(page: &Page, at: &At, one: &Representation) -> Vec<Fact> {
    let offer = at.room.catalogue.offer();
    let registries = &offer.registries;
    let label = |key: &str| {
        let datum = registries.datum(&format!("{}.{key}", registry::COMPANY_REGISTRY));
        datum.map_or_else(|| key.to_owned(), |datum| datum.label.get(page.language).to_owned())
    };
    let company = &one.company;
    let fact = |key: &str, value: &str| Fact::new(label(key), value);
    vec![
        fact("codice_fiscale", company.fiscal_code.as_str()),
        fact("partita_iva", company.vat_number.as_str()),
        fact("sede", &company.seat),
        fact("domicilio_digitale", &company.certified_email),
        fact("numero_rea", &company.register_number),
        fact("iscritta_dal", &page.date(&company.since)),
    ]
}

/// From now on this session acts for a company that its person represents alone. No acceptance is needed: the registry knows.
pub async fn choose(at: At, posted: Posted) -> Answer {
    let At { room, person, visit } = &at;
    let mut tx = room.web.database().begin().await?;
    let found = registry::representations_of(&mut tx, person.fiscal_code.as_str(), rome_date(visit.now)).await?;
    let Asked::Answer(found) = found else { return Err(Failure::CannotTell) };
    let Some(one) = found.into_iter().find(|one| one.office.id == posted.text("carica")) else {
        identity::note_refusal(&room.web, person.fiscal_code.as_str(), &visit.path);
        return Err(Failure::NotFound);
    };
    if let Some(obstacle) = one.obstacle {
        tx.commit().await?; // what was read may be of a unit that shares this commit
        let notice = web::SetCookie::warning(
            visit,
            match obstacle {
                Obstacle::Ceased => "mandates.company.not_ceased",
                Obstacle::Joint => "mandates.company.not_joint",
            },
        );
        return Ok((notice, Redirect::to(&place(&one))).into_response());
    }
    let acting = ActingFor {
        under: under_company(&one),
        name: one.company.name.clone(),
        note: note(visit, "representative", "", one.office.until),
        ends_at: one.office.until.and_then(super::end_of),
        ended: false,
    };
    sessions::act_for(&mut tx, visit.citizen()?, Some(&acting)).await?;
    tx.commit().await?;
    Ok(Redirect::to("/pratiche").into_response())
}
