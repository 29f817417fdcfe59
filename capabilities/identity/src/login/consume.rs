use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use database::Tx;
use web::{Answer, Failure, Posted, Visit};

use super::{PATIENCE, digest, refused};
use crate::{
    Identity,
    address::Address,
    register::{Entry, Stray},
    saml::{Claims, Expected, Message, Refusal},
    store::logins::{self, Login},
};

/// Refused answers to one question that are kept.
const MOST_KEPT: i64 = 5;

/// `POST /accesso/saml/acs`: the provider's answer. Believed, it is put aside under a one-time code.
pub(crate) async fn consume(
    State(identity): State<Identity>,
    visit: Visit,
    address: Address,
    posted: Posted,
) -> Answer {
    let sent = posted.text("SAMLResponse");
    let message = match Message::read(sent) {
        Ok(message) => message,
        Err(refusal) => {
            stray(&visit, "", sent, &refusal).await?;
            return refuse(&visit, &refusal);
        }
    };
    let refusal = match believed(&identity, &visit, &message).await? {
        Err(refusal) => refusal,
        Ok((login, claims)) => {
            let mut tx = visit.web.database().begin().await?;
            match put_aside(&mut tx, &visit, &login, &claims).await? {
                // What a refused answer wrote (a used assertion, say) is rolled back; the note about it is not.
                None => Refusal::Replayed,
                Some(code) => {
                    note(&mut tx, &identity, &visit, &address, (&message, &login.provider, "accepted")).await?;
                    tx.commit().await?;
                    return Ok(Redirect::to(&format!("/accesso/fine?codice={code}")).into_response());
                }
            }
        }
    };
    // Of a question only some answers are kept, and only what the provider signed: anybody could fill the disk with others.
    let request = &message.in_response_to;
    let asked = logins::provider_asked(&mut visit.web.database().read().await?, request).await?;
    let vouches = |id: &String| {
        let provider = identity.provider(id, visit.now);
        provider.is_some_and(|(_, provider)| message.is_signed_by(&provider.certificates))
    };
    match &asked {
        Some(provider) if vouches(provider) => {
            let mut tx = visit.web.database().begin().await?;
            if logins::answers_to(&mut tx, request).await? < MOST_KEPT {
                note(&mut tx, &identity, &visit, &address, (&message, provider, &refusal.to_string())).await?;
                tx.commit().await?;
            }
        }
        Some(_) => stray(&visit, request, sent, &refusal).await?,
        None => stray(&visit, "", sent, &refusal).await?,
    }
    refuse(&visit, &refusal)
}

async fn stray(visit: &Visit, request_id: &str, sent: &str, refusal: &Refusal) -> database::Result<()> {
    let stray = Stray { door: "saml", request_id, message: sent.as_bytes(), outcome: &refusal.to_string() };
    stray.note(&visit.web, visit.now).await
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
    tracing::warn!(%refusal, reference = visit.request_id, "an identity provider's answer was refused");
    refused(visit, StatusCode::FORBIDDEN, advice(refusal))
}

/// The login that the answer belongs to, and what it says, once it is believed. Signatures are checked before anything is
/// written: whoever sends nonsense does not keep others from writing.
async fn believed(
    identity: &Identity,
    visit: &Visit,
    message: &Message,
) -> Result<Result<(Login, Claims), Refusal>, Failure> {
    let since = visit.now.saturating_sub(PATIENCE).map_err(Failure::internal)?;
    let mut tx = visit.web.database().read().await?;
    let login = logins::waiting(&mut tx, &message.in_response_to, since).await?;
    drop(tx);
    let Some(login) = login else { return Ok(Err(Refusal::UnknownRequest)) };
    Ok(verify(identity, visit, message, &login).map(|claims| (login, claims)))
}

/// Puts what was believed aside under a one-time code; `None` when the assertion was used before, or the login was answered.
async fn put_aside(tx: &mut Tx, visit: &Visit, login: &Login, claims: &Claims) -> Result<Option<String>, Failure> {
    let assertion = format!("{} {}", login.provider, claims.assertion_id);
    let code = hex::encode(visit.web.chance().bytes::<32>());
    let fresh = logins::use_assertion(tx, &assertion, claims.ends_at).await?
        && logins::answer(tx, &login.request_id, &digest(&code), claims, visit.now).await?;
    Ok(fresh.then_some(code))
}

fn verify(identity: &Identity, visit: &Visit, message: &Message, login: &Login) -> Result<Claims, Refusal> {
    let (federation, provider) = identity.provider(&login.provider, visit.now).ok_or(Refusal::UnknownRequest)?;
    message.verify(&Expected {
        kind: federation.kind,
        provider: &provider.entity_id,
        certificates: &provider.certificates,
        audience: &federation.entity_id,
        consumer_url: &identity.0.consumer_url,
        request_id: &login.request_id,
        requested_at: login.requested_at,
        level: login.level,
        now: visit.now,
        skew: identity.0.skew,
    })
}

/// The words for a person: those that SPID prescribes for anomalies of the login (19 to 23, 25, 30), else one sentence.
/// Why an answer was not believed is for the register, not for whoever sent it.
fn advice(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Level => "identity.refused.level",
        Refusal::NoFiscalCode => "identity.refused.no_code",
        Refusal::Status(Some(19)) => "identity.refused.nr19",
        Refusal::Status(Some(20)) => "identity.refused.nr20",
        Refusal::Status(Some(21)) => "identity.refused.nr21",
        Refusal::Status(Some(22)) => "identity.refused.nr22",
        Refusal::Status(Some(23)) => "identity.refused.nr23",
        Refusal::Status(Some(25)) => "identity.refused.nr25",
        Refusal::Status(Some(30)) => "identity.refused.nr30",
        Refusal::UnknownRequest | Refusal::Replayed => "identity.refused.expired",
        _ => "identity.refused.untrusted",
    }
}
