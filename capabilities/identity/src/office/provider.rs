//! The officials' way in by the administration's own identity provider, and out again.

use std::sync::Arc;

use askama::Template;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Redirect},
};
use serde_json::{Value, json};
use web::{Answer, Failure, Page, Posted, Session, SetCookie, Visit, sessions};

use super::{
    HOME, SECURITY,
    entering::{AtProvider, Kept, Proof, back, go_on},
};
use crate::{
    Identity,
    address::Address,
    login::{
        digest,
        openid::is_wish,
        returning::{begun_here, code, stray, use_up},
    },
    openid::{
        Refusal, When,
        staff::{Arrival, Arrived, NotPlaced, StaffProvider},
        tokens::Heard,
    },
    register::Entry,
    store::{
        employees::{self, Settled},
        logins::{self, Login},
    },
};

/// What the register of strays calls this way.
const DOOR: &str = "ente";

fn provider(identity: &Identity) -> Result<&StaffProvider, Failure> {
    identity.0.staff.as_ref().ok_or(Failure::NotFound)
}

/// Whoever is about to change the ways in proves anew at the provider who they are: what its cookie says is not enough there.
fn is_anew(return_to: &str) -> bool {
    return_to.starts_with(SECURITY)
}

/// The way there by which who it is is proved anew.
pub(super) const ANEW: &str = "/ufficio/accesso/ente/avvia?ritorno=/ufficio/sicurezza";

/// `GET /ufficio/accesso/ente/chiavi.json`: the public key with which we prove who we are, for the provider.
pub(super) async fn keys(State(identity): State<Identity>) -> Answer {
    let published = provider(&identity)?.published().ok_or(Failure::NotFound)?;
    Ok(Json(published).into_response())
}

/// `GET /ufficio/accesso/ente/avvia`: to the provider.
pub(super) async fn depart(State(identity): State<Identity>, visit: Visit, address: Address) -> Answer {
    let staff = provider(&identity)?;
    let Some(endpoints) = staff.endpoints() else {
        return refused(&visit, StatusCode::SERVICE_UNAVAILABLE, "identity.employer.silent");
    };
    let (secret, cookie) = SetCookie::binding(&visit);
    let login = Login {
        request_id: hex::encode(visit.web.chance().bytes::<32>()),
        provider: staff.mark(),
        level: 0,
        return_to: back(&visit.return_path(HOME)),
        binding: digest(&secret),
        requested_at: visit.now,
    };
    let anew = is_anew(&login.return_to);
    let location = staff.departure(&endpoints, &login.request_id, visit.language.tag(), anew);
    let mut tx = visit.web.database().begin().await?;
    logins::begin(&mut tx, &login).await?;
    let entry = Entry { direction: "request", provider: &staff.issuer, request_id: &login.request_id, outcome: "sent" };
    entry.write(&mut tx, &identity, &visit, &address, &location).await?;
    tx.commit().await?;
    Ok((cookie, (StatusCode::FOUND, [(header::LOCATION, location)])).into_response())
}

/// `GET /ufficio/accesso/ente/ritorno`: the provider's answer, carried by the browser that set out.
pub(super) async fn come_back(State(identity): State<Identity>, visit: Visit, address: Address) -> Answer {
    let staff = provider(&identity)?;
    let begun = begun_here(&visit).await?;
    let login = match begun.and_then(|login| of_staff(login, staff)) {
        Ok(login) => login,
        Err(refusal) => {
            stray(&visit, DOOR, "", &refusal).await?;
            return refuse(&visit, &refusal);
        }
    };
    let place = staff.arriving.take().ok_or(Failure::Busy)?;
    let code = if use_up(&visit, &login).await? { asked(staff, &visit) } else { Err(Refusal::UnknownRequest) };
    let arrival = code.and_then(|code| arrival(&identity, staff, &visit, (&login, code)));
    let (heard, outcome) = match arrival {
        Ok(arrival) => exchanged(&identity, arrival, place).await?,
        Err(refusal) => (Heard::new(), Err(refusal)),
    };
    // What the browser alone brought, nobody vouches for.
    if let (true, Err(refusal)) = (heard.is_empty(), &outcome) {
        stray(&visit, DOOR, &login.request_id, refusal).await?;
        return refuse(&visit, refusal);
    }
    let told = outcome.as_ref().map_or_else(ToString::to_string, |_| "accepted".to_owned());
    let mut tx = visit.web.database().begin().await?;
    let entry = Entry { direction: "response", provider: &staff.issuer, request_id: &login.request_id, outcome: &told };
    entry.write(&mut tx, &identity, &visit, &address, &Value::Object(heard).to_string()).await?;
    let answer = match outcome {
        Ok(arrived) => let_in(&mut tx, &identity, &visit, (&login, &arrived)).await?,
        Err(refusal) => refuse(&visit, &refusal)?,
    };
    tx.commit().await?;
    Ok(answer)
}

