//! Nothing typed is lost: a form that arrives after the session expired is kept for the same person.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::DefaultBodyLimit,
    http::{HeaderValue, Request, header, request::Parts},
};
use database::{Error, Result, Tx};

use crate::{Failure, Posted, Visit, acting, posted, sessions::store};

/// Most bytes of text that are kept of one form.
const LARGEST: usize = 256 * 1024;
/// Most bytes that are read of a form with files, to find the text among them.
const LARGEST_WITH_FILES: usize = 64 * 1024 * 1024;

/// A form that was sent when the session had expired.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parked {
    /// Names and values as typed, in the order of the page.
    pub fields: Vec<(String, String)>,
    /// Names of the files that were attached. Their content is not kept: whoever has no session cannot make the office
    /// store files. The page names them, to be chosen again.
    pub files: Vec<String>,
}

/// What `subject` sent to `path` after the session had expired. The page of the form calls it after login and shows the
/// form filled in; it is there again when the page is reloaded, until the form is saved (a POST to the same path that
/// redirects) or a day after the longest session has passed. What was typed for somebody else waits at
/// [`Visit::parked_path`].
///
/// # Errors
/// When the database refuses.
pub async fn find(tx: &mut Tx, subject: &str, path: &str) -> Result<Option<Parked>> {
    let Some(row) = store::find_parked(tx, subject, path).await? else { return Ok(None) };
    let unreadable = |error: serde_json::Error| Error::Column("fields", error.to_string());
    let fields = serde_json::from_str(&row.text("fields")?).map_err(unreadable)?;
    let files = serde_json::from_str(&row.text("files")?).map_err(unreadable)?;
    Ok(Some(Parked { fields, files }))
}

/// [`find`] for who is logged in and the address that is asked for, in a view of its own; of those who have nothing
/// parked the session says so.
///
/// # Errors
/// When the database refuses.
pub async fn find_here(visit: &Visit) -> Result<Option<Parked>> {
    let Some(session) = visit.session.as_ref().filter(|session| session.parked) else { return Ok(None) };
    find(&mut visit.web.database().glance().await?, &session.subject, &visit.parked_path()).await
}

/// Forgets what waits for `subject` at addresses that begin with `prefix`: the draft it belongs to is sent or thrown
/// away.
///
/// # Errors
/// When the database refuses.
pub async fn forget_below(tx: &mut Tx, subject: &str, prefix: &str) -> Result<()> {
    forget_all_below(tx, &[subject], prefix).await
}

/// [`forget_below`] for several people.
///
/// # Errors
/// When the database refuses.
pub async fn forget_all_below(tx: &mut Tx, subjects: &[&str], prefix: &str) -> Result<()> {
    store::forget_parked_below(tx, subjects, prefix).await
}

/// Forgets what waited at this address, once it is saved.
pub(crate) async fn saved(visit: &Visit) -> Result<()> {
    let Some(session) = visit.session.as_ref().filter(|session| session.parked) else { return Ok(()) };
    let mut tx = visit.web.database().begin().await?;
    store::forget_parked(&mut tx, &session.subject, &visit.parked_path()).await?;
    tx.commit().await
}

/// Keeps the fields of a form for the person whose session lapsed.
pub(crate) async fn keep(visit: &Visit, subject: &str, parked: &Parked) -> Result<()> {
    let mut tx = visit.web.database().begin().await?;
    let texts = [serde_json::json!(parked.fields).to_string(), serde_json::json!(parked.files).to_string()];
    store::park(&mut tx, subject, &acting::parked_at(&visit.path, parked), texts, visit.now).await?;
    tx.commit().await
}

/// Reads a form that arrives after the session expired, and gives the request on with the same fields but without
/// files. Nothing is kept of a body that is too large or cannot be understood: the handler gets it as far as it goes.
pub(crate) async fn read(parts: Parts, body: Body) -> (Parts, Body, Option<Parked>) {
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if kind.starts_with("multipart/form-data") {
        read_with_files(parts, body).await
    } else {
        read_text(parts, body).await
    }
}

async fn read_text(parts: Parts, body: Body) -> (Parts, Body, Option<Parked>) {
    let length = parts.headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if length.is_none_or(|length: usize| LARGEST < length) {
        return (parts, body, None);
    }
    let Ok(bytes) = to_bytes(body, LARGEST).await else { return (parts, Body::empty(), None) };
    let posted = Posted::read(request(&parts, Body::from(bytes.clone()), LARGEST)).await;
    let parked = posted.ok().map(|posted| Parked { fields: posted.fields, files: Vec::new() });
    (parts, Body::from(bytes), parked)
}

/// A large file goes by piece by piece and takes no memory.
async fn read_with_files(mut parts: Parts, body: Body) -> (Parts, Body, Option<Parked>) {
    let Ok(read) = posted::without_files(request(&parts, body, LARGEST_WITH_FILES), LARGEST).await else {
        return (parts, Body::empty(), None);
    };
    let (fields, files) = read;
    let pairs: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let text = Bytes::from(crate::query(&pairs));
    parts.headers.insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    parts.headers.insert(header::CONTENT_TYPE, kind);
    (parts, Body::from(text), Some(Parked { fields, files }))
}

fn request(parts: &Parts, body: Body, most: usize) -> Request<Body> {
    let mut copy = Request::new(body);
    copy.method_mut().clone_from(&parts.method);
    copy.headers_mut().clone_from(&parts.headers);
    DefaultBodyLimit::max(most).apply(&mut copy);
    copy
}

/// Tells the log, and nobody else, that a form could not be kept or forgotten: the answer stays what it is.
pub(crate) fn noted(outcome: Result<()>) {
    if let Err(error) = outcome.map_err(Failure::from) {
        tracing::warn!(%error, "what was typed in an expired session could not be kept or forgotten");
    }
}
