use askama::Template;
use axum::response::{IntoResponse, Redirect};
use web::{Answer, Door, Page, SetCookie, Visit, sessions, show};

#[derive(Template)]
#[template(path = "pages/logout.html")]
struct LogoutPage {
    page: Page,
    done: bool,
    again: &'static str,
}

/// `GET /esci`: asks first. A link in somebody else's page logs nobody out.
pub(crate) async fn ask_logout(visit: Visit) -> Answer {
    if visit.session.is_none() {
        return Ok(Redirect::to("/esci/fatto").into_response());
    }
    show(&LogoutPage { page: visit.page("identity.logout.title"), done: false, again: "/accesso" })
}

/// `POST /esci`: ends the session on the server; the browser's cookie goes too, and what it carried for one person: the
/// next to sit here may be another.
pub(crate) async fn logout(visit: Visit) -> Answer {
    let staff = visit.session.as_ref().is_some_and(|session| session.door == Door::Staff);
    let mut tx = visit.web.database().begin().await?;
    let cookie = sessions::end(&mut tx, &visit).await?;
    tx.commit().await?;
    let location = if staff { "/esci/fatto?ufficio=1" } else { "/esci/fatto" };
    Ok((cookie, SetCookie::nothing_carried(&visit), Redirect::to(location)).into_response())
}

/// `GET /esci/fatto`.
pub(crate) async fn logged_out(visit: Visit) -> Answer {
    if visit.session.is_some() {
        return Ok(Redirect::to("/esci").into_response());
    }
    let again = if visit.query("ufficio").is_some() { "/ufficio/accesso" } else { "/accesso" };
    show(&LogoutPage { page: visit.page("identity.logout.done_title"), done: true, again })
}
