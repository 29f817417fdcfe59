//! From the code that a browser brought to who the person is: asked of the provider, machine to machine.

use std::sync::Arc;

use base::{FiscalCode, PersonName, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Call, Member, OpenProvider, Refusal, Reply, When,
    jose::{Claims as Said, Jws, decrypt, left_half},
    request::{FISCAL_NUMBER, SPID_CODE},
    seconds,
};
use crate::{
    federation::Kind,
    saml::{Claims, level_of},
};

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How long a proof of who we are may be used.
const PROOF_LIFE: i64 = 120;
/// Names of a person at a provider, and tokens, are not longer.
const LONGEST: usize = 255;
const LONGEST_TOKEN: usize = 16 * 1024;

/// What is known of a login when its code comes.
pub(crate) struct Exchange {
    pub(crate) provider: Arc<OpenProvider>,
    pub(crate) kind: Kind,
    pub(crate) state: String,
    pub(crate) code: String,
    pub(crate) level: u8,
    pub(crate) requested_at: Timestamp,
    pub(crate) when: When,
    /// Names the two proofs of who we are.
    pub(crate) proof: String,
}

/// Who came, and the token with which the session at the provider is ended.
#[derive(Debug)]
pub(crate) struct Identified {
    pub(crate) claims: Claims,
    pub(crate) access_token: String,
}

/// What the provider said, for the register: signed texts, no tokens that open anything.
pub(crate) type Heard = Map<String, Value>;

#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    token_type: String,
    id_token: String,
}

impl Exchange {
    /// Exchanges the code and reads who the person is. It blocks.
    pub(crate) fn run(&self, member: &Member) -> (Heard, Result<Identified, Refusal>) {
        let mut heard = Heard::new();
        let outcome = self.identified(member, &mut heard);
        (heard, outcome)
    }

    fn identified(&self, member: &Member, heard: &mut Heard) -> Result<Identified, Refusal> {
        let tokens = self.tokens(member)?;
        heard.insert("id_token".to_owned(), tokens.id_token.as_str().into());
        let (subject, level, ends_at) = self.identity(member, &tokens)?;
        let signed = self.asked_about(member, &tokens.access_token)?;
        heard.insert("userinfo".to_owned(), signed.as_str().into());
        let told = |error| Refusal::Token("userinfo", error);
        let jws = Jws::read(&signed).and_then(Jws::plain).map_err(told)?;
        let said = jws.verify(&self.provider.keys).map_err(told)?;
        self.belongs(member, said, &subject)?;
        let claims = self.person(said, (subject, level, ends_at))?;
        Ok(Identified { claims, access_token: tokens.access_token })
    }

