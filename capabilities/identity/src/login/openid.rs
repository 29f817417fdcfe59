//! Login with a provider that speaks OpenID Connect: there with a signed request, back with a code, which is exchanged machine
//! to machine. The browser comes back by a plain address, with its cookies: whether it is the one that began is the first
//! question. What follows is the way of every login, by `/accesso/fine`.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Redirect},
};
use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;
use web::{Answer, Failure, SetCookie, Visit};

use super::{
    asked_level, digest, refused,
    returning::{begun_here, code, stray, use_up},
};
use crate::{
    Identity,
    address::Address,
    openid::{
        Member, Refusal, When, entity,
        request::Request,
        tokens::{Exchange, Heard, Identified},
    },
    register::Entry,
    store::logins::{self, Login},
};

/// What the register of strays calls this way.
const DOOR: &str = "oidc";

/// `GET /.well-known/openid-federation`: who we are, for federations of OpenID Connect.
pub(crate) async fn configuration(State(identity): State<Identity>, visit: Visit) -> Answer {
    let member = identity.0.openid.as_ref().ok_or(Failure::NotFound)?;
    let text = entity::configuration(member, visit.now).map_err(Failure::internal)?;
    Ok(([(header::CONTENT_TYPE, "application/entity-statement+jwt")], text).into_response())
}

/// `GET /accesso/oidc/risolvi`: what we know of a provider, for other entities of the federation.
pub(crate) async fn resolve(State(identity): State<Identity>, visit: Visit) -> Answer {
    let member = identity.0.openid.as_ref().ok_or(Failure::NotFound)?;
    let known = visit.query("sub").and_then(|id| member.provider(&id, visit.now));
    let (federation, provider) = known.ok_or(Failure::NotFound)?;
    let anchor = visit.query("trust_anchor").or_else(|| visit.query("anchor"));
    if anchor.is_some_and(|anchor| anchor != federation.anchor.name) {
        return Err(Failure::NotFound);
    }
    let text = entity::resolved(member, &provider, visit.now).map_err(Failure::internal)?;
    Ok(([(header::CONTENT_TYPE, "application/resolve-response+jwt")], text).into_response())
}

/// `GET /accesso/oidc/avvia`: to the provider, with a signed request.
pub(crate) async fn start(State(identity): State<Identity>, visit: Visit, address: Address) -> Answer {
    let member = identity.0.openid.as_ref().ok_or(Failure::NotFound)?;
    let asked = visit.query("idp").and_then(|id| member.provider(&id, visit.now));
    let (federation, provider) = asked.ok_or(Failure::NotFound)?;
    let (secret, cookie) = SetCookie::binding(&visit);
    let return_to = visit.return_path("/profilo");
    let demand = identity.0.demands.of(&return_to);
    let login = Login {
        request_id: hex::encode(visit.web.chance().bytes::<32>()),
        provider: provider.id.clone(),
        level: asked_level(&visit, demand.as_ref()),
        return_to,
        binding: digest(&secret),
        requested_at: visit.now,
    };
    let request = Request {
        member,
        kind: federation.kind,
        provider: &provider,
        state: &login.request_id,
        level: login.level,
        language: visit.language.tag(),
        now: visit.now,
    };
    let (object, location) = request.departure().map_err(Failure::internal)?;
    let mut tx = visit.web.database().begin().await?;
    logins::begin(&mut tx, &login).await?;
    let entry = Entry { direction: "request", provider: &provider.id, request_id: &login.request_id, outcome: "sent" };
    entry.write(&mut tx, &identity, &visit, &address, &object).await?;
    tx.commit().await?;
    Ok((cookie, (StatusCode::FOUND, [(header::LOCATION, location)])).into_response())
}

