//! The officials' own door.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect},
};
use database::Tx;
use jiff::SignedDuration;
use web::{
    Answer, Door, NewSession, Page, Posted, SetCookie, Visit,
    components::{Fault, Field, Tone},
    sessions, show,
};

use crate::{DemoOfficer, Identity, Officer, address::Address, guesses::Attempt, staff, store};

const HOME: &str = "/ufficio";

#[derive(Template)]
#[template(path = "office/login.html")]
struct LoginPage {
    page: Page,
    faults: Vec<Fault>,
    account: Field,
    password: Field,
    samples: Vec<DemoOfficer>,
    lapsed: bool,
    back: String,
}

/// `GET /ufficio/accesso`.
pub(crate) async fn login_page(State(identity): State<Identity>, visit: Visit) -> Answer {
    show(&page(&identity, &visit, &back(&visit.return_path(HOME)), "", None))
}

/// `POST /ufficio/accesso`: account and password; a second factor will stand between the two and the session.
pub(crate) async fn sign_in(
    State(identity): State<Identity>,
    visit: Visit,
    address: Address,
    posted: Posted,
) -> Answer {
    let id: String = posted.text("utente").chars().take(60).collect::<String>().to_lowercase();
    let typed = posted.all("password").next().unwrap_or_default().to_owned();
    let back = back(posted.text("ritorno"));
    let attempt = Attempt::new(&id, &address.digest(&identity.0.address_secret));

    let mut tx = visit.web.database().begin().await?;
    let admitted = attempt.admit(&mut tx, visit.now).await?;
    let hash = store::staff::password_hash(&mut tx, &id).await?;
    tx.commit().await?;
    if let Err(free_at) = admitted {
        let message = visit.t1("identity.office.wait", "time", how_long(&visit, free_at.duration_since(visit.now)));
        return answer(StatusCode::TOO_MANY_REQUESTS, &page(&identity, &visit, &back, &id, Some(message)));
    }
    if !staff::verify(typed, hash).await {
        let message = visit.t("identity.office.wrong").to_owned();
        return answer(StatusCode::UNPROCESSABLE_ENTITY, &page(&identity, &visit, &back, &id, Some(message)));
    }
    let mut tx = visit.web.database().begin().await?;
    attempt.forgive(&mut tx, visit.now).await?;
    let officer = store::staff::active(&mut tx, &id).await?.ok_or(web::Failure::Unauthenticated)?;
    let cookie = enter(&mut tx, &visit, officer).await?;
    tx.commit().await?;
    Ok((cookie, Redirect::to(&back)).into_response())
}

/// `30 secondi`, `2 minuti`: rounded up, so that who waits so long waited enough.
fn how_long(visit: &Visit, wait: SignedDuration) -> String {
    let seconds = wait.as_secs().max(1);
    let page = visit.page("identity.office.title");
    if seconds < 60 {
        page.tn("identity.office.seconds", seconds)
    } else {
        page.tn("identity.office.minutes", (seconds + 59) / 60)
    }
}

/// The session of an official who proved who he is. Whatever proves it comes before.
async fn enter(tx: &mut Tx, visit: &Visit, officer: Officer) -> database::Result<SetCookie> {
    store::staff::note_login(tx, &officer.id, visit.now).await?;
    let data = serde_json::json!({ "factors": ["password"] });
    let session = NewSession { subject: officer.id, name: officer.name, door: Door::Staff, level: 1, data };
    sessions::begin(tx, visit, session).await
}

/// Officials return to pages of the office only. The path was or will be checked to be local by the first characters.
fn back(path: &str) -> String {
    let odd = |c: char| c == '\\' || c.is_control();
    let own = path == HOME || path.starts_with("/ufficio/") || path.starts_with("/ufficio?");
    if own && !path.contains(odd) { path.to_owned() } else { HOME.to_owned() }
}

fn page(identity: &Identity, visit: &Visit, back: &str, account: &str, fault: Option<String>) -> LoginPage {
    let faults: Vec<_> = fault.map(|message| Fault { field: "utente".to_owned(), message }).into_iter().collect();
    let page = visit.page("identity.office.title").faulty(!faults.is_empty());
    let demonstration = identity.0.demonstration.as_ref();
    LoginPage {
        account: Field::text("utente", page.t("identity.office.account"))
            .input("text", "username")
            .width(30)
            .value(account)
            .fault_from(&faults),
        password: Field::text("password", page.t("identity.office.password"))
            .input("password", "current-password")
            .width(30),
        samples: demonstration.map(|idp| idp.officers.clone()).unwrap_or_default(),
        lapsed: visit.query("scaduta").is_some(),
        back: back.to_owned(),
        faults,
        page,
    }
}

fn answer(status: StatusCode, page: &LoginPage) -> Answer {
    Ok((status, Html(page.render()?)).into_response())
}

#[cfg(test)]
mod tests {
    use super::back;

    #[test]
    fn officials_return_to_the_office_only() {
        for own in ["/ufficio", "/ufficio/pratiche?stato=aperta", "/ufficio?x=1"] {
            assert_eq!(back(own), own);
        }
        for other in [
            "",
            "/",
            "/ufficioso",
            "//altrove.example",
            "https://altrove.example/ufficio",
            "/ufficio/\\x",
            "/ufficio/\n",
        ] {
            assert_eq!(back(other), "/ufficio", "{other}");
        }
    }
}
