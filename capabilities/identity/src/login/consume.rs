use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use database::Tx;
use web::{Answer, Failure, Posted, Visit};

use super::{Entry, PATIENCE, digest, refused};
use crate::{
    Identity,
    address::Address,
    saml::{Claims, Expected, Message, Refusal},
    store::logins,
};

/// `POST /accesso/saml/acs`: the provider's answer. Believed, it is put aside under a one-time code.
pub(crate) async fn consume(
    State(identity): State<Identity>,
    visit: Visit,
    address: Address,
    posted: Posted,
) -> Answer {
    let message = Message::read(posted.text("SAMLResponse"));
    let mut tx = visit.web.database().begin().await?;
    let outcome = match &message {
        Ok(message) => accept(&mut tx, &identity, &visit, message).await?,
        Err(refusal) => Err(refusal.clone()),
    };
    match (outcome, message) {
        (Ok(Accepted { code, provider }), Ok(message)) => {
            note(&mut tx, &identity, &visit, &address, (&message, &provider, "accepted")).await?;
            tx.commit().await?;
            Ok(Redirect::to(&format!("/accesso/fine?codice={code}")).into_response())
        }
        (Ok(_), Err(refusal)) | (Err(refusal), Err(_)) => refuse(&visit, &refusal),
        (Err(refusal), Ok(message)) => {
            // What a refused answer wrote (a used assertion, say) is rolled back; the note about it is not.
            drop(tx);
            let mut tx = visit.web.database().begin().await?;
            // Answers to nothing that we asked are not kept: anybody could fill the disk with them.
            if let Some(provider) = logins::provider_asked(&mut tx, &message.in_response_to).await? {
                let outcome = refusal.to_string();
                note(&mut tx, &identity, &visit, &address, (&message, &provider, &outcome)).await?;
                tx.commit().await?;
            }
            refuse(&visit, &refusal)
        }
    }
}

/// Into the register of messages: the message, its provider, what became of it.
async fn note(
    tx: &mut Tx,
    identity: &Identity,
    visit: &Visit,
    address: &Address,
    (message, provider, outcome): (&Message, &str, &str),
) -> database::Result<()> {
    let entry = Entry { direction: "response", provider, request_id: &message.in_response_to, outcome };
    entry.write(tx, identity, visit, address, &message.xml).await
}

fn refuse(visit: &Visit, refusal: &Refusal) -> Answer {
    tracing::warn!(%refusal, "an identity provider's answer was refused");
    refused(visit, StatusCode::FORBIDDEN, advice(refusal))
}

struct Accepted {
    code: String,
    provider: String,
}

async fn accept(
    tx: &mut Tx,
    identity: &Identity,
    visit: &Visit,
    message: &Message,
) -> Result<Result<Accepted, Refusal>, Failure> {
    let since = visit.now.saturating_sub(PATIENCE).map_err(Failure::internal)?;
    let Some(login) = logins::waiting(tx, &message.in_response_to, since).await? else {
        return Ok(Err(Refusal::UnknownRequest));
    };
    let claims = match verify(identity, visit, message, &login) {
        Ok(claims) => claims,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let assertion = format!("{} {}", login.provider, claims.assertion_id);
    let code = hex::encode(visit.web.chance().bytes::<32>());
    let fresh = logins::use_assertion(tx, &assertion, claims.ends_at).await?
        && logins::answer(tx, &login.request_id, &digest(&code), &claims, visit.now).await?;
    Ok(if fresh { Ok(Accepted { code, provider: login.provider }) } else { Err(Refusal::Replayed) })
}

fn verify(identity: &Identity, visit: &Visit, message: &Message, login: &logins::Login) -> Result<Claims, Refusal> {
    let parts = &identity.0;
    let provider = identity.provider(&login.provider).ok_or(Refusal::UnknownRequest)?;
    message.verify(&Expected {
        provider: &provider.entity_id,
        certificates: &provider.certificates,
        audience: &parts.entity_id,
        consumer_url: &parts.consumer_url,
        request_id: &login.request_id,
        requested_at: login.requested_at,
        level: login.level,
        now: visit.now,
        skew: parts.skew,
    })
}

/// The words for a person: those that SPID prescribes for anomalies of the login (19 to 23, 25), else one sentence.
/// Why an answer was not believed is for the register, not for whoever sent it.
fn advice(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Level => "identity.refused.level",
        Refusal::Status(Some(19)) => "identity.refused.nr19",
        Refusal::Status(Some(20)) => "identity.refused.nr20",
        Refusal::Status(Some(21)) => "identity.refused.nr21",
        Refusal::Status(Some(22)) => "identity.refused.nr22",
        Refusal::Status(Some(23)) => "identity.refused.nr23",
        Refusal::Status(Some(25)) => "identity.refused.nr25",
        Refusal::UnknownRequest | Refusal::Replayed => "identity.refused.expired",
        _ => "identity.refused.untrusted",
    }
}
