//! Attached files: typed by their first bytes, bounded, kept for their owner until the application is sent.

use std::collections::BTreeMap;

use base::{Translated, Uuid};
use database::Tx;
use forms::{FieldError, Files, Kind, Path};
use rules::{Facts, Value};
use sha2::{Digest, Sha256};
use web::{Failure, Posted, Upload, Visit};

use crate::{payload::Attachment, room::Cases, store, store::StoredUpload};

/// Files that one person may keep without sending them: two full applications and some room.
const MOST_UNSENT: i64 = 20;
/// Bytes of all of them.
const MOST_UNSENT_BYTES: i64 = 60 << 20;

/// What came of the files of a page.
#[derive(Default)]
pub struct Kept {
    /// For each attachment question: what was added, and what was unticked.
    changes: Vec<(Path, Vec<Uuid>, Vec<Uuid>)>,
    /// Files that were not taken, and why.
    pub errors: Vec<FieldError>,
}

impl Kept {
    /// The files that were added, with their question.
    pub fn added(&self) -> impl Iterator<Item = (&Path, Uuid)> {
        self.changes.iter().flat_map(|(path, added, _)| added.iter().map(move |id| (path, *id)))
    }

    /// The answers of the attachment questions, on top of what `answers` hold now: another device may have attached
    /// something meanwhile.
    #[must_use]
    pub fn facts(&self, answers: &Facts) -> Facts {
        let mut facts = Facts::default();
        for (path, added, removed) in &self.changes {
            let left = ids(answers, path).into_iter().filter(|id| !removed.contains(id) && !added.contains(id));
            path.set(&mut facts, joined(&left.chain(added.iter().copied()).collect::<Vec<_>>()));
        }
        facts
    }
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
            let removed = unticked(&path, posted);
            let mut added = earlier(cases, owner, &path, posted).await?;
            let already = ids(answers, &path).iter().filter(|id| !removed.contains(id)).count();
            for upload in posted.files.iter().filter(|upload| upload.field == question.id) {
                let taken = match refusal(files, upload, already + added.len()) {
                    Some(text) => Err(text),
                    None => save(cases, visit, owner, upload).await?,
                };
                match taken {
                    Ok(id) => added.push(id),
                    Err(text) => kept.errors.push(FieldError { path: path.clone(), code: "file".into(), text }),
                }
            }
            kept.changes.push((path, added, removed));
        }
    }
    Ok(kept)
}

/// Files that an earlier try of the same page had already taken in, of a page that no draft remembers.
async fn earlier(cases: &Cases, owner: &str, path: &Path, posted: &Posted) -> Result<Vec<Uuid>, Failure> {
    let prefix = format!("{path}:");
    let named: Vec<Uuid> = posted.all(KEPT).filter_map(|text| text.strip_prefix(&prefix)?.parse().ok()).collect();
    let removed = unticked(path, posted);
    let mut tx = cases.web.database().read().await?;
    let found = store::uploads_named(&mut tx, &named, owner).await?;
    Ok(found
        .into_iter()
        .filter(|file| file.case.is_none() && !removed.contains(&file.id))
        .map(|file| file.id)
        .collect())
}

/// The field in which a page carries along files that are kept and that no draft remembers: `question:identifier`.
pub const KEPT: &str = "sp.file";

fn unticked(path: &Path, posted: &Posted) -> Vec<Uuid> {
    let prefix = format!("{path}:");
    posted.all("togli").filter_map(|text| text.strip_prefix(&prefix)?.parse().ok()).collect()
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

/// The identifiers of files that an answer holds.
pub fn ids(answers: &Facts, path: &Path) -> Vec<Uuid> {
    match path.get(answers) {
        Some(Value::Text(text)) => text.split(',').filter_map(|id| id.parse().ok()).collect(),
        _ => Vec::new(),
    }
}

fn joined(ids: &[Uuid]) -> Value {
    if ids.is_empty() {
        return Value::Null;
    }
    Value::Text(ids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(","))
}

fn refusal(files: &Files, upload: &Upload, already: usize) -> Option<Translated> {
    let accepted = files.types.contains(&upload.kind);
    let size = u64::try_from(upload.bytes.len()).unwrap_or(u64::MAX);
    let megabytes = files.max_bytes / 1_048_576;
    let name = &upload.file_name;
    let words = if !accepted {
        let types = files.extensions().collect::<Vec<_>>().join(", ");
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

/// Stores a file, unless the person already keeps more than enough of them.
async fn save(cases: &Cases, visit: &Visit, owner: &str, upload: &Upload) -> Result<Result<Uuid, Translated>, Failure> {
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
    let (count, bytes) = store::unsent(&mut tx, owner).await?;
    let size = i64::try_from(upload.bytes.len()).unwrap_or(i64::MAX);
    if MOST_UNSENT <= count || MOST_UNSENT_BYTES < bytes.saturating_add(size) {
        return Ok(Err(too_many(&upload.file_name)));
    }
    store::save_upload(&mut tx, &stored).await?;
    tx.commit().await?;
    Ok(Ok(id))
}

fn too_many(name: &str) -> Translated {
    let megabytes = MOST_UNSENT_BYTES >> 20;
    let words = [
        format!(
            "«{name}» non è stato allegato: nelle tue bozze ci sono già troppi file (al massimo {MOST_UNSENT} file e \
             {megabytes} MB in tutto). Invia o elimina un’altra bozza, oppure togli un file, e allegalo di nuovo"
        ),
        format!(
            "“{name}” was not attached: your drafts already hold too many files (at most {MOST_UNSENT} files and \
             {megabytes} MB in all). Send or delete another draft, or remove a file, and attach it again"
        ),
        format!(
            "„{name}“ wurde nicht angehängt: Ihre Entwürfe enthalten schon zu viele Dateien (höchstens {MOST_UNSENT} \
             Dateien und {megabytes} MB insgesamt). Senden oder löschen Sie einen anderen Entwurf oder entfernen Sie \
             eine Datei und hängen Sie sie erneut an"
        ),
    ];
    Translated::Many(base::Language::ALL.into_iter().zip(words).collect())
}
