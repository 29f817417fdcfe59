use aws_lc_rs::digest;
use base::Timestamp;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Member, OpenProvider, jose::encode};
use crate::{KeyError, federation::Kind, saml::level_class};

/// Time until the browser must have carried it to the provider.
const LIFE: SignedDuration = SignedDuration::from_mins(5);
/// The claim with a person's fiscal code.
pub(crate) const FISCAL_NUMBER: &str = "https://attributes.eid.gov.it/fiscal_number";
/// The claim with a person's account at a provider of SPID.
pub(crate) const SPID_CODE: &str = "https://attributes.eid.gov.it/spid_code";

/// A wish that a provider identify somebody.
pub(crate) struct Request<'a> {
    pub(crate) member: &'a Member,
    pub(crate) kind: Kind,
    pub(crate) provider: &'a OpenProvider,
    pub(crate) state: &'a str,
    pub(crate) level: u8,
    pub(crate) language: &'static str,
    pub(crate) now: Timestamp,
}

impl Request<'_> {
    /// The signed request, and the address that carries it to the provider.
    ///
    /// # Errors
    /// [`KeyError`], when the key cannot sign.
    pub(crate) fn departure(&self) -> Result<(String, String), KeyError> {
        let (member, provider) = (self.member, self.provider);
        let verifier = member.secret.derived("verifier", self.state);
        let challenge = encode(digest::digest(&digest::SHA256, verifier.as_bytes()));
        let begun = self.now.as_second();
        let claims = json!({
            "iss": member.client_id,
            "aud": [provider.id],
            "iat": begun,
            "exp": begun + LIFE.as_secs(),
            "jti": member.secret.derived("request", self.state),
            "client_id": member.client_id,
            "response_type": "code",
            "scope": "openid",
            "redirect_uri": member.redirect_uri(),
            "state": self.state,
            "nonce": member.secret.derived("nonce", self.state),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            // Who sat at this computer before is not asked about: everybody shows anew who they are, and agrees.
            "prompt": "consent login",
            "acr_values": level_class(self.level),
            "ui_locales": [self.language],
            "claims": wanted(self.kind),
        });
        let object = member.keys.signer().sign("JWT", &claims)?;
        let pairs = [
            ("client_id", member.client_id.as_str()),
            ("response_type", "code"),
            ("scope", "openid"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("request", &object),
        ];
        let joint = if provider.authorization.contains('?') { '&' } else { '?' };
        let address = format!("{}{joint}{}", provider.authorization, web::query(&pairs));
        Ok((object, address))
    }
}

/// What the house itself uses, and no more: who the person is, and how to reach them.
fn wanted(kind: Kind) -> Value {
    let needed = json!({"essential": true});
    let mut userinfo = json!({
        "given_name": needed,
        "family_name": needed,
        "birthdate": needed,
        FISCAL_NUMBER: needed,
        "email": null,
    });
    if kind == Kind::Spid {
        userinfo[SPID_CODE] = needed;
    }
    json!({"userinfo": userinfo})
}
