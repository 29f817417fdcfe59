use base::Timestamp;
use serde_json::Value;

use super::{StaffProvider, discovery::with};
use crate::openid::{
    Refusal, When,
    id_token::is_for,
    jose::{JoseError, Jws},
    seconds,
};

/// What the token is about (OpenID Connect Back-Channel Logout 1.0, 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Such a token is not good for longer, whatever it says.
const LONGEST: i64 = 600;

/// Somebody who left at the provider.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Gone {
    /// Names the message: it is heard once.
    pub(crate) id: String,
    pub(crate) subject: String,
    /// One session alone.
    pub(crate) session: Option<String>,
    pub(crate) ends_at: Timestamp,
}

impl StaffProvider {
    /// Who left, if the provider says so. It blocks: a key that is new is looked up, as for who comes.
    ///
    /// # Errors
    /// [`Refusal::Token`], [`Refusal::Claim`].
    pub(crate) fn gone(&self, token: &str, when: When) -> Result<Gone, Refusal> {
        let told = |error| Refusal::Token("logout_token", error);
        let wrong = |what| Refusal::Claim("logout_token", what);
        let endpoints = self.endpoints().ok_or(wrong("iss"))?;
        let jws = Jws::read(token).and_then(|jws| jws.of_type_or_plain("logout+jwt")).map_err(told)?;
        let mut outcome = jws.verify(&endpoints.keys);
        let newer;
        if let (Err(JoseError::UnknownKey(_)), Some(found)) = (&outcome, self.newer_keys(when.now)) {
            newer = found;
            outcome = jws.verify(&newer.keys);
        }
        let said = outcome.map_err(told)?;
        let text = |name: &str| said.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        if text("iss") != Some(&self.issuer) {
            return Err(wrong("iss"));
        }
        if !is_for(said, &self.client_id) {
            return Err(wrong("aud"));
        }
        // What was given to let somebody in is no word that they left.
        if said.contains_key("nonce")
            || !said.get("events").is_some_and(|events| events.get(EVENT).is_some_and(Value::is_object))
        {
            return Err(wrong("events"));
        }
        let begun = seconds(said, "iat").filter(|begun| when.is_after(*begun)).ok_or(wrong("iat"))?;
        let end = seconds(said, "exp").unwrap_or(i64::MAX).min(begun.saturating_add(LONGEST));
        if !when.is_before(end) {
            return Err(wrong("exp"));
        }
        let subject = text("sub").ok_or(wrong("sub"))?.to_owned();
        let session = text("sid").map(str::to_owned);
        let id = text("jti").ok_or(wrong("jti"))?.to_owned();
        Ok(Gone { id, subject, session, ends_at: Timestamp::from_second(end).map_err(|_| wrong("exp"))? })
    }

    /// Where a browser goes to leave the provider, too (OpenID Connect RP-Initiated Logout 1.0). The token is not shown there:
    /// addresses are written down in many places, and it says who somebody is. So the provider asks before it ends anything.
    pub(crate) fn way_out(&self) -> Option<String> {
        let place = self.endpoints()?.end_session.clone()?;
        let back = format!("{}/esci/fatto", self.public_url);
        Some(with(&place, &[("client_id", &self.client_id), ("post_logout_redirect_uri", &back)]))
    }
}
