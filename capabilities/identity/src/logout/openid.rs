//! Who leaves here leaves the provider, too: the token with which it would go on is revoked.

use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};
use web::{Failure, Visit};

use crate::{Identity, address::Address, login::openid_purpose, openid::tokens, person::Kept, register::Entry};

/// Tells the provider of OpenID Connect, if one opened this session; `None` if it cannot be told. The session here has ended
/// already: nobody waits for a provider to be rid of it.
pub(crate) async fn leave(
    identity: &Identity,
    visit: &Visit,
    address: &Address,
    kept: &Kept,
) -> Result<Option<Response>, Failure> {
    let Some(member) = identity.0.openid.as_ref() else { return Ok(None) };
    let sealed = kept.token.as_deref();
    let token = sealed.and_then(|sealed| identity.0.factors.vault.open(&openid_purpose(&kept.provider), sealed));
    let (Some(token), Some((_, provider))) = (token, member.provider(&kept.provider, visit.now)) else {
        return Ok(None);
    };
    let Some(place) = member.leaving.take() else { return Ok(None) };
    let proof = hex::encode(visit.web.chance().bytes::<16>());
    let (parts, now, asked) = (Arc::clone(&identity.0), visit.now, proof.clone());
    let work = tokio::task::spawn_blocking(move || {
        let _place = place;
        let member = parts.openid.as_ref().expect("who leaves a provider came in by it");
        tokens::revoke(member, &provider, &String::from_utf8_lossy(&token), (&asked, now))
    });
    let outcome = work.await.map_err(Failure::internal)?;
    if let Err(refusal) = &outcome {
        tracing::warn!(%refusal, reference = visit.request_id, "a session at a provider was not ended");
    }
    let (told, way) = match outcome {
        Ok(()) => ("ended at the provider", "si"),
        Err(_) => ("not ended at the provider", "no"),
    };
    let mut tx = visit.web.database().begin().await?;
    let entry = Entry { direction: "logout-request", provider: &kept.provider, request_id: &proof, outcome: told };
    entry.write(&mut tx, identity, visit, address, "{}").await?;
    tx.commit().await?;
    Ok(Some(Redirect::to(&format!("/esci/fatto?gestore={way}")).into_response()))
}
