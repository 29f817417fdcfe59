//! Login of citizens: choose a provider, go there with a signed request, come back with a signed answer, exchange a
//! one-time code for a session.
//!
//! The answer arrives as a POST from another site, with which browsers send no `SameSite=Lax` cookie. So it is only
//! verified and put aside; the browser is sent on to `/accesso/fine`, where it must show the cookie that it got when
//! it set out. Somebody else's answer, slipped into a victim's browser, ends there (login CSRF, session fixation).

mod consume;
mod finish;

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{Html, IntoResponse},
};
use base::new_id;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use web::{Answer, Failure, Page, SetCookie, Visit, components::Tone, percent, show};

pub(crate) use consume::consume;
pub(crate) use finish::finish;

use crate::{
    Identity, Provider,
    address::Address,
    saml::{self, AuthnRequest},
    store::logins::{self, Login, MessageRow},
};

/// Time to prove one's identity at the provider.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// The level of most services.
const USUAL_LEVEL: u8 = 2;

#[derive(Template)]
#[template(path = "login/choose.html")]
struct ChoosePage {
    page: Page,
    providers: Vec<Choice>,
    lapsed: bool,
    national: bool,
}

struct Choice {
    name: String,
    href: String,
}

/// `GET /accesso`: the providers.
pub(crate) async fn choose(State(identity): State<Identity>, visit: Visit) -> Answer {
    let (back, level) = (percent(&visit.return_path("/profilo")), asked_level(&visit));
    let choice = |provider: &Provider| Choice {
        name: provider.name.clone(),
        href: format!("/accesso/saml/avvia?idp={}&livello={level}&ritorno={back}", percent(&provider.id)),
    };
    let parts = &identity.0;
    let demonstrations = usize::from(parts.demonstration.is_some());
    show(&ChoosePage {
        page: visit.page("identity.login.title"),
        providers: parts.providers.iter().map(choice).collect(),
        lapsed: visit.query("scaduta").is_some(),
        national: parts.providers.len() > demonstrations,
    })
}

/// `GET /accesso/saml/avvia`: to the provider, with a signed request.
pub(crate) async fn start(State(identity): State<Identity>, visit: Visit, address: Address) -> Answer {
    let parts = &identity.0;
    let provider = visit.query("idp").and_then(|id| identity.provider(&id)).ok_or(Failure::NotFound)?;
    let (secret, cookie) = SetCookie::binding(&visit);
    let login = Login {
        request_id: format!("_{}", hex::encode(visit.web.chance().bytes::<20>())),
        provider: provider.id.clone(),
        level: asked_level(&visit),
        return_to: visit.return_path("/profilo"),
        binding: digest(&secret),
        requested_at: visit.now,
    };
    let request = AuthnRequest {
        id: login.request_id.clone(),
        issued_at: visit.now,
        destination: provider.sign_on_url.clone(),
        issuer: parts.entity_id.clone(),
        level: login.level,
    };
    let relay_state = new_id(visit.web.clock(), visit.web.chance()).to_string();
    let query = request.to_query(&relay_state, &parts.signer).map_err(Failure::internal)?;
    let mut tx = visit.web.database().begin().await?;
    logins::begin(&mut tx, &login).await?;
    let entry = Entry { direction: "request", provider: &provider.id, request_id: &login.request_id, outcome: "sent" };
    entry.write(&mut tx, &identity, &visit, &address, &request.to_xml()).await?;
    tx.commit().await?;
    let joint = if provider.sign_on_url.contains('?') { '&' } else { '?' };
    let location = format!("{}{joint}{query}", provider.sign_on_url);
    Ok((StatusCode::FOUND, cookie, [(header::LOCATION, location)]).into_response())
}

/// `GET /accesso/saml/metadata`: who we are, for the federation.
pub(crate) async fn metadata(State(identity): State<Identity>, visit: Visit) -> Answer {
    let parts = &identity.0;
    let name = visit.web.settings().office.name.get(base::Language::Italian);
    let xml = saml::metadata(&parts.entity_id, &parts.consumer_url, name, &parts.signer).map_err(Failure::internal)?;
    Ok(([(header::CONTENT_TYPE, "application/samlmetadata+xml")], xml).into_response())
}

fn asked_level(visit: &Visit) -> u8 {
    visit
        .query("livello")
        .and_then(|text| text.parse().ok())
        .filter(|level| (1..=3).contains(level))
        .unwrap_or(USUAL_LEVEL)
}

/// As tables keep secrets of browsers.
fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

/// What the register says of a message, beside its text.
struct Entry<'a> {
    direction: &'static str,
    provider: &'a str,
    request_id: &'a str,
    outcome: &'a str,
}

impl Entry<'_> {
    async fn write(
        &self,
        tx: &mut database::Tx,
        identity: &Identity,
        visit: &Visit,
        address: &Address,
        message: &str,
    ) -> database::Result<()> {
        let row = MessageRow {
            id: new_id(visit.web.clock(), visit.web.chance()),
            at: visit.now,
            direction: self.direction,
            provider: self.provider,
            request_id: self.request_id,
            message,
            outcome: self.outcome,
            address: &address.digest(&identity.0.address_secret),
        };
        logins::register(tx, &row).await
    }
}

#[derive(Template)]
#[template(path = "login/refused.html")]
struct RefusedPage {
    page: Page,
    text: String,
    reference: String,
}

/// A login that came to nothing: what happened, what to do, and the way to begin again.
fn refused(visit: &Visit, status: StatusCode, key: &str) -> Answer {
    let text = visit.t(key).to_owned();
    let page = visit.page("identity.refused.title").crumb(visit.t("identity.login.title"), "/accesso");
    let page = RefusedPage { page, text, reference: visit.request_id.clone() };
    Ok((status, Html(page.render()?)).into_response())
}
