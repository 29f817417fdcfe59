//! Passkeys: the form that a script fills in, what it sends, and coming in with a passkey alone.

use std::sync::LazyLock;

use askama::Template;
use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Redirect},
};
use database::Tx;
use sha2::{Digest, Sha256};
use web::{
    Answer, Door, Failure, Page, Posted, Session, Visit,
    components::{Fault, Field},
    sessions, show,
};

use super::{
    LOGIN,
    entering::{Kept, Proof, ask, back, enter, wait_on_threshold},
    own_ways,
};
use crate::{
    Identity,
    factors::passkeys::{self, ALGORITHMS, Answered, Asked},
    store::{self, employees},
};

/// Where a passkey alone opens.
const ALONE: &str = "/ufficio/accesso/passkey";
/// The file changes with the program only, and its address with the file.
const KEPT_SECONDS: u32 = 86_400;
const SCRIPT: &str = include_str!("passkey.js");
static SCRIPT_ADDRESS: LazyLock<String> = LazyLock::new(|| {
    let digest = Sha256::digest(SCRIPT);
    format!("{ALONE}.js?v={}", hex::encode(&digest[..6]))
});

/// `GET /ufficio/accesso/passkey.js`: the only script of the office. Browsers give passkeys to scripts alone.
pub(super) async fn script() -> impl IntoResponse {
    web::cacheable(KEPT_SECONDS, ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT))
}

/// A form with one button, whose hidden fields the script fills in with what the passkey said.
#[derive(Template)]
#[template(path = "office/passkey_form.html")]
pub(super) struct PasskeyForm {
    page: Page,
    /// Where it is sent.
    action: &'static str,
    /// `get` or `create`.
    ceremony: &'static str,
    challenge: String,
    site: String,
    /// The passkeys among which the device chooses, or which it has already; separated by blanks.
    known: String,
    /// Whether the device must make sure of its holder.
    verified: bool,
    /// Whose passkey is to be made: handle, account, name.
    holder: [String; 3],
    algorithms: String,
    /// What the new one shall be called.
    name: Option<Field>,
    /// Words of the button.
    button: &'static str,
    script: &'static str,
}

impl PasskeyForm {
    /// Asks for a passkey of anybody.
    pub(super) fn get(visit: &Visit, identity: &Identity, challenge: String, action: &'static str) -> Self {
        Self {
            page: visit.page("identity.passkey.title"),
            action,
            ceremony: "get",
            challenge,
            site: identity.0.factors.site.id.clone(),
            known: String::new(),
            verified: true,
            holder: Default::default(),
            algorithms: String::new(),
            name: None,
            button: "identity.passkey.use",
            script: SCRIPT_ADDRESS.as_str(),
        }
    }

    /// Of these passkeys, as the second proof of somebody: having it is enough.
    pub(super) fn only(self, ids: &[String]) -> Self {
        Self { known: ids.join(" "), verified: false, ..self }
    }

    /// Asks for a new passkey of `officer` beside those that there are.
    pub(super) fn create(self, identity: &Identity, officer: &crate::Officer, ids: &[String]) -> Self {
        let handle = identity.0.factors.site.handle(&officer.id);
        let name = Field::text("nome", self.page.t("identity.passkey.name"));
        let name = name.hint(self.page.t("identity.passkey.name_hint")).width(30).optional();
        Self {
            name: Some(name),
            ceremony: "create",
            holder: [handle, officer.id.clone(), officer.name.clone()],
            algorithms: ALGORITHMS.map(|number| number.to_string()).join(" "),
            button: "identity.passkey.make",
            ..self.only(ids)
        }
    }
}

impl askama::filters::HtmlSafe for PasskeyForm {}

/// What the script sent.
pub(super) struct Said<'a> {
    posted: &'a Posted,
}

impl<'a> Said<'a> {
    /// `None` for a form that no script filled in.
    pub(super) fn of(posted: &'a Posted) -> Option<Self> {
        let filled = !posted.text("credenziale").is_empty();
        filled.then_some(Self { posted })
    }

    pub(super) fn answered(&self) -> Answered<'a> {
        Answered { client_data: self.posted.text("contesto"), authenticator_data: self.posted.text("dispositivo") }
    }

    pub(super) fn algorithm(&self) -> i64 {
        self.posted.text("algoritmo").parse().unwrap_or_default()
    }

    pub(super) fn public_key(&self) -> &'a str {
        self.posted.text("chiave")
    }
}

/// A question that was asked of a passkey.
pub(super) struct Asking<'a> {
    pub(super) identity: &'a Identity,
    pub(super) visit: &'a Visit,
    pub(super) kept: &'a Kept,
    pub(super) verified: bool,
}

