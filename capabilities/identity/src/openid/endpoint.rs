//! What is asked of a provider machine to machine: how we prove there who we are, and what it gives.

use base::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::{Call, Refusal, Reply, Wire, jose::OwnKey};

/// How the proof below is called where it is shown (RFC 7523).
pub(crate) const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long a proof of who we are may be used.
const PROOF_LIFE: i64 = 120;
const LONGEST_TOKEN: usize = 16 * 1024;

/// What a provider gives for a code.
#[derive(Deserialize)]
pub(crate) struct Tokens {
    pub(crate) access_token: String,
    token_type: String,
    pub(crate) id_token: String,
}

impl Tokens {
    /// The tokens in an answer, if they are such as we can show again in a header.
    ///
    /// # Errors
    /// [`Refusal::Endpoint`].
    pub(crate) fn read(reply: &Reply) -> Result<Self, Refusal> {
        let tokens: Self =
            serde_json::from_str(&reply.body).map_err(|_| Refusal::Endpoint("token", "gives no tokens".to_owned()))?;
        let header = |text: &str| text.len() <= LONGEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic());
        let usable = tokens.token_type.eq_ignore_ascii_case("Bearer")
            && header(&tokens.access_token)
            && !tokens.access_token.is_empty();
        if usable { Ok(tokens) } else { Err(Refusal::Endpoint("token", "gives a token of another kind".to_owned())) }
    }
}

/// That it is us who ask (`private_key_jwt`): for this endpoint, for some moments. `id` names the proof.
pub(crate) fn proof(
    (key, client_id): (&OwnKey, &str),
    endpoint: &str,
    (id, now): (&str, Timestamp),
) -> Result<String, Refusal> {
    let begun = now.as_second();
    let claims = json!({
        "iss": client_id,
        "sub": client_id,
        "aud": [endpoint],
        "iat": begun,
        "exp": begun + PROOF_LIFE,
        "jti": id,
    });
    key.sign("JWT", &claims).map_err(|error| Refusal::Endpoint("own key", error.to_string()))
}

/// The answer of an endpoint, if it is a good one. It blocks.
pub(crate) fn asked(wire: &dyn Wire, call: &Call, name: &'static str) -> Result<Reply, Refusal> {
    let reply = wire.send(call).map_err(|error| Refusal::Endpoint(name, error.to_string()))?;
    if reply.status == 200 { Ok(reply) } else { Err(Refusal::Endpoint(name, format!("HTTP {}", reply.status))) }
}
