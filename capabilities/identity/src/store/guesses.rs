use base::Timestamp;
use database::{Result, Tx, params};

/// Wrong passwords of an account or from an address.
pub(crate) struct Guesses {
    pub(crate) failures: i64,
    pub(crate) last_at: Timestamp,
    /// The next attempt is allowed from here on.
    pub(crate) free_at: Timestamp,
}

pub(crate) async fn find(tx: &mut Tx, subject: &str) -> Result<Option<Guesses>> {
    let sql = "SELECT failures, last_at, free_at FROM identity_guesses WHERE subject = $1";
    let Some(row) = tx.row(sql, params![subject]).await? else { return Ok(None) };
    let (failures, last_at, free_at) = (row.int("failures")?, row.instant("last_at")?, row.instant("free_at")?);
    Ok(Some(Guesses { failures, last_at, free_at }))
}

pub(crate) async fn put(tx: &mut Tx, subject: &str, guesses: &Guesses) -> Result<()> {
    let sql = "INSERT INTO identity_guesses (subject, failures, last_at, free_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (subject) DO UPDATE
               SET failures = excluded.failures, last_at = excluded.last_at, free_at = excluded.free_at";
    tx.execute(sql, params![subject, guesses.failures, guesses.last_at, guesses.free_at]).await.map(drop)
}

pub(crate) async fn delete(tx: &mut Tx, subject: &str) -> Result<()> {
    tx.execute("DELETE FROM identity_guesses WHERE subject = $1", params![subject]).await.map(drop)
}
