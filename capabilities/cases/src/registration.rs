//! What of a case is written into the protocol register: everything that the applicant files, and every letter.

use acts::{Act, NewAct};
use base::FileKind;
use catalogue::{Catalogue, Title};
use protocol::{Correspondent, Direction, Document, Entry, Numbers};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::payload::{Applicant, Attachment, Submitted, kind};

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
    classify(&mut entry, catalogue, submitted);
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
    classify(&mut entry, catalogue, submitted);
    entry
}

/// Puts a number into the payload of an act, where [`crate::payload::protocol_of`] finds it.
pub fn number(payload: &mut Value, numbers: &Numbers) {
    if let Some(fields) = payload.as_object_mut() {
        let number = serde_json::to_value(&numbers.first).expect("a protocol number is a text and two numbers");
        fields.insert("protocol".to_owned(), number);
    }
}

/// The document of what comes in over the portal is the act's payload itself.
fn incoming(numbers: &Numbers, (act, seq): (&NewAct, i64), submitted: &Submitted) -> Entry {
    let (what, name) = told(act.kind).expect("only what an applicant files comes in over the portal");
    let document = Document {
        name: format!("{name}.json"),
        media_type: "application/json".to_owned(),
        sha256: hex::encode(Sha256::digest(act.payload.to_string())),
    };
    let subject = match what {
        "" => submitted.service_name.clone(),
        what => format!("{what}: {}", submitted.service_name),
    };
    let mut entry = Entry::new(numbers, Direction::In, correspondent(&submitted.applicant), subject, document);
    entry.act = Some((act.case, seq));
    entry
}

/// How the register, which is Italian, calls what an applicant files, where its name is not the service's; and its
/// document. `None` for acts that no applicant files.
fn told(kind: &str) -> Option<(&'static str, &'static str)> {
    match kind {
        kind::SUBMITTED => Some(("", "domanda")),
        kind::INTEGRATION_SUPPLIED => Some(("Integrazione", "integrazione")),
        kind::OBSERVATIONS_FILED => Some(("Osservazioni", "osservazioni")),
        kind::SUBSTITUTE_CALLED => Some(("Richiesta di intervento sostitutivo", "potere-sostitutivo")),
        kind::WITHDRAWN => Some(("Ritiro", "ritiro")),
        _ => None,
    }
}

fn correspondent(applicant: &Applicant) -> Correspondent {
    Correspondent { name: applicant.name.clone(), code: applicant.fiscal_code.clone() }
}

fn classify(entry: &mut Entry, catalogue: &Catalogue, submitted: &Submitted) {
    let offer = catalogue.offer();
    let office = offer.offices.get(&submitted.office);
    if let Some(Title { code, confidential, .. }) = office.and_then(|office| office.title_for(&submitted.service)) {
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
