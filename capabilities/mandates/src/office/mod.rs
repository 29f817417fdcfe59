//! Filing for somebody who stands at the counter.

use askama::Template;
use axum::{
    Router,
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Redirect},
    routing::get,
};
use base::FiscalCode;
use identity::{Officer, Power};
use web::{
    ActingFor, Answer, Failure, Page, Posted, Visit,
    components::{Choice, Fault, Field, Tone},
    sessions,
};

use crate::{
    Mandates,
    acting::{under_counter, visit_named},
    counter::{self, CounterVisit, DOCUMENTS, LASTS, Opened},
    pages::note,
    payload::Giver,
    store,
};

/// Where these pages are.
pub const PLACE: &str = "/ufficio/sportello";
/// Longest text of a field, in characters.
const LONGEST: usize = 500;

/// The officers' pages.
pub fn router() -> Router<Mandates> {
    Router::new().route("/ufficio/sportello", get(show).post(begin))
}

/// An officer at the counter: an extractor.
struct Counter {
    room: Mandates,
    officer: Officer,
    visit: Visit,
}

impl FromRequestParts<Mandates> for Counter {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, room: &Mandates) -> Result<Self, Failure> {
        let (officer, visit) = room.catalogue.at_work(parts, Power::ServeAtCounter).await?;
        Ok(Self { room: room.clone(), officer, visit })
    }
}

/// Who stands there.
#[derive(Template)]
#[template(path = "office/counter.html")]
struct CounterPage {
    page: Page,
    faults: Vec<Fault>,
    fields: Vec<Field>,
    /// For whom the officer acts already.
    busy: Option<String>,
}

async fn show(counter: Counter) -> Answer {
    let parked = web::parked::find_here(&counter.visit).await?.unwrap_or_default();
    web::show(&build(&counter.visit, &Posted::from(parked), Vec::new()))
}

/// Writes down who stands there and by which document the officer knows it; from then on the session files for them.
async fn begin(counter: Counter, posted: Posted) -> Answer {
    let Counter { room, officer, visit } = &counter;
    let opened = match read(visit, officer, &posted) {
        Ok(opened) => opened,
        Err(faults) => return web::show_faulty(&build(visit, &posted, faults)),
    };
    let id = base::new_id(room.web.clock(), room.web.chance());
    let now = room.web.clock().now();
    let begun = CounterVisit {
        id,
        operator: officer.id.clone(),
        office: officer.office.clone(),
        person: opened.person.clone(),
        until: now.saturating_add(LASTS).unwrap_or(now),
        ended_at: None,
    };
    let mut tx = room.web.database().begin().await?;
    end_present(&mut tx, visit).await?;
    store::open_visit(&mut tx, room.web.chance(), &begun, (now, counter::open(id, &officer.actor(), &opened))).await?;
    let acting = ActingFor {
        under: under_counter(id),
        name: opened.person.name.clone(),
        note: note(visit, "counter", "", None),
        ends_at: Some(begun.until),
        ended: false,
    };
    sessions::act_for(&mut tx, identity::Officer::session(visit).ok_or(Failure::Unauthenticated)?, Some(&acting))
        .await?;
    tx.commit().await?;
    Ok(Redirect::to("/servizi").into_response())
}

/// The person leaves: the visit ends in the same transaction in which the session forgets them.
pub async fn end_present(tx: &mut database::Tx, visit: &Visit) -> Result<(), Failure> {
    let Some(id) = visit.acting().and_then(|acting| visit_named(&acting.under)) else { return Ok(()) };
    let Some(officer) =
        identity::officer(tx, &identity::Officer::session(visit).ok_or(Failure::Unauthenticated)?.subject).await?
    else {
        return Ok(());
    };
    let now = visit.web.clock().now();
    store::close_visit(tx, visit.web.chance(), id, (now, counter::close(id, &officer.actor()))).await?;
    Ok(sessions::end_acting(tx, &under_counter(id)).await?)
}

fn read(visit: &Visit, officer: &Officer, posted: &Posted) -> Result<Opened, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut fault =
        |field: &str, key: &str| faults.push(Fault { field: field.to_owned(), message: visit.t(key).to_owned() });
    let code = posted.text("codice_fiscale").parse::<FiscalCode>().ok();
    let surname = posted.text("cognome");
    match &code {
        None => fault("codice_fiscale", "mandates.form.code_wrong"),
        // Nobody serves themselves at the counter: at home they come in as anybody else.
        Some(code) if officer.fiscal_code.as_ref() == Some(code) => fault("codice_fiscale", "mandates.counter.own"),
        Some(code) if !surname.is_empty() && !code.is_of_surname(surname) => {
            fault("cognome", "mandates.not_now.surname")
        }
        Some(_) => {}
    }
    for field in ["nome", "cognome", "numero", "motivo"] {
        let text = posted.text(field);
        if text.is_empty() || LONGEST < text.chars().count() {
            fault(field, "mandates.counter.missing");
        }
    }
    let document = DOCUMENTS.iter().find(|kind| **kind == posted.text("documento"));
    if document.is_none() {
        fault("documento", "mandates.counter.missing");
    }
    match (code, document) {
        (Some(code), Some(document)) if faults.is_empty() => Ok(Opened {
            person: Giver { fiscal_code: code.to_string(), name: format!("{} {surname}", posted.text("nome")) },
            document: (*document).to_owned(),
            document_number: posted.text("numero").to_owned(),
            reason: posted.text("motivo").to_owned(),
            office: officer.office.clone(),
        }),
        _ => Err(faults),
    }
}

fn build(visit: &Visit, posted: &Posted, faults: Vec<Fault>) -> CounterPage {
    let page = visit.page("mandates.counter.title").faulty(!faults.is_empty());
    let text = |name: &str, key: &str| Field::text(name, page.t(key)).value(posted.text(name));
    let documents = DOCUMENTS.map(|kind| {
        let label = page.t(&format!("mandates.counter.document.{kind}")).to_owned();
        Choice::new(kind, label).chosen(posted.text("documento") == kind)
    });
    let fields = vec![
        text("codice_fiscale", "mandates.form.code").width(16),
        text("nome", "mandates.counter.given"),
        text("cognome", "mandates.form.surname"),
        Field::radios("documento", page.t("mandates.counter.document.label"), documents.to_vec()),
        text("numero", "mandates.counter.document.number").width(20),
        Field::area("motivo", page.t("mandates.counter.reason")).value(posted.text("motivo")),
    ];
    CounterPage {
        fields: fields.into_iter().map(|field| field.fault_from(&faults)).collect(),
        busy: visit.acting().map(|acting| page.t1("mandates.counter.busy", "name", &acting.name)),
        page,
        faults,
    }
}
