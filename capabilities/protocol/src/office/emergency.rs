//! One emergency: what was registered meanwhile on another register is entered here, and gets its ordinary number.

use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use base::FiscalCode;
use database::Error;
use identity::Power;
use web::{
    Answer, Failure, Page, Posted, SetCookie, Visit,
    components::{Cell, Choice, Fact, Fault, Field, Table},
};

use super::{
    Desk, PLACE,
    emergencies::find,
    entry::{direction_key, means_key},
    place,
    typed::{Typed, day_field, line},
};
use crate::{
    emergency::Emergency,
    entry::{Correspondent, Direction, Document, EmergencyNumber, Entry, Means, Received},
    store,
};

#[derive(Template)]
#[template(path = "office/emergency.html")]
struct EmergencyPage {
    page: Page,
    faults: Vec<Fault>,
    place: String,
    facts: Vec<Fact>,
    running: bool,
    head: bool,
    authorised: bool,
    end: Vec<Field>,
    act: Field,
    fields: Vec<Field>,
    table: Table,
    total: String,
}

/// `GET /ufficio/protocollo/emergenza/{id}`.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    web::show(&build(&desk, &id, &desk.parked().await?, Vec::new()).await?)
}

/// The page again with what was typed and what is wrong with it.
pub async fn faulty(desk: &Desk, id: &str, posted: &Posted, faults: Vec<Fault>) -> Answer {
    web::show_faulty(&build(desk, id, posted, faults).await?)
}

/// `POST`: enters a registration (art. 63 c. 5 D.P.R. 445/2000): it gets its ordinary number now, and keeps the one of
/// the emergency beside it.
pub async fn register(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let mut tx = desk.visit.web.database().begin().await?;
    let emergency = find(&mut tx, &desk, &id).await?;
    let mut typed = Typed::new(&desk.visit, &posted);
    let read = Paper::read(&mut typed, &posted, &emergency);
    let mut faults = typed.faults;
    let Some(paper) = read.filter(|_| faults.is_empty()) else {
        drop(tx);
        return faulty(&desk, &id, &posted, faults).await;
    };
    let numbers = store::next_number(&mut tx, &emergency.office, desk.visit.web.clock().now()).await?;
    let mut entry = Entry::new(&numbers, paper.direction, paper.correspondent, paper.subject, paper.document);
    (entry.means, entry.received, entry.emergency) = (paper.means, paper.received, Some(paper.number));
    match store::register(&mut tx, &entry).await {
        Ok(()) => tx.commit().await?,
        Err(Error::Conflict(_)) => {
            drop(tx); // the number goes back, too
            let message = desk.visit.t("protocol.emergency.taken").to_owned();
            faults.push(Fault { field: "numero".to_owned(), message });
            return faulty(&desk, &id, &posted, faults).await;
        }
        Err(error) => return Err(error.into()),
    }
    let notice = SetCookie::notice(&desk.visit, "protocol.emergency.saved");
    Ok((notice, Redirect::to(&place(&entry.protocol))).into_response())
}

/// What stands in the emergency register under a number.
struct Paper {
    number: EmergencyNumber,
    direction: Direction,
    means: Means,
    correspondent: Correspondent,
    subject: String,
    document: Document,
    received: Option<Received>,
}

impl Paper {
    /// `None`, or with faults, where something is missing.
    fn read(typed: &mut Typed<'_>, posted: &Posted, emergency: &Emergency) -> Option<Self> {
        const MISSING: &str = "protocol.emergency.missing";
        let number = posted.text("numero").trim().parse().ok().filter(|number| 0 < *number);
        if number.is_none() {
            typed.wrong("numero", "protocol.emergency.wrong_number");
        }
        let at = typed.instant("giorno", "ora");
        if at.is_some_and(|at| !emergency.covers(at)) {
            typed.wrong("giorno", "protocol.emergency.outside");
        }
        let correspondent = Correspondent { name: typed.need("nome", MISSING), code: code(typed, posted) };
        let subject = typed.need("oggetto", MISSING);
        let document = document(typed);
        let received = received(typed);
        let (direction, means) = (typed.choice("verso"), typed.choice("mezzo"));
        Some(Self {
            number: EmergencyNumber { emergency: emergency.id, number: number?, at: at? },
            direction: direction?,
            means: means?,
            correspondent,
            subject,
            document,
            received,
        })
    }
}

fn code(typed: &mut Typed<'_>, posted: &Posted) -> String {
    let code = posted.text("codice").trim();
    match code.parse::<FiscalCode>() {
        _ if code.is_empty() => String::new(),
        Ok(code) => code.as_str().to_owned(),
        Err(_) => {
            typed.wrong("codice", "protocol.emergency.wrong_code");
            String::new()
        }
    }
}

fn document(typed: &mut Typed<'_>) -> Document {
    let name = typed.need("documento", "protocol.emergency.missing");
    let sha256 = typed.text("impronta").to_lowercase();
    if sha256.len() != 64 || !sha256.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        typed.wrong("impronta", "protocol.emergency.wrong_fingerprint");
    }
    let kind = name.rsplit_once('.').and_then(|(_, ending)| base::FileKind::of_extension(ending));
    let media_type = kind.map_or("application/octet-stream", base::FileKind::media_type).to_owned();
    Document { name, media_type, sha256 }
}

