//! Login with the card of services: to the port at which it shows its certificate, and back.

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use web::{Answer, Failure, SetCookie, Visit};

use super::{asked_level, digest, refused};
use crate::{
    Identity,
    address::Address,
    cards::{CardRefusal, ID, SHOW},
    register::Entry,
    store::logins::{self, Login},
};

/// `GET /accesso/cns/avvia`: to the port of cards, which is told nothing but the request's name.
pub(crate) async fn start(State(identity): State<Identity>, visit: Visit, address: Address) -> Answer {
    let cards = identity.0.cards.as_ref().ok_or(Failure::NotFound)?;
    let (secret, cookie) = SetCookie::binding(&visit);
    let return_to = visit.return_path("/profilo");
    let demand = identity.0.demands.of(&return_to);
    let login = Login {
        request_id: hex::encode(visit.web.chance().bytes::<32>()),
        provider: ID.to_owned(),
        level: asked_level(&visit, demand.as_ref()),
        return_to,
        binding: digest(&secret),
        requested_at: visit.now,
    };
    let mut tx = visit.web.database().begin().await?;
    logins::begin(&mut tx, &login).await?;
    let entry = Entry { direction: "request", provider: ID, request_id: &login.request_id, outcome: "sent" };
    entry.write(&mut tx, &identity, &visit, &address, SHOW).await?;
    tx.commit().await?;
    let location = format!("{}{SHOW}?stato={}", cards.public_url, login.request_id);
    Ok((cookie, (StatusCode::FOUND, [(header::LOCATION, location)])).into_response())
}

/// `GET /accesso/cns/esito`: why a card opened nothing, in words of ours alone.
pub(crate) async fn outcome(State(identity): State<Identity>, visit: Visit) -> Answer {
    identity.0.cards.as_ref().ok_or(Failure::NotFound)?;
    let word = visit.query("motivo").unwrap_or_default();
    refused(&visit, StatusCode::FORBIDDEN, CardRefusal::advice(&word))
}
