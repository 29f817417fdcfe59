//! The officials' own door: account and password, then a second proof.

mod enrol;
mod entering;
mod logins;
mod passkey;
mod provider;
mod second;
mod security;

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect},
    routing::{get, post},
};
use jiff::SignedDuration;
use web::{
    Answer, MenuItem, Page, Posted, Visit,
    components::{Fault, Field, Tone},
    show,
};

use crate::{
    DemoOfficer, Identity,
    address::Address,
    guesses::Attempt,
    openid::staff::{CALLBACK, KEYS, LEFT},
    staff, store,
};
use entering::{Kept, Proof, back, go_on};
pub use logins::{StaffLogin, logins_of};
pub(crate) use provider::way_out;

const HOME: &str = "/ufficio";
const LOGIN: &str = "/ufficio/accesso";
/// Where the second proof is asked for.
const SECOND: &str = "/ufficio/accesso/secondo";
/// Where one is set up.
const ENROL: &str = "/ufficio/accesso/attiva";
/// The ways into one's own account.
const SECURITY: &str = "/ufficio/sicurezza";

/// Leads officials to the ways into their own account. The app puts it into `web::Settings::office_menu`.
pub const OWN_ACCESS: MenuItem = MenuItem { key: "identity.security.menu", href: SECURITY };

/// The door, and what lies behind it for everybody's own account.
pub(crate) fn routes() -> Router<Identity> {
    Router::new()
        .route("/ufficio/accesso", get(login_page).post(sign_in))
        .route("/ufficio/accesso/secondo", get(second::second_page).post(second::prove))
        .route("/ufficio/accesso/attiva", get(enrol::enrol_page).post(enrol::enrol_app))
        .route("/ufficio/accesso/attiva/passkey", post(enrol::enrol_passkey).get(enrol::enrol_page))
        .route("/ufficio/accesso/passkey", get(passkey::alone_page).post(passkey::enter_alone))
        .route("/ufficio/accesso/passkey/inizia", post(passkey::begin_alone))
        .route("/ufficio/accesso/passkey.js", get(passkey::script))
        .route("/ufficio/accesso/ente/avvia", get(provider::depart))
        .route(CALLBACK, get(provider::come_back))
        .route(LEFT, post(provider::left))
        .route(KEYS, get(provider::keys))
        .route("/ufficio/sicurezza", get(security::security))
        .route("/ufficio/sicurezza/altri", post(security::end_others))
        .route("/ufficio/sicurezza/codici", post(security::renew_codes))
        .route("/ufficio/sicurezza/togli", post(security::remove))
        .route("/ufficio/sicurezza/password", post(security::change_password))
}

#[derive(Template)]
#[template(path = "office/login.html")]
struct LoginPage {
    page: Page,
    faults: Vec<Fault>,
    account: Field,
    password: Field,
    samples: Vec<DemoOfficer>,
    lapsed: bool,
    /// Whether who is inside is asked to come in anew.
    confirm: bool,
    /// The administration's own provider, and where the way to it begins.
    employer: Option<(String, String)>,
    /// Whether accounts of our own open.
    passwords: bool,
    back: String,
}

/// Whether accounts with a password of our own come in; where the provider alone opens, there is no such door.
fn own_ways(identity: &Identity) -> Result<(), web::Failure> {
    let open = identity.0.staff.as_ref().is_none_or(|staff| staff.passwords);
    if open { Ok(()) } else { Err(web::Failure::NotFound) }
}

/// `GET /ufficio/accesso`.
async fn login_page(State(identity): State<Identity>, visit: Visit) -> Answer {
    show(&page(&identity, &visit, &back(&visit.return_path(HOME)), "", None))
}

/// `POST /ufficio/accesso`: account and password. Whoever has a second proof, or needs one, is on the threshold then.
async fn sign_in(State(identity): State<Identity>, visit: Visit, address: Address, posted: Posted) -> Answer {
    own_ways(&identity)?;
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
    let wrong = || {
        let message = visit.t("identity.office.wrong").to_owned();
        answer(StatusCode::UNPROCESSABLE_ENTITY, &page(&identity, &visit, &back, &id, Some(message)))
    };
    if !staff::verify(typed, hash.clone()).await {
        // Of an account that is not there nothing is written: what was typed may be a password.
        if hash.is_some() {
            let mut tx = visit.web.database().begin().await?;
            logins::note(&mut tx, (&identity, &visit), &id, (Proof::Password.as_str(), false)).await?;
            tx.commit().await?;
        }
        return wrong();
    }
    let mut tx = visit.web.database().begin().await?;
    // It took a while to compare: by now the account may have another password.
    if !store::staff::keeps_password(&mut tx, &id, hash.as_deref().unwrap_or_default()).await? {
        return wrong();
    }
    attempt.forgive(&mut tx, visit.now).await?;
    let officer = store::staff::active(&mut tx, &id).await?.ok_or(web::Failure::Unauthenticated)?;
    let kept = Kept { proofs: vec![Proof::Password], back, ..Kept::default() };
    let (cookie, next) = go_on(&mut tx, &identity, &visit, officer, kept).await?;
    tx.commit().await?;
    Ok((cookie, Redirect::to(&next)).into_response())
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
        confirm: visit.query("conferma").is_some(),
        employer: identity.0.staff.as_ref().map(|staff| {
            let href = format!("/ufficio/accesso/ente/avvia?ritorno={}", web::percent(back));
            (staff.name.clone(), href)
        }),
        passwords: own_ways(identity).is_ok(),
        back: back.to_owned(),
        faults,
        page,
    }
}

fn answer(status: StatusCode, page: &LoginPage) -> Answer {
    Ok((status, Html(page.render()?)).into_response())
}