    fn tokens(&self, member: &Member) -> Result<Tokens, Refusal> {
        let verifier = member.derived("verifier", &self.state);
        let proof = proof(member, &self.provider.token, &format!("{}-code", self.proof), self.when.now)?;
        let redirect = member.redirect_uri();
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &self.code),
            ("redirect_uri", &redirect),
            ("code_verifier", &verifier),
            ("client_id", &member.client_id),
            ("client_assertion_type", ASSERTION),
            ("client_assertion", &proof),
        ];
        let call = Call { url: &self.provider.token, bearer: None, form: Some(&form) };
        let reply = asked(member, &call, "token")?;
        let tokens: Tokens =
            serde_json::from_str(&reply.body).map_err(|_| Refusal::Endpoint("token", "gives no tokens".to_owned()))?;
        let header = |text: &str| text.len() <= LONGEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !tokens.token_type.eq_ignore_ascii_case("Bearer")
            || !header(&tokens.access_token)
            || tokens.access_token.is_empty()
        {
            return Err(Refusal::Endpoint("token", "gives a token of another kind".to_owned()));
        }
        Ok(tokens)
    }

    /// OpenID Connect Core, 3.1.3.7, and what SPID and CIE want beyond: subject, level, end.
    fn identity(&self, member: &Member, tokens: &Tokens) -> Result<(String, u8, i64), Refusal> {
        let told = |error| Refusal::Token("id_token", error);
        let wrong = |what| Refusal::Claim("id_token", what);
        let jws = Jws::read(&tokens.id_token).and_then(Jws::plain).map_err(told)?;
        let said = jws.verify(&self.provider.keys).map_err(told)?;
        let text = |name: &str| said.get(name).and_then(Value::as_str);
        if text("iss") != Some(&self.provider.id) {
            return Err(wrong("iss"));
        }
        if !is_for(said, &member.client_id) {
            return Err(wrong("aud"));
        }
        if text("azp").is_some_and(|azp| azp != member.client_id) {
            return Err(wrong("azp"));
        }
        if text("nonce") != Some(&member.derived("nonce", &self.state)) {
            return Err(wrong("nonce"));
        }
        let ends_at = seconds(said, "exp").filter(|end| self.when.is_before(*end)).ok_or(wrong("exp"))?;
        let begun = seconds(said, "iat").filter(|begin| self.when.is_after(*begin));
        let asked_at = self.requested_at.as_second().saturating_sub(self.when.skew.as_secs());
        begun.filter(|begin| asked_at <= *begin).ok_or(wrong("iat"))?;
        if seconds(said, "nbf").is_some_and(|begin| !self.when.is_after(begin)) {
            return Err(wrong("nbf"));
        }
        let half = |text: &str| left_half(jws.algorithm(), text);
        if text("at_hash") != Some(&half(&tokens.access_token)) {
            return Err(wrong("at_hash"));
        }
        if text("c_hash").is_some_and(|hash| hash != half(&self.code)) {
            return Err(wrong("c_hash"));
        }
        let level = text("acr").and_then(level_of).filter(|level| self.level <= *level).ok_or(Refusal::Level)?;
        let subject = text("sub").filter(|sub| !sub.is_empty() && sub.len() <= LONGEST).ok_or(wrong("sub"))?;
        Ok((subject.to_owned(), level, ends_at))
    }

    /// What the provider says of the person: encrypted for us, and signed inside.
    fn asked_about(&self, member: &Member, token: &str) -> Result<String, Refusal> {
        let call = Call { url: &self.provider.userinfo, bearer: Some(token), form: None };
        let reply = asked(member, &call, "userinfo")?;
        let keys: Vec<_> = member.keys.encryption.iter().collect();
        decrypt(reply.body.trim_ascii(), &keys).map_err(|error| Refusal::Token("userinfo", error))
    }

    fn belongs(&self, member: &Member, said: &Said, subject: &str) -> Result<(), Refusal> {
        let wrong = |what| Err(Refusal::Claim("userinfo", what));
        let text = |name: &str| said.get(name).and_then(Value::as_str);
        if text("sub") != Some(subject) {
            return wrong("sub");
        }
        // What is signed and says neither by whom, nor for whom, nor until when could have been meant for anybody (OpenID Connect
        // Core, 5.3.2).
        if text("iss") != Some(&self.provider.id) {
            return wrong("iss");
        }
        if !is_for(said, &member.client_id) {
            return wrong("aud");
        }
        if !seconds(said, "exp").is_some_and(|end| self.when.is_before(end)) {
            return wrong("exp");
        }
        Ok(())
    }

    fn person(&self, said: &Said, (subject, level, ends_at): (String, u8, i64)) -> Result<Claims, Refusal> {
        let some = |name: &str| said.get(name).and_then(Value::as_str).map(str::trim).filter(|value| !value.is_empty());
        let needed = |name: &'static str| some(name).map(str::to_owned).ok_or(Refusal::Attribute(name));
        let spid_code = if self.kind == Kind::Spid { Some(needed(SPID_CODE)?) } else { None };
        Ok(Claims {
            assertion_id: format!("openid {}", self.state),
            ends_at: Timestamp::from_second(ends_at).map_err(|_| Refusal::Claim("id_token", "exp"))?,
            level,
            name_id: subject,
            session_index: None,
            fiscal_code: fiscal_code(some(FISCAL_NUMBER).ok_or(Refusal::NoFiscalCode)?)?,
            name: PersonName { surname: needed("family_name")?, given: needed("given_name")? },
            name_qualifier: None,
            spid_code,
            born: some("birthdate")
                .map(|text| text.parse().map_err(|_| Refusal::Attribute("birthdate")))
                .transpose()?,
            email: some("email").map(str::to_owned),
            token: None,
        })
    }
}

/// Ends the session that somebody's token stands for. It blocks.
///
/// # Errors
/// [`Refusal::Endpoint`].
pub(crate) fn revoke(
    member: &Member,
    provider: &OpenProvider,
    token: &str,
    (proof_id, now): (&str, Timestamp),
) -> Result<(), Refusal> {
    let nowhere = || Refusal::Endpoint("revocation", "there is none".to_owned());
    let url = provider.revocation.as_deref().ok_or_else(nowhere)?;
    let proof = proof(member, url, proof_id, now)?;
    let form = [
        ("token", token),
        ("client_id", &member.client_id),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", &proof),
    ];
    asked(member, &Call { url, bearer: None, form: Some(&form) }, "revocation").map(drop)
}

/// That it is us who ask (`private_key_jwt`): for this endpoint, for some moments.
fn proof(member: &Member, endpoint: &str, id: &str, now: Timestamp) -> Result<String, Refusal> {
    let begun = now.as_second();
    let claims = json!({
        "iss": member.client_id,
        "sub": member.client_id,
        "aud": [endpoint],
        "iat": begun,
        "exp": begun + PROOF_LIFE,
        "jti": id,
    });
    member.keys.signer().sign("JWT", &claims).map_err(|error| Refusal::Endpoint("own key", error.to_string()))
}

fn asked(member: &Member, call: &Call, name: &'static str) -> Result<Reply, Refusal> {
    let reply = member.wire.send(call).map_err(|error| Refusal::Endpoint(name, error.to_string()))?;
    if reply.status == 200 { Ok(reply) } else { Err(Refusal::Endpoint(name, format!("HTTP {}", reply.status))) }
}

/// Whether a token is meant for us, and for us alone.
fn is_for(said: &Said, client_id: &str) -> bool {
    match said.get("aud") {
        Some(Value::String(one)) => one == client_id,
        Some(Value::Array(all)) => !all.is_empty() && all.iter().all(|one| one.as_str() == Some(client_id)),
        _ => false,
    }
}

/// `TINIT-` and the code, exactly: no blanks inside, no lower case, nothing after it.
fn fiscal_code(text: &str) -> Result<FiscalCode, Refusal> {
    let wrong = || Refusal::Attribute("fiscal_number");
    let plain = text.strip_prefix("TINIT-").ok_or_else(wrong)?;
    let code: FiscalCode = plain.parse().map_err(|_| wrong())?;
    if code.as_str() == plain { Ok(code) } else { Err(wrong()) }
}
