use base::Timestamp;
use database::{Error, Result, Tx, params};

use super::Draft;

/// A draft of nobody's, by the digest of its code, while it is kept.
///
/// # Errors
/// What the database refuses.
pub async fn find_anonymous(tx: &mut Tx, digest: &str, now: Timestamp) -> Result<Option<(Draft, Timestamp)>> {
    let sql = "SELECT service, service_version, answers, revision, updated_at, expires_at FROM anonymous_drafts \
               WHERE digest = $1 AND expires_at > $2";
    let Some(row) = tx.row(sql, params![digest, now]).await? else { return Ok(None) };
    let answers = row.text("answers")?;
    let draft = Draft {
        service: row.text("service")?,
        service_version: row.text("service_version")?,
        idempotency_key: String::new(), // it is never sent: who attaches it gets a key of their own
        answers: serde_json::from_str(&answers).map_err(|error| Error::Column("answers", error.to_string()))?,
        revision: row.int("revision")?,
        updated_at: row.instant("updated_at")?,
    };
    Ok(Some((draft, row.instant("expires_at")?)))
}

/// Saves a draft of nobody's over the revision that the writer had read. `false`: another device saved meanwhile, or it is
/// gone.
///
/// # Errors
/// What the database refuses.
pub async fn save_anonymous(tx: &mut Tx, digest: &str, draft: &Draft, expires_at: Timestamp) -> Result<bool> {
    let answers = serde_json::to_string(&draft.answers).map_err(|error| Error::Column("answers", error.to_string()))?;
    let what = params![digest, &draft.service, &draft.service_version, answers, draft.revision, draft.updated_at];
    let sql = if draft.revision == 0 {
        "INSERT INTO anonymous_drafts (digest, service, service_version, answers, revision, updated_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5 + 1, $6, $7) ON CONFLICT (digest) DO NOTHING"
    } else {
        "UPDATE anonymous_drafts SET service = $2, service_version = $3, answers = $4, revision = $5 + 1, \
         updated_at = $6, expires_at = $7 WHERE digest = $1 AND revision = $5"
    };
    Ok(tx.execute(sql, &[what.as_slice(), params![expires_at].as_slice()].concat()).await? > 0)
}

/// Forgets a draft of nobody's. `false`: there is none.
///
/// # Errors
/// What the database refuses.
pub async fn forget_anonymous(tx: &mut Tx, digest: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM anonymous_drafts WHERE digest = $1", params![digest]).await? > 0)
}

/// Forgets the drafts of nobody's whose time is over; gives their number.
///
/// # Errors
/// What the database refuses.
pub async fn forget_old_anonymous(tx: &mut Tx, now: Timestamp) -> Result<u64> {
    tx.execute("DELETE FROM anonymous_drafts WHERE expires_at <= $1", params![now]).await
}