/// `GET /accesso/oidc/ritorno`: the provider's answer, carried by the browser that set out.
pub(crate) async fn come_back(State(identity): State<Identity>, visit: Visit, address: Address) -> Answer {
    let member = identity.0.openid.as_ref().ok_or(Failure::NotFound)?;
    let login = match begun_here(&visit).await? {
        Ok(login) => login,
        Err(refusal) => {
            stray(&visit, DOOR, "", &refusal).await?;
            return refuse(&visit, &refusal);
        }
    };
    let place = member.arriving.take().ok_or(Failure::Busy)?;
    if !use_up(&visit, &login).await? {
        stray(&visit, DOOR, &login.request_id, &Refusal::UnknownRequest).await?;
        return refuse(&visit, &Refusal::UnknownRequest);
    }
    let (heard, outcome) = match arrived(member, &visit, &login) {
        Ok(exchange) => exchanged(&identity, exchange, place).await?,
        Err(refusal) => (Heard::new(), Err(refusal)),
    };
    // What the browser alone brought, nobody vouches for.
    if let (true, Err(refusal)) = (heard.is_empty(), &outcome) {
        stray(&visit, DOOR, &login.request_id, refusal).await?;
        return refuse(&visit, refusal);
    }
    let told = match &outcome {
        Ok(_) => "accepted".to_owned(),
        Err(refusal) => refusal.to_string(),
    };
    let mut tx = visit.web.database().begin().await?;
    let entry =
        Entry { direction: "response", provider: &login.provider, request_id: &login.request_id, outcome: &told };
    entry.write(&mut tx, &identity, &visit, &address, &Value::Object(heard).to_string()).await?;
    let answer = match outcome {
        Ok(identified) => put_aside(&mut tx, &identity, &visit, &login, identified).await?,
        Err(refusal) => refuse(&visit, &refusal)?,
    };
    tx.commit().await?;
    Ok(answer)
}

/// What there is to exchange.
fn arrived(member: &Member, visit: &Visit, login: &Login) -> Result<Exchange, Refusal> {
    let (federation, provider) = member.provider(&login.provider, visit.now).ok_or(Refusal::UnknownRequest)?;
    Ok(Exchange {
        kind: federation.kind,
        state: login.request_id.clone(),
        code: code(visit, &provider.id, true)?,
        provider,
        level: login.level,
        requested_at: login.requested_at,
        when: When { now: visit.now, skew: jiff::SignedDuration::ZERO },
        proof: hex::encode(visit.web.chance().bytes::<16>()),
    })
}

async fn exchanged(
    identity: &Identity,
    mut exchange: Exchange,
    place: OwnedSemaphorePermit,
) -> Result<(Heard, Result<Identified, Refusal>), Failure> {
    exchange.when.skew = identity.0.skew;
    let parts = Arc::clone(&identity.0);
    let work = tokio::task::spawn_blocking(move || {
        // Held by the work, which goes on when the browser leaves.
        let _place = place;
        let member = parts.openid.as_ref().expect("a login of a member is exchanged");
        exchange.run(member)
    });
    work.await.map_err(Failure::internal)
}

/// Who it is, under a one-time code for the page that begins the session.
async fn put_aside(
    tx: &mut database::Tx,
    identity: &Identity,
    visit: &Visit,
    login: &Login,
    identified: Identified,
) -> Answer {
    let code = hex::encode(visit.web.chance().bytes::<32>());
    let mut claims = identified.claims;
    let vault = &identity.0.factors.vault;
    claims.token = vault.seal(visit.web.chance(), &purpose(&login.provider), identified.access_token.as_bytes());
    if !logins::answer(tx, &login.request_id, &digest(&code), &claims, visit.now).await? {
        return refuse(visit, &Refusal::UnknownRequest);
    }
    Ok(Redirect::to(&format!("/accesso/fine?codice={code}")).into_response())
}

/// What a token is sealed for.
pub(crate) fn purpose(provider: &str) -> String {
    format!("openid {provider}")
}

/// Why is for the register and the log; the person reads what can be done.
fn refuse(visit: &Visit, refusal: &Refusal) -> Answer {
    tracing::warn!(%refusal, reference = visit.request_id, "a login by OpenID Connect was refused");
    let (status, key) = match refusal {
        Refusal::UnknownRequest => (StatusCode::FORBIDDEN, "identity.refused.expired"),
        Refusal::Browser => (StatusCode::FORBIDDEN, "identity.refused.browser"),
        Refusal::Told(error) if is_wish(error) => (StatusCode::FORBIDDEN, "identity.refused.given_up"),
        Refusal::Told(_) | Refusal::Endpoint(..) => (StatusCode::BAD_GATEWAY, "identity.refused.provider"),
        Refusal::Level => (StatusCode::FORBIDDEN, "identity.refused.level"),
        Refusal::NoFiscalCode => (StatusCode::FORBIDDEN, "identity.refused.no_code"),
        _ => (StatusCode::FORBIDDEN, "identity.refused.untrusted"),
    };
    refused(visit, status, key)
}

/// Whether the person, and nobody else, ended the login.
pub(crate) fn is_wish(error: &str) -> bool {
    ["access_denied", "consent_required", "interaction_required", "login_required", "rejected_by_user"].contains(&error)
}
