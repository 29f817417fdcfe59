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
    Identity,
    person::Kept,
    store::{logins, logouts, people},
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
    people::note_login(&mut tx, claims, &login.provider, visit.now).await?;
    logouts::name(&mut tx, &login.provider, &claims.name_id, claims.fiscal_code.as_str(), visit.now).await?;
    let account = people::account(&mut tx, claims.fiscal_code.as_str()).await?;
    let cookie = begin_session(&mut tx, &visit, &answered).await?;
    tx.commit().await?;
    let location = in_language(&login.return_to, account.language.filter(|chosen| *chosen != visit.language));
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
