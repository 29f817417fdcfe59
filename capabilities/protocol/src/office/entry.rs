use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use database::Tx;
use identity::Power;
use web::{
    Answer, Failure, Page, Posted, SetCookie,
    components::{Cell, Choice, Fact, Fault, Field, Table, TimelineItem},
    words::fill,
};

use super::{Desk, place};
use crate::{
    change::{Change, Changed, Officer},
    entry::{Direction, Document, Entry, Means},
    segnatura, stamp, store,
};

const CLASSIFICATION: &str = "classificazione";
const ASSIGNMENT: &str = "assegnazione";
/// What the page showed of both: only what differs from it was chosen.
const SHOWN_CLASSIFICATION: &str = "era_classificazione";
const SHOWN_ASSIGNMENT: &str = "era_assegnazione";

#[derive(Template)]
#[template(path = "office/entry.html")]
struct EntryPage {
    page: Page,
    faults: Vec<Fault>,
    place: String,
    stamp: String,
    annulled: Option<String>,
    facts: Vec<Fact>,
    documents: Table,
    history: Vec<TimelineItem>,
    /// The case, where it is this office's; where it is another's, that.
    case: Option<Case>,
    fields: Vec<Field>,
    shown: [(&'static str, String); 2],
    may_annul: bool,
}

/// A case of which something was registered.
enum Case {
    /// Its page.
    Here(String),
    /// It was passed on.
    Elsewhere,
}

/// `GET /ufficio/protocollo/{year}/{number}`: a registration with everything, and its history.
pub async fn show(desk: Desk, Path(at): Path<(String, String)>) -> Answer {
    web::show(&build(&desk, &at, Vec::new()).await?)
}

/// `POST`: changes classification and assignment, the only data that may be changed; who and when is kept. What was left
/// as the page showed it stays as it is now, also where a colleague changed it meanwhile.
pub async fn change(desk: Desk, Path(at): Path<(String, String)>, posted: Posted) -> Answer {
    let (code, office) = (posted.text(CLASSIFICATION), posted.text(ASSIGNMENT));
    let catalogue = &desk.register.catalogue;
    let own = catalogue.office(&desk.officer.office);
    let mut faults = Vec::new();
    let mut wrong = |field: &str| {
        let message = desk.visit.t("protocol.entry.wrong_choice").to_owned();
        faults.push(Fault { field: field.to_owned(), message });
    };
    if !code.is_empty() && own.as_ref().is_none_or(|own| own.title(code).is_none()) {
        wrong(CLASSIFICATION);
    }
    if office != posted.text(SHOWN_ASSIGNMENT) && catalogue.office(office).is_none() {
        wrong(ASSIGNMENT);
    }
    if !faults.is_empty() {
        return web::show_faulty(&build(&desk, &at, faults).await?);
    }
    let (by, now) = (Officer::from(&desk.officer), desk.visit.web.clock().now());
    let mut tx = desk.visit.web.database().begin().await?;
    let entry = desk.find(&mut tx, &at).await?;
    if code != posted.text(SHOWN_CLASSIFICATION) {
        store::change(&mut tx, &entry, &Changed::Classification(code.to_owned()), &by, now).await?;
        if let Some(title) = own.as_ref().and_then(|own| own.title(code)).filter(|_| code != entry.classification) {
            if entry.confidential && !title.confidential {
                desk.demand(Power::RunRegister)?; // lists would name everybody it is about
            }
            store::conceal(&mut tx, &entry.protocol, title.confidential).await?;
        }
    }
    if office != posted.text(SHOWN_ASSIGNMENT) {
        store::change(&mut tx, &entry, &Changed::Assignment(office.to_owned()), &by, now).await?;
    }
    tx.commit().await?;
    let notice = SetCookie::notice(&desk.visit, "protocol.entry.saved");
    Ok((notice, Redirect::to(&place(&entry.protocol))).into_response())
}

/// `GET …/segnatura.xml`: the segnatura, sealed now.
pub async fn download(desk: Desk, Path(at): Path<(String, String)>) -> Answer {
    let mut tx = desk.visit.web.database().begin().await?;
    let entry = desk.read(&mut tx, &at, "protocol.read.segnatura").await?;
    tx.commit().await?;
    let office = desk.register.catalogue.office(&entry.protocol.office).ok_or(Failure::NotFound)?;
    let (seal, now) = (desk.register.seal.clone(), desk.visit.now);
    let name = format!("segnatura-{}-{}.xml", office.aoo, base::ProtocolNumber::from(&entry.protocol).in_file_name());
    let signed = tokio::task::spawn_blocking(move || segnatura::segnatura(&entry, &office, &seal, now)).await;
    let signed = signed.map_err(Failure::internal)?.map_err(Failure::internal)?;
    Ok(web::download(&name, "application/xml", signed.into_bytes()))
}

async fn build(desk: &Desk, at: &(String, String), faults: Vec<Fault>) -> Result<EntryPage, Failure> {
    let mut tx = desk.visit.web.database().begin().await?;
    let entry = desk.read(&mut tx, at, "protocol.read.entry").await?;
    let changes = store::changes(&mut tx, &entry.protocol).await?;
    let case = case(desk, &mut tx, &entry).await?;
    tx.commit().await?;
    let title = desk.visit.t1("protocol.entry.title", "protocol", desk.shown(&entry.protocol));
    let page = desk.page_titled(title).faulty(!faults.is_empty());
    let catalogue = &desk.register.catalogue;
    Ok(EntryPage {
        place: place(&entry.protocol),
        stamp: stamp::stamp(catalogue, &entry.protocol, entry.registered_at, page.language),
        annulled: changes.iter().find_map(|change| annulled(&page, change)),
        facts: facts(desk, &page, &entry),
        documents: documents(&page, &entry),
        history: changes.iter().map(|change| told(desk, &page, change)).collect(),
        case,
        fields: fields(desk, &entry, &faults),
        shown: [(SHOWN_CLASSIFICATION, entry.classification.clone()), (SHOWN_ASSIGNMENT, entry.assigned_to.clone())],
        may_annul: desk.may(Power::RunRegister) && entry.annulled_at.is_none(),
        faults,
        page,
    })
}

async fn case(desk: &Desk, tx: &mut Tx, entry: &Entry) -> Result<Option<Case>, Failure> {
    let Some((case, _)) = entry.act else { return Ok(None) };
    let here = |office: String| {
        if office == desk.officer.office { Case::Here(format!("/ufficio/pratiche/{case}")) } else { Case::Elsewhere }
    };
    Ok(desk.register.cases.office_of(tx, case).await?.map(here))
}

/// The key of the words for in and out.
pub const fn direction_key(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "protocol.direction.in",
        Direction::Out => "protocol.direction.out",
    }
}

/// The key of the words for a way.
pub const fn means_key(means: Means) -> &'static str {
    match means {
        Means::Portal => "protocol.means.portal",
        Means::Pec => "protocol.means.pec",
        Means::Counter => "protocol.means.counter",
    }
}