fn received(typed: &mut Typed<'_>) -> Option<Received> {
    let protocol = typed.text("mittente");
    if protocol.is_empty() && typed.no_day("mittente_data") {
        return None;
    }
    if protocol.is_empty() {
        typed.wrong("mittente", "protocol.emergency.missing");
    }
    typed.past_day("mittente_data").map(|on| Received { protocol, on })
}

async fn build(desk: &Desk, id: &str, posted: &Posted, faults: Vec<Fault>) -> Result<EmergencyPage, Failure> {
    let mut tx = desk.visit.web.database().read().await?;
    let emergency = find(&mut tx, desk, id).await?;
    let entries = store::of_emergency(&mut tx, &emergency.office, emergency.id).await?;
    let visit = &desk.visit;
    let title = visit.t1("protocol.emergency.one", "at", base::long_timestamp(emergency.started_at, visit.language));
    let page = desk.page_titled(title).crumb(visit.t("protocol.emergency.title"), format!("{PLACE}/emergenza"));
    let time = |name| {
        let time = line(visit, posted, (name, "protocol.emergency.time"), &faults);
        time.hint(visit.t("protocol.emergency.time_hint")).width(5)
    };
    let head = ["number", "ordinary", "direction", "day"];
    Ok(EmergencyPage {
        place: format!("{PLACE}/emergenza/{}", emergency.id),
        facts: facts(&page, &emergency),
        running: emergency.ended_at.is_none(),
        head: desk.may(Power::RunRegister),
        authorised: emergency.authorised_by.is_some(),
        end: vec![day_field(visit, posted, ("fine", "protocol.emergency.end"), &faults), time("fine_ora")],
        act: line(visit, posted, ("provvedimento", "protocol.emergency.act"), &faults)
            .hint(visit.t("protocol.annul.act_hint")),
        fields: fields(visit, posted, &faults, time("ora")),
        table: Table {
            caption: page.t("protocol.emergency.list").to_owned(),
            head: head.map(|column| page.t(&format!("protocol.emergency.{column}")).to_owned()).to_vec(),
            rows: entries.iter().map(|entry| cells(desk, &page, entry)).collect(),
        },
        total: page.tn("protocol.emergency.total", entries.len()),
        page: page.faulty(!faults.is_empty()),
        faults,
    })
}

fn facts(page: &Page, emergency: &Emergency) -> Vec<Fact> {
    let fact = |key: &str, value: String| Fact::new(page.t(&format!("protocol.emergency.{key}")), value);
    let ended = emergency.ended_at.map(|at| page.moment(&at));
    let mut facts = vec![
        fact("cause", emergency.cause.clone()),
        fact("start", page.moment(&emergency.started_at)),
        fact("end", ended.unwrap_or_else(|| page.t("protocol.emergency.running").to_owned())),
        fact("until", page.moment(&emergency.allowed_until())),
        fact("by", emergency.opened_by.clone()),
    ];
    facts.extend(emergency.authorised_by.iter().map(|act| fact("act", act.clone())));
    facts
}

fn fields(visit: &Visit, posted: &Posted, faults: &[Fault], time: Field) -> Vec<Field> {
    let line = |name, label| line(visit, posted, (name, label), faults);
    let direction =
        |one: Direction| Choice::new(one.key(), visit.t(direction_key(one))).chosen(posted.text("verso") == one.key());
    let means = |one: Means| Choice::new(one.key(), visit.t(means_key(one))).chosen(posted.text("mezzo") == one.key());
    let directions = vec![direction(Direction::In), direction(Direction::Out)];
    let ways = [Means::Counter, Means::Pec].map(means).to_vec();
    vec![
        line("numero", "protocol.emergency.number").width(8),
        day_field(visit, posted, ("giorno", "protocol.emergency.day"), faults),
        time,
        Field::select("verso", visit.t("protocol.emergency.direction"), directions).fault_from(faults),
        Field::select("mezzo", visit.t("protocol.emergency.means"), ways).fault_from(faults),
        line("nome", "protocol.emergency.name"),
        line("codice", "protocol.emergency.code").width(20).optional(),
        line("oggetto", "protocol.emergency.subject"),
        line("documento", "protocol.emergency.document"),
        line("impronta", "protocol.emergency.fingerprint").hint(visit.t("protocol.emergency.fingerprint_hint")),
        line("mittente", "protocol.emergency.received").optional(),
        day_field(visit, posted, ("mittente_data", "protocol.emergency.received_day"), faults).optional(),
    ]
}

/// Who and what stands on the registration's own page, whose reading is written down.
fn cells(desk: &Desk, page: &Page, entry: &Entry) -> Vec<Cell> {
    let number = entry.emergency.as_ref().map(|one| (one.number.to_string(), page.moment(&one.at)));
    let (number, at) = number.unwrap_or_default();
    vec![
        Cell::text(number),
        Cell::link(desk.shown(&entry.protocol), place(&entry.protocol)),
        Cell::text(page.t(direction_key(entry.direction))),
        Cell::text(at),
    ]
}
