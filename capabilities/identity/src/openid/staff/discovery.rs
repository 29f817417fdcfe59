use serde_json::{Map, Value};

use crate::openid::{Call, Wire, jose::JwkSet, provider::is_safe};

/// Where the provider tells how it is asked (OpenID Connect Discovery 1.0, 4).
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// Where the provider is asked, and with which keys it signs.
#[derive(Debug)]
pub(crate) struct Endpoints {
    authorization: String,
    pub(super) token: String,
    pub(super) userinfo: Option<String>,
    pub(super) end_session: Option<String>,
    pub(super) keys: JwkSet,
    /// Whether it says with each answer whose it is (RFC 9207).
    pub(crate) names_itself: bool,
    /// Whether our secret goes into a header, and not into the form.
    pub(super) basic: bool,
}

impl Endpoints {
    /// As the provider tells them now. It blocks.
    ///
    /// # Errors
    /// What is wrong with its configuration or its keys, in Italian.
    pub(super) fn ask(wire: &dyn Wire, issuer: &str, strict: bool) -> Result<Self, String> {
        let place = format!("{}{WELL_KNOWN}", issuer.trim_end_matches('/'));
        let said = document(wire, &place)?;
        let text = |name: &str| said.get(name).and_then(Value::as_str);
        if text("issuer") != Some(issuer) {
            let told = text("issuer").unwrap_or("nulla").chars().take(200).collect::<String>();
            return Err(format!("{place}: dice di essere {told}, non {issuer}: scrivi staff.issuer com’è lì"));
        }
        let address = |name: &str| text(name).filter(|address| is_safe(address, strict)).map(str::to_owned);
        let needed =
            |name: &str| address(name).ok_or_else(|| format!("{place}: manca {name}, o non è un indirizzo https"));
        if !lists(&said, "code_challenge_methods_supported", "S256").unwrap_or(true) {
            return Err(format!("{place}: non conosce PKCE con S256"));
        }
        let keys_at = needed("jwks_uri")?;
        let keys =
            JwkSet::read(&Value::Object(document(wire, &keys_at)?)).map_err(|error| format!("{keys_at}: {error}"))?;
        Ok(Self {
            authorization: needed("authorization_endpoint")?,
            token: needed("token_endpoint")?,
            userinfo: address("userinfo_endpoint"),
            end_session: address("end_session_endpoint"),
            keys,
            names_itself: said.get("authorization_response_iss_parameter_supported") == Some(&Value::Bool(true)),
            basic: lists(&said, "token_endpoint_auth_methods_supported", "client_secret_basic").unwrap_or(true),
        })
    }

    /// Where a browser is sent, with what is asked.
    pub(super) fn authorization_with(&self, pairs: &[(&str, &str)]) -> String {
        with(&self.authorization, pairs)
    }
}

/// An address with more behind it.
pub(super) fn with(address: &str, pairs: &[(&str, &str)]) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{}", web::query(pairs))
}

/// Whether a list, if there is one, has this value.
fn lists(said: &Map<String, Value>, name: &str, value: &str) -> Option<bool> {
    let listed = said.get(name)?.as_array()?;
    Some(listed.iter().any(|one| one.as_str() == Some(value)))
}

fn document(wire: &dyn Wire, place: &str) -> Result<Map<String, Value>, String> {
    let reply = wire.send(&Call::to(place)).map_err(|error| format!("{place}: {error}"))?;
    if reply.status != 200 {
        return Err(format!("{place}: risponde {}", reply.status));
    }
    serde_json::from_str(&reply.body).map_err(|error| format!("{place}: {error}"))
}
