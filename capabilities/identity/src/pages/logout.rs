use askama::Template;
use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use web::{Answer, Door, Failure, Page, SetCookie, Visit, sessions, show};

use crate::{
    Identity,
    address::Address,
    logout::{Leaving, leave_openid},
    person::Kept,
};

#[derive(Template)]
#[template(path = "pages/logout.html")]
struct LogoutPage {
    page: Page,
    done: bool,
    /// What the provider said of its own session.
    provider: Option<&'static str>,
    again: &'static str,
}

#[derive(Template)]
#[template(path = "pages/at_provider.html")]
struct AtProviderPage {
    page: Page,
    provider: String,
    location: String,
}

/// `GET /esci`: asks first. A link in somebody else's page logs nobody out.
pub(crate) async fn ask_logout(visit: Visit) -> Answer {
    if visit.session.is_none() {
        return Ok(Redirect::to("/esci/fatto").into_response());
    }
    let page = visit.page("identity.logout.title");
    show(&LogoutPage { page, done: false, provider: None, again: "/accesso" })
}

/// `POST /esci`: ends the session on the server; the browser's cookie goes too, and what it carried for one person: the
/// next to sit here may be another. Then to the provider, if it holds a session of its own: whatever becomes of that, here it is
/// over.
pub(crate) async fn logout(State(identity): State<Identity>, visit: Visit, address: Address) -> Answer {
    let staff = visit.session.as_ref().is_some_and(|session| session.door != Door::Citizen);
    let mut tx = visit.web.database().begin().await?;
    let cookie = sessions::end(&mut tx, &visit).await?;
    tx.commit().await?;
    let response = onward(&identity, &visit, &address).await.unwrap_or_else(|failure| {
        tracing::error!(%failure, reference = visit.request_id, "a provider could not be told that somebody left");
        still_there()
    });
    let location = if staff { "/esci/fatto?ufficio=1" } else { "/esci/fatto" };
    let response = response.unwrap_or_else(|| Redirect::to(location).into_response());
    Ok((cookie, SetCookie::nothing_carried(&visit), response).into_response())
}

/// The way on; `None` where no provider holds a session.
async fn onward(identity: &Identity, visit: &Visit, address: &Address) -> Result<Option<Response>, Failure> {
    if let Some((name, location)) = visit.session.as_ref().and_then(|session| crate::office::way_out(identity, session))
    {
        return Ok(Some(at_provider(visit, &name, &location)?));
    }
    let session = visit.session.as_ref().filter(|session| session.door == Door::Citizen);
    let Some(kept) = session.and_then(Kept::of) else { return Ok(None) };
    if let Some((federation, provider)) = identity.provider(&kept.provider, visit.now) {
        let leaving = Leaving { identity, visit, address, federation, provider: &provider };
        let mut tx = visit.web.database().begin().await?;
        let asked = leaving.ask(&mut tx, &kept).await?;
        tx.commit().await?;
        return Ok(asked);
    }
    if let Some(told) = leave_openid(identity, visit, address, &kept).await? {
        return Ok(Some(told));
    }
    // It may hold one, and nobody vouches for it any more: it is not asked.
    let holds = kept.session_index.is_some() || kept.token.is_some();
    Ok(if holds { still_there() } else { None })
}

/// To the page that says that the provider may still know who sits here.
fn still_there() -> Option<Response> {
    Some(Redirect::to("/esci/fatto?gestore=no").into_response())
}

/// The page that leads on to the provider. Browsers follow no redirection of a form to another site (that is what `form-action`
/// forbids), but they do refresh.
pub(crate) fn at_provider(visit: &Visit, provider: &str, location: &str) -> Result<Response, Failure> {
    let page = visit.page("identity.logout.done_title");
    let page = AtProviderPage { page, provider: provider.to_owned(), location: location.to_owned() };
    Ok(([("refresh", format!("0; url={location}"))], Html(page.render()?)).into_response())
}

/// `GET /esci/fatto`.
pub(crate) async fn logged_out(visit: Visit) -> Answer {
    if visit.session.is_some() {
        return Ok(Redirect::to("/esci").into_response());
    }
    let again = if visit.query("ufficio").is_some() { "/ufficio/accesso" } else { "/accesso" };
    let provider = match visit.query("gestore").as_deref() {
        Some("si") => Some("identity.logout.provider_ended"),
        Some("no") => Some("identity.logout.provider_open"),
        _ => None,
    };
    show(&LogoutPage { page: visit.page("identity.logout.done_title"), done: true, provider, again })
}