/// A login of an official: one of a citizen is none, nor is one at another provider.
fn of_staff(login: Login, staff: &StaffProvider) -> Result<Login, Refusal> {
    if login.provider == staff.mark() { Ok(login) } else { Err(Refusal::UnknownRequest) }
}

fn asked(staff: &StaffProvider, visit: &Visit) -> Result<String, Refusal> {
    let named = staff.endpoints().is_some_and(|endpoints| endpoints.names_itself);
    code(visit, &staff.issuer, named)
}

fn arrival(
    identity: &Identity,
    staff: &StaffProvider,
    visit: &Visit,
    (login, code): (&Login, String),
) -> Result<Arrival, Refusal> {
    let endpoints = staff.endpoints().ok_or(Refusal::UnknownRequest)?;
    Ok(Arrival {
        endpoints,
        state: login.request_id.clone(),
        code,
        requested_at: login.requested_at,
        anew: is_anew(&login.return_to),
        when: When { now: visit.now, skew: identity.0.skew },
        proof: hex::encode(visit.web.chance().bytes::<16>()),
    })
}

async fn exchanged(
    identity: &Identity,
    arrival: Arrival,
    place: tokio::sync::OwnedSemaphorePermit,
) -> Result<(Heard, Result<Arrived, Refusal>), Failure> {
    let parts = Arc::clone(&identity.0);
    let work = tokio::task::spawn_blocking(move || {
        // Held by the work, which goes on when the browser leaves.
        let _place = place;
        arrival.run(parts.staff.as_ref().expect("a login of a provider is exchanged with it"))
    });
    work.await.map_err(Failure::internal)
}

/// Inside, or on the threshold of a second proof; or why the provider's word is not enough. What it takes from somebody is
/// taken at once.
async fn let_in(
    tx: &mut database::Tx,
    identity: &Identity,
    visit: &Visit,
    (login, arrived): (&Login, &Arrived),
) -> Answer {
    let staff = provider(identity)?;
    let subject = format!("{} {}", staff.issuer, arrived.subject);
    let employee = match staff.employee(arrived) {
        Ok(employee) => employee,
        Err(why) => {
            tracing::warn!(%why, reference = visit.request_id, "an official of the provider has no place here");
            if let Some(id) = employees::strip(tx, &subject).await? {
                sessions::end_all(tx, &id).await?;
            }
            return refused(visit, StatusCode::FORBIDDEN, key(&why));
        }
    };
    let officer = match employees::settle(tx, &subject, &employee, visit.now).await? {
        Settled::In(officer) => officer,
        Settled::Closed => return refused(visit, StatusCode::FORBIDDEN, "identity.employer.closed"),
        Settled::Taken => {
            tracing::warn!(account = employee.account, "an official of the provider has the name of another's account");
            return refused(visit, StatusCode::FORBIDDEN, "identity.employer.taken");
        }
    };
    let at_provider = AtProvider { session: arrived.session.clone(), proved_at: arrived.proved_at };
    let proof = if arrived.twice { Proof::ProviderTwice } else { Proof::Provider };
    let kept =
        Kept { proofs: vec![proof], back: login.return_to.clone(), provider: Some(at_provider), ..Kept::default() };
    let (cookie, next) = go_on(tx, identity, visit, officer, kept).await?;
    Ok((cookie, Redirect::to(&next)).into_response())
}

