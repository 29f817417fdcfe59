//! What of a case is written into the protocol register: everything that the applicant files, every letter, and what one
//! office passes on to another.

use acts::{Act, NewAct};
use base::{FileKind, Language, rome_date};
use catalogue::{Catalogue, Title};
use protocol::{Correspondent, Direction, Document, Entry, Numbers, Received};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::{
    case::Case,
    payload::{Applicant, Attachment, Submitted, kind},
};

/// Whether an act is something that the applicant filed after the application.
#[must_use]
pub fn is_filed_later(kind: &str) -> bool {
    kind != kind::SUBMITTED && told(kind).is_some()
}

/// The registration of what the applicant filed, the application or something later, under its number: to be written in
/// the transaction that writes the act.
///
/// # Panics
/// On an act that no applicant files.
#[must_use]
pub fn of_filed(catalogue: &Catalogue, numbers: &Numbers, (act, seq): (&NewAct, i64), submitted: &Submitted) -> Entry {
    let mut entry = incoming(numbers, (act, seq), submitted);
    classify(&mut entry, catalogue, &submitted.service);
    let files = act.payload.get("attachments").cloned().unwrap_or_default();
    let files: Vec<Attachment> = serde_json::from_value(files).unwrap_or_default();
    entry.attachments = files.iter().map(document).collect();
    entry
}

/// The registration of a letter that goes out: its PDF, by the act that issues it.
#[must_use]
pub fn of_letter(catalogue: &Catalogue, numbers: &Numbers, issued: &Act, submitted: &Submitted) -> Entry {
    let document = Document {
        name: issued.text("file_name").to_owned(),
        media_type: "application/pdf".to_owned(),
        sha256: issued.text("sha256").to_owned(),
    };
    let subject = format!("{}: {}", issued.text("title"), submitted.service_name);
    let mut entry = Entry::new(numbers, Direction::Out, correspondent(&submitted.applicant), subject, document);
    entry.act = Some((issued.case, issued.seq));
    classify(&mut entry, catalogue, &submitted.service);
    entry
}

/// The office that an act passes its case on to.
#[must_use]
pub fn receiving_office(act: &NewAct) -> Option<&str> {
    act.payload.get("to").and_then(Value::as_str).filter(|_| act.kind == kind::PASSED_ON)
}

/// The registrations of what is passed on: outgoing where it was, incoming where it is from now on, with the number that it
/// left under. What passes is the application with all that belongs to it.
#[must_use]
pub fn of_passage(
    catalogue: &Catalogue,
    (sent, received): (&Numbers, &Numbers),
    act: &NewAct,
    case: &Case,
) -> [Entry; 2] {
    let at_office = |id: &str| Correspondent {
        name: catalogue.office_name(id, id).get(Language::Italian).to_owned(),
        code: String::new(),
    };
    let entry = |numbers: &Numbers, direction, other: &str| {
        let subject = format!("Trasmissione per competenza: {}", case.submitted.service_name);
        let document = payload_document("trasmissione", &act.payload.to_string());
        let mut entry = Entry::new(numbers, direction, at_office(other), subject, document);
        entry.act = Some((case.id, case.last_seq() + 1));
        entry.attachments = passed_documents(case);
        classify(&mut entry, catalogue, &case.submitted.service);
        entry
    };
    let out = entry(sent, Direction::Out, &received.first.office);
    let mut taken_in = entry(received, Direction::In, &sent.first.office);
    taken_in.received = Some(Received { protocol: protocol::shown(catalogue, &sent.first), on: rome_date(sent.at) });
    [out, taken_in]
}

/// The application as it was registered, and the files of the case.
fn passed_documents(case: &Case) -> Vec<Document> {
    let application = case.acts.first().and_then(|act| act.body.as_ref());
    let application = application.map(|body| payload_document("domanda", body.payload.text()));
    application.into_iter().chain(case.attachments.iter().map(document)).collect()
}

/// Puts a number into the payload of an act, where [`crate::payload::protocol_of`] finds it.
pub fn number(payload: &mut Value, numbers: &Numbers) {
    set(payload, "protocol", numbers);
}

/// Puts the numbers of both registers into the payload of an act that passes its case on.
pub fn number_passage(payload: &mut Value, (sent, received): (&Numbers, &Numbers)) {
    set(payload, "sent", sent);
    set(payload, "received", received);
}

fn set(payload: &mut Value, field: &str, numbers: &Numbers) {
    if let Some(fields) = payload.as_object_mut() {
        let number = serde_json::to_value(&numbers.first).expect("a protocol number is a text and two numbers");
        fields.insert(field.to_owned(), number);
    }
}

/// The document of what comes in over the portal is the act's payload itself.
fn incoming(numbers: &Numbers, (act, seq): (&NewAct, i64), submitted: &Submitted) -> Entry {
    let (what, name) = told(act.kind).expect("only what an applicant files comes in over the portal");
    let document = payload_document(name, &act.payload.to_string());
    let subject = match what {
        "" => submitted.service_name.clone(),
        what => format!("{what}: {}", submitted.service_name),
    };
    let mut entry = Entry::new(numbers, Direction::In, correspondent(&submitted.applicant), subject, document);
    entry.act = Some((act.case, seq));
    entry
}

/// The document that is what an act says.
fn payload_document(name: &str, payload: &str) -> Document {
    Document {
        name: format!("{name}.json"),
        media_type: "application/json".to_owned(),
        sha256: hex::encode(Sha256::digest(payload)),
    }
}

/// How the register, which is Italian, calls what an applicant files, where its name is not the service's; and its
/// document. `None` for acts that no applicant files.
fn told(kind: &str) -> Option<(&'static str, &'static str)> {
    match kind {
        kind::SUBMITTED => Some(("", "domanda")),
        kind::INTEGRATION_SUPPLIED => Some(("Integrazione", "integrazione")),
        kind::OBSERVATIONS_FILED => Some(("Osservazioni", "osservazioni")),
        kind::FILING_CONTESTED => Some(("Contestazione della presentazione", "contestazione")),
        kind::SUBSTITUTE_CALLED => Some(("Richiesta di intervento sostitutivo", "potere-sostitutivo")),
        kind::WITHDRAWN => Some(("Ritiro", "ritiro")),
        _ => None,
    }
}

fn correspondent(applicant: &Applicant) -> Correspondent {
    Correspondent { name: applicant.name.clone(), code: applicant.fiscal_code.clone() }
}

/// By the plan of the office whose register it is.
fn classify(entry: &mut Entry, catalogue: &Catalogue, service: &str) {
    let offer = catalogue.offer();
    let office = offer.offices.get(&entry.protocol.office);
    if let Some(Title { code, confidential, .. }) = office.and_then(|office| office.title_for(service)) {
        (entry.classification, entry.confidential) = (code.clone(), *confidential);
    }
}

fn document(file: &Attachment) -> Document {
    // Acts of earlier versions do not say what a file is; its name was checked against its content when it came in.
    let by_name = || file.file_name.rsplit_once('.').and_then(|(_, ending)| FileKind::of_extension(ending));
    let media_type = match file.media_type.as_str() {
        "" => by_name().map_or("application/octet-stream", FileKind::media_type),
        known => known,
    };
    Document { name: file.file_name.clone(), media_type: media_type.to_owned(), sha256: file.sha256.clone() }
}
