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

/// How many files somebody keeps that belong to no case yet, and how many bytes they have.
///
/// # Errors
/// What the database refuses.
pub async fn unsent(tx: &mut Tx, owner: &str) -> Result<(i64, i64)> {
    let count = "SELECT count(*) AS n FROM uploads WHERE owner = $1 AND case_id IS NULL";
    let bytes = "SELECT CAST(coalesce(sum(size), 0) AS BIGINT) AS n FROM uploads WHERE owner = $1 AND case_id IS NULL";
    Ok((tx.number(count, params![owner]).await?, tx.number(bytes, params![owner]).await?))
}

/// Deletes files of the owner that belong to no case: taken out of a draft, or thrown away with it.
///
/// # Errors
/// What the database refuses.
pub async fn forget_uploads(tx: &mut Tx, owner: &str, ids: &[Uuid]) -> Result<()> {
    for id in ids {
        let sql = "DELETE FROM uploads WHERE id = $1 AND owner = $2 AND case_id IS NULL";
        tx.execute(sql, params![*id, owner]).await?;
    }
    Ok(())
}

/// Deletes files that were attached before `horizon` and that neither a case nor a draft of their owner names; gives
/// their number.
///
/// # Errors
/// What the database refuses.
pub async fn forget_orphans(tx: &mut Tx, horizon: Timestamp) -> Result<u64> {
    // Answers hold the identifiers as text, and no identifier is part of another.
    let sql = "DELETE FROM uploads WHERE case_id IS NULL AND uploaded_at < $1 AND NOT EXISTS \
               (SELECT 1 FROM drafts WHERE drafts.applicant = uploads.owner \
                AND drafts.answers LIKE '%' || uploads.id || '%')";
    tx.execute(sql, params![horizon]).await
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
