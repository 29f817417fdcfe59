use base::Timestamp;
use serde_json::Value;

use super::{
    Refusal, When,
    jose::{Claims as Said, JwkSet, Jws, left_half},
    seconds,
};

/// Names of a person at a provider are not longer (OpenID Connect Core, 2).
const LONGEST: usize = 255;

/// What an ID token must say (OpenID Connect Core, 3.1.3.7).
pub(crate) struct Expected<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) nonce: &'a str,
    pub(crate) requested_at: Timestamp,
    pub(crate) when: When,
    /// What came with it, and what it was given for.
    pub(crate) access_token: &'a str,
    pub(crate) code: &'a str,
    /// Whether it must name the access token, which a provider may leave out unless its profile says otherwise.
    pub(crate) bound: bool,
}

/// An ID token that says what was expected.
#[derive(Debug)]
pub(crate) struct IdToken<'a> {
    pub(crate) said: &'a Said,
    pub(crate) subject: &'a str,
    /// Seconds since 1970.
    pub(crate) ends_at: i64,
}

impl Expected<'_> {
    /// What the token says, if one of `keys` signed it and it is the answer to what was asked.
    ///
    /// # Errors
    /// [`Refusal::Token`], [`Refusal::Claim`].
    pub(crate) fn verified<'j>(&self, jws: &'j Jws<'_>, keys: &JwkSet) -> Result<IdToken<'j>, Refusal> {
        let said = jws.verify(keys).map_err(|error| Refusal::Token("id_token", error))?;
        let text = |name: &str| said.get(name).and_then(Value::as_str);
        if text("iss") != Some(self.issuer) {
            return Err(wrong("iss"));
        }
        if !is_for(said, self.client_id) {
            return Err(wrong("aud"));
        }
        if text("azp").is_some_and(|azp| azp != self.client_id) {
            return Err(wrong("azp"));
        }
        if text("nonce") != Some(self.nonce) {
            return Err(wrong("nonce"));
        }
        let ends_at = self.in_time(said)?;
        let half = |text: &str| left_half(jws.algorithm(), text);
        let names = |claim: &str, what: &str, must: bool| text(claim).map_or(!must, |hash| hash == half(what));
        if !names("at_hash", self.access_token, self.bound) {
            return Err(wrong("at_hash"));
        }
        if !names("c_hash", self.code, false) {
            return Err(wrong("c_hash"));
        }
        let subject = text("sub").filter(|sub| !sub.is_empty() && sub.len() <= LONGEST).ok_or(wrong("sub"))?;
        Ok(IdToken { said, subject, ends_at })
    }

    /// When it ends, if it was made after the question, and neither later than now nor too long ago.
    fn in_time(&self, said: &Said) -> Result<i64, Refusal> {
        let ends_at = seconds(said, "exp").filter(|end| self.when.is_before(*end)).ok_or(wrong("exp"))?;
        let asked_at = self.requested_at.as_second().saturating_sub(self.when.skew.as_secs());
        let begun = seconds(said, "iat").filter(|begin| self.when.is_after(*begin));
        begun.filter(|begin| asked_at <= *begin).ok_or(wrong("iat"))?;
        if seconds(said, "nbf").is_some_and(|begin| !self.when.is_after(begin)) {
            return Err(wrong("nbf"));
        }
        Ok(ends_at)
    }
}

fn wrong(what: &'static str) -> Refusal {
    Refusal::Claim("id_token", what)
}

/// Whether a token is meant for us, and for us alone.
pub(crate) fn is_for(said: &Said, client_id: &str) -> bool {
    match said.get("aud") {
        Some(Value::String(one)) => one == client_id,
        Some(Value::Array(all)) => !all.is_empty() && all.iter().all(|one| one.as_str() == Some(client_id)),
        _ => false,
    }
}
