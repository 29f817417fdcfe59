//! Officials by the name that the administration's own provider has for them.

use base::{FiscalCode, Timestamp};
use database::{Result, Tx, params};

use super::staff;
use crate::{Officer, openid::staff::Employee};

/// The account of a subject of the provider, and whether it is closed.
pub(crate) struct Held {
    pub(crate) id: String,
    pub(crate) disabled: bool,
}

/// How an official who came in by the provider stands.
pub(crate) enum Settled {
    In(Officer),
    /// The account was closed here.
    Closed,
    /// Somebody else has an account of this name.
    Taken,
}

pub(crate) async fn find(tx: &mut Tx, subject: &str) -> Result<Option<Held>> {
    let sql = "SELECT id, disabled FROM identity_staff WHERE provider_subject = $1";
    let Some(row) = tx.row(sql, params![subject]).await? else { return Ok(None) };
    Ok(Some(Held { id: row.text("id")?, disabled: row.int("disabled")? != 0 }))
}

/// Whether the provider, and nobody else, opens this account.
pub(crate) async fn is_one(tx: &mut Tx, id: &str) -> Result<bool> {
    let sql = "SELECT count(*) AS n FROM identity_staff WHERE id = $1 AND provider_subject IS NOT NULL";
    Ok(tx.number(sql, params![id]).await? > 0)
}

/// Takes all tasks from somebody to whom the provider gives none any more; gives the account.
pub(crate) async fn strip(tx: &mut Tx, subject: &str) -> Result<Option<String>> {
    let Some(held) = find(tx, subject).await? else { return Ok(None) };
    tx.execute("UPDATE identity_staff SET roles = '[]' WHERE id = $1", params![&held.id]).await?;
    Ok(Some(held.id))
}

/// Brings the account of a subject up to date, gives it one that was handed over, or makes it. Whoever has the account keeps its
/// identifier, whatever the provider calls them by now.
pub(crate) async fn settle(tx: &mut Tx, subject: &str, one: &Employee, now: Timestamp) -> Result<Settled> {
    let roles = serde_json::json!(one.roles).to_string();
    let code = one.fiscal_code.as_ref().map(FiscalCode::as_str);
    // One of two who come first at once makes it; the other finds it.
    let new =
        "INSERT INTO identity_staff (id, name, office, roles, password_hash, disabled, created_at, provider_subject)
               VALUES ($1, $2, $3, $4, '', 0, $5, $6) ON CONFLICT DO NOTHING";
    let handed = "UPDATE identity_staff SET provider_subject = $2
                  WHERE id = $1 AND provider_subject IS NULL AND password_hash = '' AND disabled = 0";
    if find(tx, subject).await?.is_none() && tx.execute(handed, params![&one.account, subject]).await? == 0 {
        tx.execute(new, params![&one.account, &one.name, &one.office, &roles, now, subject]).await?;
    }
    let Some(held) = find(tx, subject).await? else { return Ok(Settled::Taken) };
    if held.disabled {
        return Ok(Settled::Closed);
    }
    let told = "UPDATE identity_staff SET name = $2, office = $3, roles = $4, fiscal_code = coalesce($5, fiscal_code)
                WHERE id = $1 AND disabled = 0";
    tx.execute(told, params![&held.id, &one.name, &one.office, &roles, code]).await?;
    Ok(staff::active(tx, &held.id).await?.map_or(Settled::Closed, Settled::In))
}