impl Asking<'_> {
    pub(super) fn asked(&self) -> Asked<'_> {
        Asked { site: &self.identity.0.factors.site, challenge: &self.kept.challenge, verified: self.verified }
    }

    /// Whose passkey gave the answer, if it is a good one; its use is noted then.
    pub(super) async fn check(&self, tx: &mut Tx, said: &Said<'_>) -> Result<Option<String>, Failure> {
        let id = said.posted.text("credenziale");
        let Some(held) = store::passkeys::find(tx, id).await? else { return Ok(None) };
        let signature = said.posted.text("firma");
        let handle = said.posted.text("titolare");
        let other = (self.verified || !handle.is_empty()) && handle != self.identity.0.factors.site.handle(&held.staff);
        let outcome = if other {
            Err(passkeys::Refusal::Holder)
        } else {
            passkeys::verify(&self.asked(), &said.answered(), &held.passkey, signature)
        };
        match outcome {
            Ok(counter) => {
                store::passkeys::note_use(tx, id, counter, self.visit.now).await?;
                Ok(Some(held.staff))
            }
            Err(refusal) => {
                tracing::warn!(officer = held.staff, %refusal, "a passkey was refused");
                Ok(None)
            }
        }
    }
}

#[derive(Template)]
#[template(path = "office/passkey.html")]
struct AlonePage {
    page: Page,
    faults: Vec<Fault>,
    form: PasskeyForm,
}

/// `POST /ufficio/accesso/passkey/inizia`: a question for whoever stands at the door.
pub(super) async fn begin_alone(State(identity): State<Identity>, visit: Visit, posted: Posted) -> Answer {
    own_ways(&identity)?;
    let mut tx = visit.web.database().begin().await?;
    let kept = Kept { back: back(posted.text("ritorno")), ..Kept::default() };
    let cookie = wait_on_threshold(&mut tx, &visit, None, kept).await?;
    tx.commit().await?;
    Ok((cookie, Redirect::to(ALONE)).into_response())
}

/// `GET /ufficio/accesso/passkey`.
pub(super) async fn alone_page(State(identity): State<Identity>, visit: Visit) -> Answer {
    match at_the_door(&visit) {
        Some(session) => show(&page(&identity, &visit, session, false).await?),
        None => Ok(Redirect::to(LOGIN).into_response()),
    }
}

/// `POST /ufficio/accesso/passkey`: a passkey that made sure of its holder opens by itself.
pub(super) async fn enter_alone(State(identity): State<Identity>, visit: Visit, posted: Posted) -> Answer {
    own_ways(&identity)?;
    let Some(session) = at_the_door(&visit) else { return Ok(Redirect::to(LOGIN).into_response()) };
    let kept = Kept::of(session);
    let mut tx = visit.web.database().begin().await?;
    if !sessions::consume(&mut tx, session).await? {
        return Ok(Redirect::to(LOGIN).into_response());
    }
    let asking = Asking { identity: &identity, visit: &visit, kept: &kept, verified: true };
    let holder = match Said::of(&posted) {
        Some(said) => asking.check(&mut tx, &said).await?,
        None => None,
    };
    let officer = match holder {
        // Whom the provider lets in, it can keep out: what was set up here opens nothing without it.
        Some(id) if employees::is_one(&mut tx, &id).await? => None,
        Some(id) => store::staff::active(&mut tx, &id).await?,
        None => None,
    };
    let Some(officer) = officer else {
        drop(tx);
        return web::show_faulty(&page(&identity, &visit, session, true).await?);
    };
    let next = back(&kept.back);
    let cookie = enter(&mut tx, &identity, &visit, officer, kept.and(Proof::Passkey)).await?;
    tx.commit().await?;
    Ok((cookie, Redirect::to(&next)).into_response())
}

/// Who is about to show a passkey, and has shown nothing yet.
fn at_the_door(visit: &Visit) -> Option<&Session> {
    visit.session.as_ref().filter(|session| session.door == Door::Threshold && session.subject.is_empty())
}

async fn page(identity: &Identity, visit: &Visit, session: &Session, faulty: bool) -> Result<AlonePage, Failure> {
    let challenge = ask(visit, session).await?;
    let message = visit.t("identity.passkey.wrong").to_owned();
    let faults: Vec<_> = faulty.then(|| Fault { field: "passkey".to_owned(), message }).into_iter().collect();
    let form = PasskeyForm::get(visit, identity, challenge, ALONE);
    Ok(AlonePage { page: visit.page("identity.passkey.title").faulty(faulty), faults, form })
}