fn facts(desk: &Desk, page: &Page, entry: &Entry) -> Vec<Fact> {
    let fact = |key: &str, value: String| Fact::new(page.t(&format!("protocol.entry.{key}")), value);
    let who = if entry.direction == Direction::In { "sender" } else { "recipient" };
    let flag = if entry.confidential { "protocol.entry.yes" } else { "protocol.entry.no" };
    let mut facts = vec![
        fact("registered_at", page.moment(&entry.registered_at)),
        fact("direction", page.t(direction_key(entry.direction)).to_owned()),
        fact("means", page.t(means_key(entry.means)).to_owned()),
        fact(who, entry.correspondent.name.clone()),
        fact("subject", entry.subject.clone()),
        fact("classification", title(desk, page, &entry.classification)),
        fact("assigned_to", office(desk, page, &entry.assigned_to)),
        fact("confidential", page.t(flag).to_owned()),
    ];
    if !entry.correspondent.code.is_empty() {
        facts.insert(4, fact("code", entry.correspondent.code.clone()));
    }
    if let Some(received) = &entry.received {
        let (number, day) = (&received.protocol, page.date(&received.on));
        facts.push(fact("received", page.t2("protocol.entry.received_of", "protocol", number, "day", day)));
    }
    if let Some(emergency) = &entry.emergency {
        let (number, at) = (emergency.number, page.moment(&emergency.at));
        facts.push(fact("emergency", page.t2("protocol.entry.emergency_of", "number", number, "at", at)));
    }
    facts
}