fn key(why: &NotPlaced) -> &'static str {
    match why {
        NotPlaced::Untold(_) => "identity.employer.untold",
        NotPlaced::Nowhere => "identity.employer.nowhere",
        NotPlaced::Torn(_) => "identity.employer.torn",
    }
}

/// `POST /ufficio/accesso/ente/fuori`: the provider tells that somebody left it, or must. It comes from another machine, without
/// a browser; what it says is signed.
pub(super) async fn left(State(identity): State<Identity>, visit: Visit, posted: Posted) -> Answer {
    let staff = provider(&identity)?;
    let (token, when) = (posted.text("logout_token").to_owned(), When { now: visit.now, skew: identity.0.skew });
    let place = staff.arriving.take().ok_or(Failure::Busy)?;
    let parts = Arc::clone(&identity.0);
    let work = tokio::task::spawn_blocking(move || {
        let _place = place;
        parts.staff.as_ref().expect("a provider's word is heard where there is one").gone(&token, when)
    });
    let gone = match work.await.map_err(Failure::internal)? {
        Ok(gone) => gone,
        Err(refusal) => {
            tracing::warn!(%refusal, "a provider's word that somebody left was refused");
            return Ok((StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_request"}))).into_response());
        }
    };
    let mut tx = visit.web.database().begin().await?;
    if !logins::use_assertion(&mut tx, &format!("left {}", gone.id), gone.ends_at).await? {
        return Ok((StatusCode::BAD_REQUEST, Json(json!({"error": "invalid_request"}))).into_response());
    }
    if let Some(held) = employees::find(&mut tx, &format!("{} {}", staff.issuer, gone.subject)).await? {
        let of_it = |session: &Session| match (&gone.session, Kept::of(session).provider) {
            // A provider that names sessions only where they end means all of them.
            (Some(one), Some(kept)) => kept.session.as_ref().is_none_or(|own| own == one),
            (Some(_), None) => false,
            (None, _) => true,
        };
        sessions::end_where(&mut tx, &held.id, of_it).await?;
    }
    tx.commit().await?;
    Ok(StatusCode::OK.into_response())
}

/// Where an official who leaves goes on to, whom the provider let in; and what it is called.
pub(crate) fn way_out(identity: &Identity, session: &Session) -> Option<(String, String)> {
    let staff = identity.0.staff.as_ref()?;
    Kept::of(session).provider?;
    Some((staff.name.clone(), staff.way_out()?))
}

#[derive(Template)]
#[template(path = "office/refused.html")]
struct RefusedPage {
    page: Page,
    text: String,
    reference: String,
}

/// Why is for the register and the log; the official reads what can be done.
fn refuse(visit: &Visit, refusal: &Refusal) -> Answer {
    tracing::warn!(%refusal, reference = visit.request_id, "a login of an official by the provider was refused");
    let (status, key) = match refusal {
        Refusal::UnknownRequest => (StatusCode::FORBIDDEN, "identity.refused.expired"),
        Refusal::Browser => (StatusCode::FORBIDDEN, "identity.refused.browser"),
        Refusal::Told(error) if is_wish(error) => (StatusCode::FORBIDDEN, "identity.employer.given_up"),
        Refusal::Told(_) | Refusal::Endpoint(..) => (StatusCode::BAD_GATEWAY, "identity.employer.failed"),
        _ => (StatusCode::FORBIDDEN, "identity.employer.untrusted"),
    };
    refused(visit, status, key)
}

fn refused(visit: &Visit, status: StatusCode, key: &str) -> Answer {
    let text = visit.t(key).to_owned();
    let page = visit.page("identity.refused.title").crumb(visit.t("identity.office.title"), super::LOGIN);
    let page = RefusedPage { page, text, reference: visit.request_id.clone() };
    Ok((status, Html(page.render()?)).into_response())
}
