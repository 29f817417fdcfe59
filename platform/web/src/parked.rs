//! Nothing typed is lost: a form that arrives after the session expired is kept for the same person.

use database::{Error, Result, Tx};

use crate::{Visit, sessions::store};

/// A larger form is not kept: it holds files, which are asked for again.
pub(crate) const LARGEST: usize = 256 * 1024;

/// Gives back, once, the fields that `subject` sent to `path` after the session had expired. The page of the form
/// calls it after login and shows the form filled in.
///
/// # Errors
/// When the database refuses.
pub async fn take(tx: &mut Tx, subject: &str, path: &str) -> Result<Option<Vec<(String, String)>>> {
    let Some(row) = store::take_parked(tx, subject, path).await? else { return Ok(None) };
    let read = |text: String| serde_json::from_str(&text).map_err(|error| Error::Column("fields", error.to_string()));
    read(row.text("fields")?).map(Some)
}

/// Keeps the fields of a form for the person whose session lapsed.
pub(crate) async fn put(visit: &Visit, subject: &str, fields: &[(String, String)]) -> Result<()> {
    let mut tx = visit.web.database().begin().await?;
    let text = serde_json::json!(fields).to_string();
    store::park(&mut tx, subject, &visit.path, text, visit.now).await?;
    tx.commit().await
}
