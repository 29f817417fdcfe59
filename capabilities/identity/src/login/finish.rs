use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use base::Language;
use jiff::SignedDuration;
use web::{Answer, Door, NewSession, SetCookie, Visit, sessions};

use super::{digest, refused};
use crate::{
    DigitalIdentity, Identity,
    pages::{IDENTITIES, asks},
    person::Kept,
    store::{identities, logins, logouts, people},
};

/// From the provider's answer to our own page it takes a redirect; a code that lies around longer is worth nothing.
const CODE_LIFE: SignedDuration = SignedDuration::from_mins(2);

/// `GET /accesso/fine`: a session for the browser that set out, under a new token.
pub(crate) async fn finish(State(_): State<Identity>, visit: Visit) -> Answer {
    let code = digest(&visit.query("codice").unwrap_or_default());
    let mut tx = visit.web.database().begin().await?;
    let Some(answered) = logins::by_code(&mut tx, &code).await? else {
        return refused(&visit, StatusCode::BAD_REQUEST, "identity.refused.expired");
    };
    if visit.binding().map(digest).as_deref() != Some(&answered.login.binding) {
        return refused(&visit, StatusCode::FORBIDDEN, "identity.refused.browser");
    }
    let in_time = visit.now.duration_since(answered.answered_at) < CODE_LIFE;
    if !in_time || !logins::finish(&mut tx, &answered.login.request_id, visit.now).await? {
        return refused(&visit, StatusCode::BAD_REQUEST, "identity.refused.expired");
    }
    let (claims, login) = (&answered.claims, &answered.login);
    let person = claims.fiscal_code.as_str();
    let account = claims.spid_code.as_deref().unwrap_or_default();
    let known = identities::of_person(&mut tx, person).await?;
    let before = known.iter().find(|one| one.is(account));
    if before.is_some_and(DigitalIdentity::is_barred) {
        return refused(&visit, StatusCode::FORBIDDEN, "identity.refused.stranger");
    }
    // The same account by another protocol is the same identity.
    let used = (before.map_or(login.provider.as_str(), |one| one.provider.as_str()), account);
    people::note_login(&mut tx, claims, visit.now).await?;
    if identities::note(&mut tx, person, used, visit.now).await? && !known.is_empty() {
        tracing::warn!(provider = login.provider, "somebody came with a second digital identity");
    }
    logouts::name(&mut tx, &login.provider, &claims.name_id, claims.fiscal_code.as_str(), visit.now).await?;
    let chosen = people::account(&mut tx, person).await?.language;
    let cookie = begin_session(&mut tx, &visit, &answered).await?;
    tx.commit().await?;
    // A newer identity is told first, wherever the login was to lead.
    let place = match asks(used.1, &known) {
        true => format!("{IDENTITIES}?ritorno={}", web::percent(&login.return_to)),
        false => login.return_to.clone(),
    };
    let location = in_language(&place, chosen.filter(|chosen| *chosen != visit.language));
    Ok((cookie, Redirect::to(&location)).into_response())
}

async fn begin_session(
    tx: &mut database::Tx,
    visit: &Visit,
    answered: &logins::Answered,
) -> Result<SetCookie, web::Failure> {
    let claims = &answered.claims;
    let kept = Kept {
        name: claims.name.clone(),
        born: claims.born,
        provider: answered.login.provider.clone(),
        name_id: claims.name_id.clone(),
        session_index: claims.session_index.clone(),
        name_qualifier: claims.name_qualifier.clone(),
        spid_code: claims.spid_code.clone(),
        token: claims.token.clone(),
    };
    let session = NewSession {
        subject: claims.fiscal_code.to_string(),
        name: claims.name.to_string(),
        door: Door::Citizen,
        level: claims.level,
        data: serde_json::to_value(kept)?,
    };
    Ok(sessions::begin(tx, visit, session).await?)
}

/// The page to return to, in the language that the person chose in the profile.
fn in_language(path: &str, language: Option<Language>) -> String {
    let Some(language) = language else { return path.to_owned() };
    let joint = if path.contains('?') { '&' } else { '?' };
    format!("{path}{joint}lingua={}", language.tag())
}
