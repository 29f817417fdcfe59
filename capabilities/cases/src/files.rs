//! Attached files: typed by their first bytes, bounded, kept for their owner until the application is sent.

use std::collections::BTreeMap;

use base::{Translated, Uuid};
use database::Tx;
use forms::{FieldError, Files, Kind, Path};
use rules::{Facts, Value};
use sha2::{Digest, Sha256};
use web::{Failure, FileKind, Posted, Upload, Visit};

use crate::{payload::Attachment, room::Cases, store, store::StoredUpload};

/// What came of the files of a page.
#[derive(Default)]
pub struct Kept {
    /// New answers of attachment questions.
    pub facts: Facts,
    /// Files that were not taken, and why.
    pub errors: Vec<FieldError>,
}

/// Takes in the files of a posted page and drops those that the person unticked.
///
/// # Errors
/// What the database refuses.
pub async fn keep(
    cases: &Cases,
    visit: &Visit,
    page: Option<&forms::Page>,
    (owner, answers): (&str, &Facts),
    posted: &Posted,
) -> Result<Kept, Failure> {
    let mut kept = Kept::default();
    for (_, question) in page.into_iter().flat_map(forms::Page::questions).filter(|(group, _)| group.is_none()) {
        if let Kind::Attachment(files) = &question.kind {
            let path = Path::of(&question.id);
            let mut ids = remaining(answers, &path, posted);
            for upload in posted.files.iter().filter(|upload| upload.field == question.id) {
                match refusal(files, upload, ids.len()) {
                    Some(text) => kept.errors.push(FieldError { path: path.clone(), code: "file".into(), text }),
                    None => ids.push(save(cases, visit, owner, upload).await?),
                }
            }
            path.set(&mut kept.facts, joined(&ids));
        }
    }
    Ok(kept)
}

/// The files as an act states them: name and digest, so that the log covers their content.
///
/// # Errors
/// What the database refuses.
pub async fn attachments(tx: &mut Tx, ids: &[Uuid], owner: &str) -> Result<Vec<Attachment>, Failure> {
    let files = store::uploads_named(tx, ids, owner).await?.into_iter();
    let stated =
        files.map(|file| Attachment { upload: file.id.to_string(), file_name: file.file_name, sha256: file.sha256 });
    Ok(stated.collect())
}

/// Identifier and name of the files that an answer holds.
#[must_use]
pub fn named(answers: &Facts, path: &Path, files: &BTreeMap<Uuid, StoredUpload>) -> Vec<(Uuid, String)> {
    let name = |id: Uuid| files.get(&id).map(|upload| (id, upload.file_name.clone()));
    ids(answers, path).into_iter().filter_map(name).collect()
}

fn ids(answers: &Facts, path: &Path) -> Vec<Uuid> {
    match path.get(answers) {
        Some(Value::Text(text)) => text.split(',').filter_map(|id| id.parse().ok()).collect(),
        _ => Vec::new(),
    }
}

fn remaining(answers: &Facts, path: &Path, posted: &Posted) -> Vec<Uuid> {
    let removed: Vec<_> = posted.all("togli").collect();
    ids(answers, path).into_iter().filter(|id| !removed.contains(&format!("{path}:{id}").as_str())).collect()
}

fn joined(ids: &[Uuid]) -> Value {
    if ids.is_empty() {
        return Value::Null;
    }
    Value::Text(ids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(","))
}

fn refusal(files: &Files, upload: &Upload, already: usize) -> Option<Translated> {
    let accepted = files.types.iter().any(|kind| fits(kind, upload.kind));
    let size = u64::try_from(upload.bytes.len()).unwrap_or(u64::MAX);
    let megabytes = files.max_bytes / 1_048_576;
    let name = &upload.file_name;
    let words = if !accepted {
        let types = files.types.join(", ");
        [
            format!("«{name}» non è un file {types}: salvalo in uno di questi formati e allegalo di nuovo"),
            format!("“{name}” is not a {types} file: save it in one of these formats and attach it again"),
            format!("„{name}“ ist keine Datei vom Typ {types}: in einem dieser Formate speichern und erneut anhängen"),
        ]
    } else if files.max_bytes < size {
        [
            format!("«{name}» supera {megabytes} MB: riducilo e allegalo di nuovo"),
            format!("“{name}” is larger than {megabytes} MB: make it smaller and attach it again"),
            format!("„{name}“ ist größer als {megabytes} MB: bitte verkleinern und erneut anhängen"),
        ]
    } else if files.max_count <= already {
        let most = files.max_count;
        [
            format!("Puoi allegare al massimo {most} file: togline uno prima di aggiungere «{name}»"),
            format!("You can attach at most {most} files: remove one before adding “{name}”"),
            format!("Es können höchstens {most} Dateien angehängt werden: vor „{name}“ eine entfernen"),
        ]
    } else {
        return None;
    };
    Some(Translated::Many(base::Language::ALL.into_iter().zip(words).collect()))
}

fn fits(extension: &str, kind: FileKind) -> bool {
    match extension {
        "pdf" => kind == FileKind::Pdf,
        "jpg" | "jpeg" => kind == FileKind::Jpeg,
        "png" => kind == FileKind::Png,
        "tif" | "tiff" => kind == FileKind::Tiff,
        _ => false,
    }
}

async fn save(cases: &Cases, visit: &Visit, owner: &str, upload: &Upload) -> Result<Uuid, Failure> {
    let id = base::new_id(cases.web.clock(), cases.web.chance());
    let stored = StoredUpload {
        id,
        owner: owner.to_owned(),
        case: None,
        field: upload.field.clone(),
        file_name: upload.file_name.clone(),
        media_type: upload.kind.media_type().to_owned(),
        sha256: hex::encode(Sha256::digest(&upload.bytes)),
        bytes: upload.bytes.to_vec(),
        uploaded_at: visit.now,
    };
    let mut tx = cases.web.database().begin().await?;
    store::save_upload(&mut tx, &stored).await?;
    tx.commit().await?;
    Ok(id)
}
