use base::Timestamp;
use database::{Result, Tx, params};

/// Keeps whose session stands behind a provider's name for it.
pub(crate) async fn name(tx: &mut Tx, provider: &str, name_id: &str, subject: &str, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO identity_names (provider, name_id, subject, begun_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (provider, name_id) DO UPDATE SET subject = excluded.subject, begun_at = excluded.begun_at";
    tx.execute(sql, params![provider, name_id, subject, now]).await.map(drop)
}

/// Whose session stands behind a provider's name for it.
pub(crate) async fn named(tx: &mut Tx, provider: &str, name_id: &str) -> Result<Option<String>> {
    let sql = "SELECT subject FROM identity_names WHERE provider = $1 AND name_id = $2";
    tx.row(sql, params![provider, name_id]).await?.map(|row| row.text("subject")).transpose()
}

/// Keeps that a provider was asked to end a session.
pub(crate) async fn ask(tx: &mut Tx, request_id: &str, provider: &str, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO identity_logouts (request_id, provider, asked_at) VALUES ($1, $2, $3)";
    tx.execute(sql, params![request_id, provider, now]).await.map(drop)
}

/// Whether this provider was asked so, and did not answer yet.
pub(crate) async fn answered(tx: &mut Tx, request_id: &str, provider: &str) -> Result<bool> {
    let sql = "DELETE FROM identity_logouts WHERE request_id = $1 AND provider = $2";
    Ok(tx.execute(sql, params![request_id, provider]).await? == 1)
}

/// Forgets names and questions older than `day`: sessions have ended by then.
pub(crate) async fn forget(tx: &mut Tx, day: Timestamp) -> Result<u64> {
    let names = tx.execute("DELETE FROM identity_names WHERE begun_at < $1", params![day]).await?;
    Ok(names + tx.execute("DELETE FROM identity_logouts WHERE asked_at < $1", params![day]).await?)
}
