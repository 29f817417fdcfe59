//! Attached files: typed by their first bytes, bounded, kept for their owner until the application is sent.

use std::collections::BTreeMap;

use axum::response::Response;
use base::{FileKind, Translated, Uuid};
use catalogue::Service;
use database::Tx;
use forms::{FieldError, Files, Form, Kind, Path, Question};
use mandates::{Claim, Verb};
use rules::{Facts, Value};
use sha2::{Digest, Sha256};
use web::{Failure, Posted, Upload, Visit, words::fill};

use crate::{payload::Attachment, room::Cases, store, store::StoredUpload};

/// Files that one person may keep without sending them: two full applications and some room.
const MOST_UNSENT: i64 = 20;
/// Bytes of all of them.
const MOST_UNSENT_BYTES: i64 = 60 << 20;

/// Who attaches files, and whose they are.
pub struct Keeper<'a> {
    /// Who attaches.
    pub claim: &'a Claim,
    /// Fiscal code of whose they are.
    pub owner: &'a str,
    /// Service and verb for which leave is needed.
    pub leave: (&'a str, Verb),
}

/// What came of the files of a page.
#[derive(Default)]
pub struct KeptFiles {
    /// For each attachment question: what was added, and what was unticked.
    changes: Vec<(Path, Vec<Uuid>, Vec<Uuid>)>,
    /// Files that were not taken, and why.
    pub errors: Vec<FieldError>,
}

