use base::Timestamp;
use database::{Error, Result, Tx, params};

use crate::Folder;

/// Keeps the folder under its version; nothing happens if it is there.
pub(crate) async fn keep(tx: &mut Tx, folder: &Folder, now: Timestamp) -> Result<bool> {
    let files = serde_json::to_string(&folder.files).map_err(unfit)?;
    let sql = "INSERT INTO service_versions (slug, version, files, first_seen) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (slug, version) DO NOTHING";
    Ok(tx.execute(sql, params![&folder.slug, folder.version(), files, now]).await? > 0)
}

/// The folder as it was.
pub(crate) async fn folder(tx: &mut Tx, slug: &str, version: &str) -> Result<Option<Folder>> {
    let sql = "SELECT files FROM service_versions WHERE slug = $1 AND version = $2";
    let Some(row) = tx.row(sql, params![slug, version]).await? else { return Ok(None) };
    let files = serde_json::from_str(&row.text("files")?).map_err(unfit)?;
    let (slug, label) = (slug.to_owned(), format!("{slug}@{version}"));
    Ok(Some(Folder { slug, label, files, ..Folder::default() }))
}

/// Versions of a service with the instant at which each was first offered, latest first.
pub(crate) async fn versions(tx: &mut Tx, slug: &str) -> Result<Vec<(String, Timestamp)>> {
    let sql = "SELECT version, first_seen FROM service_versions WHERE slug = $1 ORDER BY first_seen DESC, version";
    let rows = tx.rows(sql, params![slug]).await?;
    rows.iter().map(|row| Ok((row.text("version")?, row.instant("first_seen")?))).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "shaped for map_err")]
fn unfit(error: serde_json::Error) -> Error {
    Error::Column("files", error.to_string())
}
