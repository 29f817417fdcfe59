use base::{Timestamp, Uuid};
use database::{Result, Tx, params};

/// A refused answer for which nobody vouches.
pub(crate) struct StrayRow<'a> {
    pub(crate) id: Uuid,
    pub(crate) at: Timestamp,
    /// `saml`, `oidc` or `cns`.
    pub(crate) door: &'static str,
    /// Empty where it names no question of ours.
    pub(crate) request_id: &'a str,
    /// SHA-256 of what came.
    pub(crate) digest: &'a str,
    pub(crate) outcome: &'a str,
}

pub(crate) async fn put(tx: &mut Tx, row: &StrayRow<'_>) -> Result<()> {
    let sql = "INSERT INTO identity_strays (id, at, door, request_id, digest, outcome) VALUES ($1, $2, $3, $4, $5, $6)";
    let StrayRow { id, at, door, request_id, digest, outcome } = row;
    tx.execute(sql, params![*id, *at, *door, *request_id, *digest, *outcome]).await.map(drop)
}

/// How many came since an instant.
pub(crate) async fn since(tx: &mut Tx, since: Timestamp) -> Result<i64> {
    tx.number("SELECT count(*) AS n FROM identity_strays WHERE at > $1", params![since]).await
}

pub(crate) async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.execute("DELETE FROM identity_strays WHERE at < $1", params![before]).await
}
