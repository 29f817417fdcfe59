use base::Timestamp;
use database::{Error, Result, Row, Tx, params};

use crate::factors::passkeys::Passkey;

/// A passkey with its holder, and as the holder knows it.
pub(crate) struct Held {
    pub(crate) passkey: Passkey,
    pub(crate) staff: String,
    pub(crate) name: String,
    pub(crate) since: Timestamp,
    pub(crate) last_used_at: Option<Timestamp>,
}

/// Keeps a new passkey; `false` when somebody has it already.
pub(crate) async fn insert(tx: &mut Tx, staff: &str, name: &str, passkey: &Passkey, now: Timestamp) -> Result<bool> {
    let sql = "INSERT INTO identity_passkeys (id, staff, name, algorithm, public_key, counter, since)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING";
    let counter = i64::from(passkey.counter);
    let params = params![&passkey.id, staff, name, passkey.algorithm, &passkey.public_key, counter, now];
    Ok(tx.execute(sql, params).await? == 1)
}

/// Oldest first.
pub(crate) async fn of_officer(tx: &mut Tx, staff: &str) -> Result<Vec<Held>> {
    let sql = "SELECT id, staff, name, algorithm, public_key, counter, since, last_used_at FROM identity_passkeys
               WHERE staff = $1 ORDER BY since, id";
    tx.rows(sql, params![staff]).await?.iter().map(held).collect()
}

pub(crate) async fn find(tx: &mut Tx, id: &str) -> Result<Option<Held>> {
    let sql = "SELECT id, staff, name, algorithm, public_key, counter, since, last_used_at FROM identity_passkeys
               WHERE id = $1";
    tx.row(sql, params![id]).await?.map(|row| held(&row)).transpose()
}

fn held(row: &Row) -> Result<Held> {
    let counter = u32::try_from(row.int("counter")?).map_err(|error| Error::Column("counter", error.to_string()))?;
    let (id, algorithm, public_key) = (row.text("id")?, row.int("algorithm")?, row.text("public_key")?);
    Ok(Held {
        passkey: Passkey { id, algorithm, public_key, counter },
        staff: row.text("staff")?,
        name: row.text("name")?,
        since: row.instant("since")?,
        last_used_at: row.opt_parsed("last_used_at")?,
    })
}

pub(crate) async fn note_use(tx: &mut Tx, id: &str, counter: u32, now: Timestamp) -> Result<()> {
    let sql = "UPDATE identity_passkeys SET counter = $2, last_used_at = $3 WHERE id = $1";
    tx.execute(sql, params![id, i64::from(counter), now]).await.map(drop)
}

pub(crate) async fn remove(tx: &mut Tx, staff: &str, id: &str) -> Result<bool> {
    let sql = "DELETE FROM identity_passkeys WHERE staff = $1 AND id = $2";
    Ok(tx.execute(sql, params![staff, id]).await? == 1)
}
