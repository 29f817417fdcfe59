//! What every login by OpenID Connect asks of the browser that comes back, before a provider is asked anything.

use web::{Failure, Visit};

use super::{PATIENCE, digest};
use crate::{
    openid::Refusal,
    register::Stray,
    store::logins::{self, Login},
};

/// The login that this browser began, while somebody waits for its answer.
pub(crate) async fn begun_here(visit: &Visit) -> Result<Result<Login, Refusal>, Failure> {
    let state = visit.query("state").unwrap_or_default();
    let since = visit.now.saturating_sub(PATIENCE).map_err(Failure::internal)?;
    let mut tx = visit.web.database().read().await?;
    let Some(login) = logins::waiting(&mut tx, &state, since).await? else { return Ok(Err(Refusal::UnknownRequest)) };
    let own = visit.binding().map(digest).as_deref() == Some(&login.binding);
    Ok(if own { Ok(login) } else { Err(Refusal::Browser) })
}

/// Uses the answer up before anybody is asked about it: `false` for a second one.
pub(crate) async fn use_up(visit: &Visit, login: &Login) -> Result<bool, Failure> {
    let mut tx = visit.web.database().begin().await?;
    let until = login.requested_at.saturating_add(PATIENCE).map_err(Failure::internal)?;
    let first = logins::use_assertion(&mut tx, &format!("openid {}", login.request_id), until).await?;
    tx.commit().await?;
    Ok(first)
}

/// The code that the browser brought. Who answers must be who was asked (RFC 9207): otherwise one provider would be given what
/// another one's person is worth. `named`: whether it says with each code who it is.
pub(crate) fn code(visit: &Visit, issuer: &str, named: bool) -> Result<String, Refusal> {
    let (said, error, code) = (visit.query("iss"), visit.query("error"), visit.query("code"));
    // Not every provider signs its refusals; what is said there opens nothing.
    let silent = !named || error.is_some();
    if !said.map_or(silent, |said| said == issuer) {
        return Err(Refusal::Issuer);
    }
    if let Some(error) = error {
        return Err(Refusal::Told(error.chars().take(80).collect()));
    }
    code.filter(|code| !code.is_empty()).ok_or(Refusal::Empty)
}

/// Notes an answer for which nobody vouches but the browser that brought it. `door`: by which way it came.
pub(crate) async fn stray(
    visit: &Visit,
    door: &'static str,
    request_id: &str,
    refusal: &Refusal,
) -> database::Result<()> {
    let stray = Stray { door, request_id, message: visit.query.as_bytes(), outcome: &refusal.to_string() };
    stray.note(&visit.web, visit.now).await
}
