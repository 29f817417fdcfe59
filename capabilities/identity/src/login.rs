//! Login of citizens: choose a provider, go there with a signed request, come back with a signed answer, exchange a
//! one-time code for a session.
//!
//! The answer arrives as a POST from another site, with which browsers send no `SameSite=Lax` cookie. So it is only
//! verified and put aside; the browser is sent on to `/accesso/fine`, where it must show the cookie that it got when
//! it set out. Somebody else's answer, slipped into a victim's browser, ends there (login CSRF, session fixation).

pub(crate) mod cards;
mod consume;
mod finish;
pub(crate) mod openid;
pub(crate) mod returning;

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base::new_id;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use web::{Answer, Failure, Page, SetCookie, Visit, components::Tone, show};

pub(crate) use consume::consume;
pub(crate) use finish::finish;
pub(crate) use openid::purpose as openid_purpose;

use crate::{
    Demand, Identity,
    address::Address,
    carrier::{Carrier, Way},
    demonstration,
    federation::{Federation, Kind},
    register::Entry,
    saml::{
        self, AuthnRequest, Provider,
        redirect::{self, Parameter},
    },
    store::logins::{self, Login},
};

/// Time to prove one's identity at the provider.
const PATIENCE: SignedDuration = SignedDuration::from_mins(10);
/// The level of most services.
const USUAL_LEVEL: u8 = 2;

#[derive(Template)]
#[template(path = "login/choose.html")]
struct ChoosePage {
    page: Page,
    groups: Vec<Group>,
    lapsed: bool,
    /// Whether anything but the demonstration can be chosen.
    national: bool,
}

/// Providers that belong together.
struct Group {
    /// The demonstration has none.
    heading: Option<Heading>,
    choices: Vec<Choice>,
}

/// What a group is called, and where its federation explains itself; keys of words.
#[derive(Clone, Copy)]
struct Heading {
    title: &'static str,
    about: &'static str,
    site: &'static str,
}

const SPID: Heading =
    Heading { title: "identity.login.spid", about: "identity.login.about_spid", site: "https://www.spid.gov.it" };
const CIE: Heading = Heading {
    title: "identity.login.cie",
    about: "identity.login.about_cie",
    site: "https://www.cartaidentita.interno.gov.it",
};
const EIDAS: Heading =
    Heading { title: "identity.login.eidas", about: "identity.login.about_eidas", site: "https://www.eid.gov.it" };

const CNS: Heading = Heading {
    title: "identity.login.cns",
    about: "identity.login.about_cns",
    site: "https://www.agid.gov.it/it/piattaforme/carta-nazionale-servizi",
};

struct Choice {
    name: String,
    href: String,
}

/// `GET /accesso`: the providers.
pub(crate) async fn choose(State(identity): State<Identity>, visit: Visit) -> Answer {
    let groups = groups(&identity, &visit);
    show(&ChoosePage {
        page: visit.page("identity.login.title"),
        lapsed: visit.query("scaduta").is_some(),
        national: groups.iter().any(|group| group.heading.is_some()),
        groups,
    })
}

/// Somebody who can be chosen.
struct Offered {
    id: String,
    name: String,
    /// The group that it belongs to.
    place: usize,
    /// Where a login with it begins.
    path: &'static str,
}

/// All who can be chosen now, whatever they speak.
fn offered(identity: &Identity, visit: &Visit) -> Vec<Offered> {
    let mut all = Vec::new();
    for federation in &identity.0.federations {
        for provider in federation.providers(visit.now) {
            let place = match federation.kind {
                _ if provider.id == demonstration::ID => 0,
                Kind::Spid if federation.is_eidas(&provider) => 3,
                Kind::Spid => 1,
                Kind::Cie => 2,
            };
            all.push(Offered {
                id: provider.id.clone(),
                name: provider.name.clone(),
                place,
                path: "/accesso/saml/avvia",
            });
        }
    }
    for federation in identity.0.openid.iter().flat_map(|member| &member.federations) {
        for provider in federation.providers(visit.now) {
            let place = if federation.kind == Kind::Spid { 1 } else { 2 };
            all.push(Offered {
                id: provider.id.clone(),
                name: provider.name.clone(),
                place,
                path: "/accesso/oidc/avvia",
            });
        }
    }
    if identity.0.cards.is_some() {
        all.push(Offered {
            id: crate::cards::ID.to_owned(),
            name: "CNS".to_owned(),
            place: 4,
            path: "/accesso/cns/avvia",
        });
    }
    all
}

/// The demonstration first, by itself: it is no provider of SPID, though it speaks like one.
fn groups(identity: &Identity, visit: &Visit) -> Vec<Group> {
    let (back, level) = (visit.return_path("/profilo"), visit.query("livello"));
    let choice = |one: &Offered| {
        let level = level.as_deref().map(|level| ("livello", level));
        let pairs = [Some(("idp", one.id.as_str())), level, Some(("ritorno", back.as_str()))];
        let query = web::query(&pairs.into_iter().flatten().collect::<Vec<_>>());
        Choice { name: one.name.clone(), href: format!("{}?{query}", one.path) }
    };
    let mut groups: Vec<Group> = [None, Some(SPID), Some(CIE), Some(EIDAS), Some(CNS)]
        .map(|heading| Group { heading, choices: Vec::new() })
        .into_iter()
        .collect();
    for one in shuffled(offered(identity, visit), visit.web.chance().bytes()) {
        groups[one.place].choices.push(choice(&one));
    }
    // These are one provider for everybody; people know the card and not who runs it.
    for (place, name) in [(2, "CIE"), (3, "eIDAS")] {
        if let [only] = groups[place].choices.as_mut_slice() {
            name.clone_into(&mut only.name);
        }
    }
    groups.retain(|group| !group.choices.is_empty());
    groups
}

