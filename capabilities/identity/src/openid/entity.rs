//! What we say of ourselves (OpenID Federation 1.0, 3; rules of SPID and CIE for relying parties).

use base::Timestamp;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Member, OpenProvider, RESOLVE};
use crate::KeyError;

/// A federation reads it again each day; after this it must.
const LIFE: SignedDuration = SignedDuration::from_hours(24);

/// Our entity configuration, signed.
///
/// # Errors
/// [`KeyError`], when the key cannot sign.
pub(crate) fn configuration(member: &Member, now: Timestamp) -> Result<String, KeyError> {
    let begun = now.as_second();
    let mut claims = json!({
        "iss": member.client_id,
        "sub": member.client_id,
        "iat": begun,
        "exp": begun + LIFE.as_secs(),
        "jwks": member.keys.of_federation(),
        "authority_hints": member.hints,
        "metadata": {"federation_entity": federation_entity(member), "openid_relying_party": relying_party(member)},
    });
    let marks = marks(member);
    if !marks.is_empty() {
        claims["trust_marks"] = marks.into();
    }
    member.keys.federation_signer().sign("entity-statement+jwt", &claims)
}

/// Those that were declared, and those that our superiors gave us since.
fn marks(member: &Member) -> Vec<Value> {
    let mut marks = member.marks.clone();
    for mark in member.federations.iter().flat_map(super::OpenFederation::own_marks) {
        if !marks.iter().any(|own| kind(own) == kind(&mark)) {
            marks.push(mark);
        }
    }
    marks
}

fn kind(mark: &Value) -> Option<&str> {
    ["id", "trust_mark_type", "trust_mark_id"].into_iter().find_map(|name| mark.get(name)).and_then(Value::as_str)
}

/// What we know of a provider through a chain of trust (OpenID Federation 1.0, 8.3): only what was looked up before, of whom
/// the federation vouches for.
///
/// # Errors
/// [`KeyError`], when the key cannot sign.
pub(crate) fn resolved(member: &Member, provider: &OpenProvider, now: Timestamp) -> Result<String, KeyError> {
    let claims = json!({
        "iss": member.client_id,
        "sub": provider.id,
        "iat": now.as_second(),
        "exp": provider.ends_at,
        "metadata": provider.metadata,
        "trust_chain": provider.chain,
    });
    member.keys.federation_signer().sign("resolve-response+jwt", &claims)
}

fn federation_entity(member: &Member) -> Value {
    let office = &member.organisation;
    let mut entity = json!({
        "organization_name": office.name,
        "homepage_uri": office.url,
        "policy_uri": format!("{}/privacy", member.public_url),
        "contacts": [office.email],
        "federation_resolve_endpoint": format!("{}{RESOLVE}", member.public_url),
    });
    if let Some(logo) = &member.logo {
        entity["logo_uri"] = logo.as_str().into();
    }
    entity
}

fn relying_party(member: &Member) -> Value {
    let office = &member.organisation;
    json!({
        "application_type": "web",
        "client_id": member.client_id,
        "client_name": office.display_name.as_ref().unwrap_or(&office.name),
        "organization_name": office.name,
        "contacts": [office.email],
        "client_registration_types": ["automatic"],
        "redirect_uris": [member.redirect_uri()],
        "response_types": ["code"],
        // Both must be named; a token to refresh is never asked for.
        "grant_types": ["authorization_code", "refresh_token"],
        "subject_type": "pairwise",
        "jwks": member.keys.published(),
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "RS256",
        "request_object_signing_alg": "RS256",
        "id_token_signed_response_alg": "RS256",
        "userinfo_signed_response_alg": "RS256",
        "userinfo_encrypted_response_alg": "RSA-OAEP-256",
        "userinfo_encrypted_response_enc": "A256CBC-HS512",
    })
}
