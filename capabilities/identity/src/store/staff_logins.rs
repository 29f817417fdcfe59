use base::{Timestamp, Uuid};
use database::{Result, Row, Tx, params};

use crate::office::StaffLogin;

/// Somebody tried an account.
pub(crate) struct Tried<'a> {
    pub(crate) id: Uuid,
    pub(crate) staff: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) how: &'a str,
    pub(crate) came_in: bool,
    /// Digest of where it came from.
    pub(crate) address: &'a str,
}

pub(crate) async fn put(tx: &mut Tx, tried: &Tried<'_>) -> Result<()> {
    let sql =
        "INSERT INTO identity_staff_logins (id, staff, at, how, came_in, address) VALUES ($1, $2, $3, $4, $5, $6)";
    let Tried { id, staff, at, how, came_in, address } = tried;
    tx.execute(sql, params![*id, *staff, *at, *how, i64::from(*came_in), *address]).await.map(drop)
}

/// How an account was tried, latest first.
pub(crate) async fn latest(tx: &mut Tx, staff: &str, most: i64) -> Result<Vec<StaffLogin>> {
    let sql = "SELECT at, how, came_in, address FROM identity_staff_logins WHERE staff = $1 ORDER BY at DESC, id DESC LIMIT $2";
    let login = |row: &Row| {
        let (at, how, address) = (row.instant("at")?, row.text("how")?, row.text("address")?);
        Ok(StaffLogin { at, how, came_in: row.int("came_in")? != 0, address })
    };
    tx.rows(sql, params![staff, most]).await?.iter().map(login).collect()
}

pub(crate) async fn forget(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    tx.execute("DELETE FROM identity_staff_logins WHERE at < $1", params![before]).await
}