/// In another order for each visit: SPID wants that no provider always stands first.
fn shuffled(mut all: Vec<Offered>, draw: [u8; 16]) -> Vec<Offered> {
    all.sort_by_cached_key(|one| Sha256::new().chain_update(draw).chain_update(&one.id).finalize());
    all
}

/// `GET /accesso/saml/avvia`: to the provider, with a signed request.
pub(crate) async fn start(State(identity): State<Identity>, visit: Visit, address: Address) -> Answer {
    let asked = visit.query("idp").and_then(|id| identity.provider(&id, visit.now));
    let (federation, provider) = asked.ok_or(Failure::NotFound)?;
    let (secret, cookie) = SetCookie::binding(&visit);
    let return_to = visit.return_path("/profilo");
    let demand = identity.0.demands.of(&return_to);
    let login = Login {
        request_id: format!("_{}", hex::encode(visit.web.chance().bytes::<20>())),
        provider: provider.id.clone(),
        level: asked_level(&visit, demand.as_ref()),
        return_to,
        binding: digest(&secret),
        requested_at: visit.now,
    };
    let way = Way::to(&provider.sign_on, federation.binding).ok_or(Failure::NotFound)?;
    let request = AuthnRequest {
        id: login.request_id.clone(),
        issued_at: visit.now,
        destination: way.endpoint().location.clone(),
        issuer: federation.entity_id.clone(),
        level: login.level,
        attribute_set: federation.attribute_set(&provider, demand.as_ref().map(|demand| demand.service.as_str())),
    };
    let relay_state = new_id(visit.web.clock(), visit.web.chance()).to_string();
    let (message, response) = departure(&visit, &request, &way, &relay_state, federation, &provider)?;
    let mut tx = visit.web.database().begin().await?;
    logins::begin(&mut tx, &login).await?;
    let entry = Entry { direction: "request", provider: &provider.id, request_id: &login.request_id, outcome: "sent" };
    entry.write(&mut tx, &identity, &visit, &address, &message).await?;
    tx.commit().await?;
    Ok((cookie, response).into_response())
}

/// The request as it travels, and the page or the redirection that carries it.
fn departure(
    visit: &Visit,
    request: &AuthnRequest,
    way: &Way,
    relay_state: &str,
    federation: &Federation,
    provider: &Provider,
) -> Result<(String, Response), Failure> {
    let signer = federation.signer();
    match way {
        Way::Redirect(endpoint) => {
            let query = request.to_query(relay_state, signer).map_err(Failure::internal)?;
            let location = redirect::address(&endpoint.location, &query);
            Ok((request.to_xml(), (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()))
        }
        Way::Post(endpoint) => {
            let xml = request.to_signed_xml(signer).map_err(Failure::internal)?;
            let page = Carrier {
                page: visit.page("identity.login.title"),
                text: visit.t1("identity.login.leaving", "provider", &provider.name),
                location: endpoint.location.clone(),
                parameter: Parameter::Request.name(),
                message: STANDARD.encode(&xml),
                relay_state: Some(relay_state.to_owned()),
            };
            Ok((xml, page.response()?))
        }
    }
}

/// `GET /accesso/saml/metadata`: who we are, for SPID.
pub(crate) async fn metadata_of_spid(State(identity): State<Identity>) -> Answer {
    metadata(&identity, Kind::Spid)
}

/// `GET /accesso/cie/metadata`: who we are, for CIE.
pub(crate) async fn metadata_of_cie(State(identity): State<Identity>) -> Answer {
    metadata(&identity, Kind::Cie)
}

fn metadata(identity: &Identity, kind: Kind) -> Answer {
    let federation = identity.federation(kind).ok_or(Failure::NotFound)?;
    let xml = saml::metadata(federation, &identity.0.consumer_url, &identity.0.logout_url);
    let kind = [(header::CONTENT_TYPE, "application/samlmetadata+xml")];
    Ok((kind, xml.map_err(Failure::internal)?).into_response())
}

/// What the service declares, or more where a page asks for it (a way to a stronger login). Never below the usual: what a
/// person sees here is personal, and level 1 is a password alone.
fn asked_level(visit: &Visit, demand: Option<&Demand>) -> u8 {
    let explicit = visit.query("livello").and_then(|text| text.parse().ok()).filter(|level| (1..=3).contains(level));
    let declared = demand.map_or(USUAL_LEVEL, |demand| demand.level);
    explicit.unwrap_or(USUAL_LEVEL).max(declared).max(USUAL_LEVEL)
}

/// As tables keep secrets of browsers.
pub(crate) fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
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