impl KeptFiles {
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
    page: &forms::Page,
    (keeper, answers): (&Keeper<'_>, &Facts),
    posted: &Posted,
) -> Result<KeptFiles, Failure> {
    let mut kept = KeptFiles::default();
    for (_, question) in page.questions().filter(|(group, _)| group.is_none()) {
        if let Kind::Attachment(files) = &question.kind {
            let path = Path::of(&question.id);
            let removed = unticked(&path, posted);
            let mut added = earlier(cases, keeper.owner, &path, posted).await?;
            let already = ids(answers, &path).iter().filter(|id| !removed.contains(id)).count();
            for upload in posted.files.iter().filter(|upload| upload.field == question.id) {
                let taken = match refusal(visit, files, upload, already + added.len()) {
                    Some(text) => Err(text),
                    None => save(cases, visit, keeper, upload).await?,
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
    let named: Vec<Uuid> = posted.all(CARRIED).filter_map(|text| text.strip_prefix(&prefix)?.parse().ok()).collect();
    let removed = unticked(path, posted);
    if named.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = cases.web.database().read().await?;
    let found = store::uploads_named(&mut tx, &named, owner).await?;
    Ok(found
        .into_iter()
        .filter(|file| file.case.is_none() && !removed.contains(&file.id))
        .map(|file| file.id)
        .collect())
}

/// The field in which a page carries along files that are kept and that no draft remembers: `question:identifier`.
const CARRIED: &str = "sp.file";

fn unticked(path: &Path, posted: &Posted) -> Vec<Uuid> {
    let prefix = format!("{path}:");
    posted.all("togli").filter_map(|text| text.strip_prefix(&prefix)?.parse().ok()).collect()
}

/// The files as an act states them: name and digest, so that the log covers their content.
///
/// # Errors
/// What the database refuses.
pub async fn attachments(tx: &mut Tx, ids: &[Uuid], owner: &str) -> Result<Vec<Attachment>, Failure> {
    Ok(store::uploads_named(tx, ids, owner).await?.iter().map(Attachment::from).collect())
}

impl From<&StoredUpload> for Attachment {
    fn from(file: &StoredUpload) -> Self {
        Self {
            upload: file.id.to_string(),
            file_name: file.file_name.clone(),
            sha256: file.sha256.clone(),
            media_type: file.media_type.clone(),
        }
    }
}

/// A file to be saved, under a name whose ending says what it is.
pub fn download(file: StoredUpload) -> Response {
    let kind = FileKind::of_media_type(&file.media_type);
    web::download(&kind.named(&file.file_name), kind.media_type(), file.bytes)
}

/// Identifier and name of the files that an answer holds.
#[must_use]
pub fn named(answers: &Facts, path: &Path, files: &BTreeMap<Uuid, StoredUpload>) -> Vec<(Uuid, String)> {
    let name = |id: Uuid| files.get(&id).map(|upload| (id, upload.file_name.clone()));
    ids(answers, path).into_iter().filter_map(name).collect()
}

/// The identifiers of all files that the answers of a form hold.
pub fn upload_ids(form: &Form, answers: &Facts) -> Vec<Uuid> {
    asked_for(form).flat_map(|question| ids(answers, &Path::of(&question.id))).collect()
}

/// Whether a form asks for files.
pub fn may_be_attached(form: &Form) -> bool {
    asked_for(form).next().is_some()
}

fn asked_for(form: &Form) -> impl Iterator<Item = &Question> {
    let asked = form.questions().filter(|(group, _)| group.is_none()).map(|(_, question)| question);
    asked.filter(|question| matches!(question.kind, Kind::Attachment(_)))
}

/// Forgets a draft, the files that only it names, and what waits to be typed into it. At the counter the draft is of the
/// visit (`owner`), the files are the applicant's everywhere.
pub async fn forget_draft(tx: &mut Tx, service: &Service, (owner, applicant): (&str, &str)) -> Result<(), Failure> {
    let Some(draft) = store::find_draft(tx, owner, &service.slug).await? else { return Ok(()) };
    store::forget_uploads(tx, applicant, &upload_ids(&service.form, &draft.answers)).await?;
    store::forget_draft(tx, owner, &service.slug).await?;
    if owner == applicant {
        web::parked::forget_below(tx, applicant, &format!("/servizi/{}/domanda", service.slug)).await?;
    }
    Ok(())
}

/// The identifiers of files that an answer holds.
fn ids(answers: &Facts, path: &Path) -> Vec<Uuid> {
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

fn refusal(visit: &Visit, files: &Files, upload: &Upload, already: usize) -> Option<Translated> {
    let accepted = files.types.contains(&upload.kind);
    let size = u64::try_from(upload.bytes.len()).unwrap_or(u64::MAX);
    let (key, name, bound) = if upload.bytes.is_empty() {
        ("cases.files.empty", "types", String::new())
    } else if !accepted {
        ("cases.files.wrong_type", "types", files.extensions().collect::<Vec<_>>().join(", "))
    } else if files.max_bytes < size {
        ("cases.files.too_large", "megabytes", (files.max_bytes >> 20).to_string())
    } else if files.max_count <= already {
        ("cases.files.too_many", "most", files.max_count.to_string())
    } else {
        return None;
    };
    Some(told(visit, key, &[("name", upload.file_name.clone()), (name, bound)]))
}

/// In the language of who attaches: nobody else reads it.
fn told(visit: &Visit, key: &str, values: &[(&str, String)]) -> Translated {
    Translated::One(fill(visit.t(key), values))
}

/// Stores a file, unless the person already keeps more than enough of them.
async fn save(
    cases: &Cases,
    visit: &Visit,
    keeper: &Keeper<'_>,
    upload: &Upload,
) -> Result<Result<Uuid, Translated>, Failure> {
    let id = base::new_id(cases.web.clock(), cases.web.chance());
    let stored = StoredUpload {
        id,
        owner: keeper.owner.to_owned(),
        case: None,
        field: upload.field.clone(),
        file_name: upload.file_name.clone(),
        media_type: upload.kind.media_type().to_owned(),
        sha256: hex::encode(Sha256::digest(&upload.bytes)),
        bytes: upload.bytes.to_vec(),
        uploaded_at: visit.now,
    };
    let mut tx = cases.web.database().begin().await?;
    keeper.claim.check(&mut tx, keeper.leave, cases.web.clock().now()).await?.ok_or(Failure::NoLongerFor)?;
    let (count, bytes) = store::unsent(&mut tx, keeper.owner).await?;
    let size = i64::try_from(upload.bytes.len()).unwrap_or(i64::MAX);
    if MOST_UNSENT <= count || MOST_UNSENT_BYTES < bytes.saturating_add(size) {
        tx.commit().await?; // what was counted may be of a unit that shares this commit
        return Ok(Err(too_many(visit, &upload.file_name)));
    }
    store::save_upload(&mut tx, &stored).await?;
    tx.commit().await?;
    Ok(Ok(id))
}

fn too_many(visit: &Visit, name: &str) -> Translated {
    let (most, megabytes) = (MOST_UNSENT.to_string(), (MOST_UNSENT_BYTES >> 20).to_string());
    told(visit, "cases.files.too_many_unsent", &[("name", name.to_owned()), ("most", most), ("megabytes", megabytes)])
}