/// A title with its code, as `1.1 Assegni`.
fn title(desk: &Desk, page: &Page, code: &str) -> String {
    let office = desk.register.catalogue.office(&desk.officer.office);
    match office.as_ref().and_then(|office| office.title(code)) {
        Some(title) => format!("{code} {}", title.name.get(page.language)),
        None if code.is_empty() => page.t("protocol.entry.nothing").to_owned(),
        None => code.to_owned(),
    }
}

fn office(desk: &Desk, page: &Page, id: &str) -> String {
    match id {
        "" => page.t("protocol.entry.nothing").to_owned(),
        id => desk.register.catalogue.office_name(id, id).get(page.language).to_owned(),
    }
}

fn documents(page: &Page, entry: &Entry) -> Table {
    let row = |(place, document): (usize, &Document)| {
        let role = if place == 0 { "protocol.entry.primary" } else { "protocol.entry.attachment" };
        vec![
            Cell::text(format!("{} ({})", document.name, page.t(role))),
            Cell::text(&document.media_type),
            Cell::text(&document.sha256),
        ]
    };
    Table {
        caption: page.t("protocol.entry.documents").to_owned(),
        head: ["document", "type", "fingerprint"]
            .map(|one| page.t(&format!("protocol.entry.{one}")).to_owned())
            .to_vec(),
        rows: entry.documents().enumerate().map(row).collect(),
    }
}

fn annulled(page: &Page, change: &Change) -> Option<String> {
    let Changed::Annulled { reason, authorised_by } = &change.changed else { return None };
    let values = [
        ("at", page.moment(&change.at)),
        ("name", change.by.name.clone()),
        ("reason", reason.clone()),
        ("act", authorised_by.clone()),
    ];
    Some(fill(page.t("protocol.entry.annulled_text"), &values))
}

fn told(desk: &Desk, page: &Page, change: &Change) -> TimelineItem {
    let changed = |what: &str, before: String, after: String| {
        let values = [("what", page.t(what).to_owned()), ("before", before), ("after", after)];
        fill(page.t("protocol.entry.changed"), &values)
    };
    let text = match &change.changed {
        Changed::Classification(code) => {
            changed("protocol.entry.classification", title(desk, page, &change.before), title(desk, page, code))
        }
        Changed::Assignment(to) => {
            changed("protocol.entry.assigned_to", office(desk, page, &change.before), office(desk, page, to))
        }
        Changed::Annulled { .. } => page.t("protocol.entry.annulled").to_owned(),
    };
    TimelineItem::done(text, page.moment(&change.at)).text(&change.by.name)
}

fn fields(desk: &Desk, entry: &Entry, faults: &[Fault]) -> Vec<Field> {
    let (visit, offer) = (&desk.visit, desk.register.catalogue.offer());
    let own = offer.offices.get(&entry.protocol.office);
    let mut titles: Vec<_> = own
        .iter()
        .flat_map(|office| &office.titles)
        .map(|title| {
            let label = format!("{} {}", title.code, title.name.get(visit.language));
            Choice::new(&title.code, label).chosen(title.code == entry.classification)
        })
        .collect();
    if entry.classification.is_empty() {
        titles.insert(0, Choice::new("", visit.t("protocol.entry.nothing")).chosen(true));
    }
    let offices = offer
        .offices
        .values()
        .map(|office| Choice::new(&office.id, office.name.get(visit.language)).chosen(office.id == entry.assigned_to));
    vec![
        Field::select(CLASSIFICATION, visit.t("protocol.entry.classification"), titles).fault_from(faults),
        Field::select(ASSIGNMENT, visit.t("protocol.entry.assigned_to"), offices.collect()).fault_from(faults),
    ]
}
