use base::{Timestamp, Uuid};
use database::{Error, Result, Row, Tx, params};

use crate::saml::Claims;

/// A login under way.
pub(crate) struct Login {
    pub(crate) request_id: String,
    pub(crate) provider: String,
    pub(crate) level: u8,
    pub(crate) return_to: String,
    /// Digest of the secret of the browser that began.
    pub(crate) binding: String,
    pub(crate) requested_at: Timestamp,
}

/// A login whose answer was verified.
pub(crate) struct Answered {
    pub(crate) login: Login,
    pub(crate) answered_at: Timestamp,
    pub(crate) claims: Claims,
}

/// An entry of the register of messages.
pub(crate) struct MessageRow<'a> {
    pub(crate) id: Uuid,
    pub(crate) at: Timestamp,
    /// `request`, `response`, and the same with `logout-` for single logout.
    pub(crate) direction: &'static str,
    pub(crate) provider: &'a str,
    pub(crate) request_id: &'a str,
    pub(crate) message: &'a str,
    /// `sent`, `accepted`, or why it was refused.
    pub(crate) outcome: &'a str,
    /// Digest of the address.
    pub(crate) address: &'a str,
}

pub(crate) async fn begin(tx: &mut Tx, login: &Login) -> Result<()> {
    let sql = "INSERT INTO identity_logins (request_id, provider, level, return_to, binding, requested_at)
               VALUES ($1, $2, $3, $4, $5, $6)";
    let Login { request_id, provider, level, return_to, binding, requested_at } = login;
    tx.execute(sql, params![request_id, provider, *level, return_to, binding, *requested_at]).await.map(drop)
}

/// A login that was asked for after `since` and not answered yet.
pub(crate) async fn waiting(tx: &mut Tx, request_id: &str, since: Timestamp) -> Result<Option<Login>> {
    let sql = "SELECT request_id, provider, level, return_to, binding, requested_at FROM identity_logins
               WHERE request_id = $1 AND answered_at IS NULL AND requested_at > $2";
    tx.row(sql, params![request_id, since]).await?.map(|row| login(&row)).transpose()
}

/// The provider to which this request went, if it was ours.
pub(crate) async fn provider_asked(tx: &mut Tx, request_id: &str) -> Result<Option<String>> {
    let sql = "SELECT provider FROM identity_logins WHERE request_id = $1";
    tx.row(sql, params![request_id]).await?.map(|row| row.text("provider")).transpose()
}

/// How many answers to this request the register has.
pub(crate) async fn answers_to(tx: &mut Tx, request_id: &str) -> Result<i64> {
    let sql = "SELECT count(*) AS n FROM identity_messages WHERE request_id = $1 AND direction = 'response'";
    tx.number(sql, params![request_id]).await
}

/// Keeps a verified answer under the digest of a one-time code; false when another was faster.
pub(crate) async fn answer(tx: &mut Tx, request_id: &str, code: &str, claims: &Claims, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE identity_logins SET code = $2, claims = $3, answered_at = $4
               WHERE request_id = $1 AND answered_at IS NULL";
    let claims = serde_json::json!(claims).to_string();
    Ok(tx.execute(sql, params![request_id, code, claims, now]).await? == 1)
}

/// Takes an assertion's ID; false when it was taken before.
pub(crate) async fn use_assertion(tx: &mut Tx, id: &str, ends_at: Timestamp) -> Result<bool> {
    let sql = "INSERT INTO identity_assertions (id, ends_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
    Ok(tx.execute(sql, params![id, ends_at]).await? == 1)
}

/// The login whose one-time code has this digest, if the code was not used.
pub(crate) async fn by_code(tx: &mut Tx, code: &str) -> Result<Option<Answered>> {
    let sql = "SELECT request_id, provider, level, return_to, binding, requested_at, answered_at, claims
               FROM identity_logins WHERE code = $1 AND finished_at IS NULL";
    let Some(row) = tx.row(sql, params![code]).await? else { return Ok(None) };
    let claims =
        serde_json::from_str(&row.text("claims")?).map_err(|error| Error::Column("claims", error.to_string()))?;
    Ok(Some(Answered { login: login(&row)?, answered_at: row.instant("answered_at")?, claims }))
}

/// Uses the code up and forgets what it led to; false when another was faster.
pub(crate) async fn finish(tx: &mut Tx, request_id: &str, now: Timestamp) -> Result<bool> {
    let sql =
        "UPDATE identity_logins SET finished_at = $2, claims = NULL WHERE request_id = $1 AND finished_at IS NULL";
    Ok(tx.execute(sql, params![request_id, now]).await? == 1)
}

pub(crate) async fn register(tx: &mut Tx, row: &MessageRow<'_>) -> Result<()> {
    let sql = "INSERT INTO identity_messages (id, at, direction, provider, request_id, message, outcome, address)
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    let MessageRow { id, at, direction, provider, request_id, message, outcome, address } = row;
    let params = params![*id, *at, *direction, *provider, *request_id, *message, *outcome, *address];
    tx.execute(sql, params).await.map(drop)
}

/// Forgets what is older than `day` (assertions: ended before it, as clocks may differ; questions that nobody answered: anybody
/// can make us ask), messages and refusals older than `register`.
pub(crate) async fn forget(tx: &mut Tx, day: Timestamp, register: Timestamp) -> Result<u64> {
    let logins = tx.execute("DELETE FROM identity_logins WHERE requested_at < $1", params![day]).await?;
    let guesses = tx.execute("DELETE FROM identity_guesses WHERE last_at < $1", params![day]).await?;
    let assertions = tx.execute("DELETE FROM identity_assertions WHERE ends_at < $1", params![day]).await?;
    let messages = tx.execute("DELETE FROM identity_messages WHERE at < $1", params![register]).await?;
    let unanswered = "DELETE FROM identity_messages WHERE direction = 'request' AND at < $1 AND NOT EXISTS
                      (SELECT 1 FROM identity_messages AS answer
                       WHERE answer.request_id = identity_messages.request_id AND answer.direction = 'response')";
    let messages = messages + tx.execute(unanswered, params![day]).await?;
    let refusals = tx.execute("DELETE FROM identity_refusals WHERE at < $1", params![register]).await?;
    let logouts = super::logouts::forget(tx, day).await?;
    Ok(logins + guesses + assertions + messages + refusals + logouts)
}

fn login(row: &Row) -> Result<Login> {
    Ok(Login {
        request_id: row.text("request_id")?,
        provider: row.text("provider")?,
        level: u8::try_from(row.int("level")?).map_err(|error| Error::Column("level", error.to_string()))?,
        return_to: row.text("return_to")?,
        binding: row.text("binding")?,
        requested_at: row.instant("requested_at")?,
    })
}
