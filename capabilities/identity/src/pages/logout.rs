use askama::Template;
use axum::{
    extract::State,
    response::{Html, IntoResponse, Redirect, Response},
};
use database::Tx;
use web::{Answer, Door, Failure, Page, SetCookie, Visit, sessions, show};

use crate::{
    Identity,
    address::Address,
    logout::{Leaving, leave_openid},
    person::Kept,
    saml::Provider,
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
/// next to sit here may be another. Then to the provider, if it holds a session of its own.
pub(crate) async fn logout(State(identity): State<Identity>, visit: Visit, address: Address) -> Answer {
    let staff = visit.session.as_ref().is_some_and(|session| session.door != Door::Citizen);
    let mut tx = visit.web.database().begin().await?;
    let onward = onward(&mut tx, &identity, &visit, &address).await?;
    let cookie = sessions::end(&mut tx, &visit).await?;
    tx.commit().await?;
    let onward = match onward {
        Some(onward) => Some(onward),
        None => leave_openid(&identity, &visit, &address).await?,
    };
    let location = if staff { "/esci/fatto?ufficio=1" } else { "/esci/fatto" };
    let response = onward.unwrap_or_else(|| Redirect::to(location).into_response());
    Ok((cookie, SetCookie::nothing_carried(&visit), response).into_response())
}

async fn onward(
    tx: &mut Tx,
    identity: &Identity,
    visit: &Visit,
    address: &Address,
) -> Result<Option<Response>, Failure> {
    let session = visit.session.as_ref().filter(|session| session.door == Door::Citizen);
    let Some(kept) = session.and_then(Kept::of) else { return Ok(None) };
    let Some((federation, provider)) = identity.provider(&kept.provider, visit.now) else { return Ok(None) };
    let leaving = Leaving { identity, visit, address, federation, provider: &provider };
    leaving.ask(tx, &kept).await
}

/// The page that leads on to the provider.
pub(crate) fn at_provider(visit: &Visit, provider: &Provider, location: &str) -> Result<Response, Failure> {
    let page = visit.page("identity.logout.done_title");
    let page = AtProviderPage { page, provider: provider.name.clone(), location: location.to_owned() };
    Ok(Html(page.render()?).into_response())
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
