use base::{Timestamp, Uuid};
use database::{Error, Result, Row, Tx, params};

/// A file that a person attached. Never served inline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredUpload {
    /// Identifier: what the answer holds.
    pub id: Uuid,
    /// Fiscal code of who attached it.
    pub owner: String,
    /// The case it belongs to, once sent.
    pub case: Option<Uuid>,
    /// Path of the question.
    pub field: String,
    /// Name as the person's device gave it, cleaned.
    pub file_name: String,
    /// Type found in the first bytes.
    pub media_type: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Content; empty in lists.
    pub bytes: Vec<u8>,
    /// When.
    pub uploaded_at: Timestamp,
}

/// Keeps a file for its owner; not yet part of any case.
///
/// # Errors
/// What the database refuses.
pub async fn save_upload(tx: &mut Tx, upload: &StoredUpload) -> Result<()> {
    let sql = "INSERT INTO uploads (id, owner, case_id, field, file_name, media_type, size, sha256, bytes, uploaded_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let size = i64::try_from(upload.bytes.len()).unwrap_or(i64::MAX);
    let who = params![upload.id, &upload.owner, upload.case, &upload.field, &upload.file_name];
    let what = params![&upload.media_type, size, &upload.sha256, upload.bytes.as_slice(), upload.uploaded_at];
    tx.execute(sql, &[who.as_slice(), what.as_slice()].concat()).await.map(drop)
}

/// Makes the owner's files part of a case; those of others are left alone.
///
/// # Errors
/// [`Error::Conflict`] when one of them is not there: a case never names a file that it does not have.
pub async fn attach(tx: &mut Tx, owner: &str, ids: &[Uuid], case: Uuid) -> Result<()> {
    for id in ids {
        let sql = "UPDATE uploads SET case_id = $1 WHERE id = $2 AND owner = $3 AND case_id IS NULL";
        if tx.execute(sql, params![case, *id, owner]).await? != 1 {
            let again = "SELECT count(*) AS n FROM uploads WHERE id = $1 AND owner = $2 AND case_id = $3";
            if tx.number(again, params![*id, owner, case]).await? != 1 {
                return Err(Error::Conflict(format!("the file {id} is not there any more")));
            }
        }
    }
    Ok(())
}

/// A file with its content, if `owner` attached it.
///
/// # Errors
/// What the database refuses.
pub async fn find_upload(tx: &mut Tx, id: Uuid, owner: &str) -> Result<Option<StoredUpload>> {
    let sql = "SELECT id, owner, case_id, field, file_name, media_type, sha256, bytes, uploaded_at FROM uploads \
               WHERE id = $1 AND owner = $2";
    tx.row(sql, params![id, owner]).await?.map(|row| upload(&row)).transpose()
}

/// The owner's files with these identifiers, without their content.
///
/// # Errors
/// What the database refuses.
pub async fn uploads_named(tx: &mut Tx, ids: &[Uuid], owner: &str) -> Result<Vec<StoredUpload>> {
    let sql = "SELECT id, owner, case_id, field, file_name, media_type, sha256, NULL AS bytes, uploaded_at \
               FROM uploads WHERE id = $1 AND owner = $2";
    let mut found = Vec::new();
    for id in ids {
        found.extend(tx.row(sql, params![*id, owner]).await?.map(|row| upload(&row)).transpose()?);
    }
    Ok(found)
}

fn upload(row: &Row) -> Result<StoredUpload> {
    Ok(StoredUpload {
        id: row.id("id")?,
        owner: row.text("owner")?,
        case: row.opt_parsed("case_id")?,
        field: row.text("field")?,
        file_name: row.text("file_name")?,
        media_type: row.text("media_type")?,
        sha256: row.text("sha256")?,
        bytes: row.opt_blob("bytes")?.unwrap_or_default(),
        uploaded_at: row.instant("uploaded_at")?,
    })
}
