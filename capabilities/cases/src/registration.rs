//! What of a case is written into the protocol register: everything that the applicant files, and every letter.

use acts::{Act, NewAct};
use base::FileKind;
use catalogue::{Catalogue, Title};
use protocol::{Correspondent, Direction, Document, Entry, Numbers};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::payload::{Applicant, Attachment, Submitted, kind};

/// What an applicant files after the application.
pub const FILED: [&str; 4] =
    [kind::INTEGRATION_SUPPLIED, kind::OBSERVATIONS_FILED, kind::SUBSTITUTE_CALLED, kind::WITHDRAWN];

/// The registration of an application, under its number: to be written in the transaction that writes its first act.
#[must_use]
pub fn of_application(catalogue: &Catalogue, numbers: &Numbers, act: &NewAct, submitted: &Submitted) -> Entry {
    let mut entry = incoming(numbers, act, submitted, 1);
    classify(&mut entry, catalogue, submitted);
    entry.attachments = submitted.attachments.iter().map(document).collect();
    entry
}

/// The registration of what the applicant filed later, an act of [`FILED`] with its number in the payload.
#[must_use]
pub fn of_later(catalogue: &Catalogue, numbers: &Numbers, (act, seq): (&NewAct, i64), submitted: &Submitted) -> Entry {
    let mut entry = incoming(numbers, act, submitted, seq);
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
fn incoming(numbers: &Numbers, act: &NewAct, submitted: &Submitted, seq: i64) -> Entry {
    let document = Document {
        name: format!("{}.json", told(act.kind).1),
        media_type: "application/json".to_owned(),
        sha256: hex::encode(Sha256::digest(act.payload.to_string())),
    };
    let subject = match told(act.kind).0 {
        "" => submitted.service_name.clone(),
        what => format!("{what}: {}", submitted.service_name),
    };
    let mut entry = Entry::new(numbers, Direction::In, correspondent(&submitted.applicant), subject, document);
    entry.act = Some((act.case, seq));
    entry
}

/// How the register, which is Italian, calls what comes in; and its document.
fn told(kind: &str) -> (&'static str, &'static str) {
    match kind {
        kind::INTEGRATION_SUPPLIED => ("Integrazione", "integrazione"),
        kind::OBSERVATIONS_FILED => ("Osservazioni", "osservazioni"),
        kind::SUBSTITUTE_CALLED => ("Richiesta di intervento sostitutivo", "potere-sostitutivo"),
        kind::WITHDRAWN => ("Ritiro", "ritiro"),
        _ => ("", "domanda"),
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
