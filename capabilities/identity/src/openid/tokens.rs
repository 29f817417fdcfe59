//! From the code that a browser brought to who the person is: asked of the provider, machine to machine.

use std::sync::Arc;

use base::{FiscalCode, PersonName, Timestamp};
use serde_json::{Map, Value};

use super::{
    Call, Member, OpenProvider, Refusal, When,
    endpoint::{ASSERTION, Tokens, asked, proof},
    id_token::{Expected, is_for},
    jose::{Claims as Said, Jws, decrypt},
    request::{FISCAL_NUMBER, SPID_CODE},
    seconds,
};
use crate::{
    federation::Kind,
    saml::{Claims, level_of},
};

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
        let verifier = member.secret.derived("verifier", &self.state);
        let proof_id = format!("{}-code", self.proof);
        let proof = proof(member.signs(), &self.provider.token, (&proof_id, self.when.now))?;
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
        Tokens::read(&asked(&*member.wire, &Call::form(&self.provider.token, &form), "token")?)
    }

    /// What SPID and CIE want beyond OpenID Connect: subject, level, end.
    fn identity(&self, member: &Member, tokens: &Tokens) -> Result<(String, u8, i64), Refusal> {
        let jws = Jws::read(&tokens.id_token).and_then(Jws::plain);
        let jws = jws.map_err(|error| Refusal::Token("id_token", error))?;
        let expected = Expected {
            issuer: &self.provider.id,
            client_id: &member.client_id,
            nonce: &member.secret.derived("nonce", &self.state),
            requested_at: self.requested_at,
            when: self.when,
            access_token: &tokens.access_token,
            code: &self.code,
            bound: true,
        };
        let token = expected.verified(&jws, &self.provider.keys)?;
        let level = token.said.get("acr").and_then(Value::as_str).and_then(level_of);
        let level = level.filter(|level| self.level <= *level).ok_or(Refusal::Level)?;
        Ok((token.subject.to_owned(), level, token.ends_at))
    }

    /// What the provider says of the person: encrypted for us, and signed inside.
    fn asked_about(&self, member: &Member, token: &str) -> Result<String, Refusal> {
        let call = Call { bearer: Some(token), ..Call::to(&self.provider.userinfo) };
        let reply = asked(&*member.wire, &call, "userinfo")?;
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
    let proof = proof(member.signs(), url, (proof_id, now))?;
    let form = [
        ("token", token),
        ("client_id", &member.client_id),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", &proof),
    ];
    asked(&*member.wire, &Call::form(url, &form), "revocation").map(drop)
}

/// `TINIT-` and the code, exactly: no blanks inside, no lower case, nothing after it.
fn fiscal_code(text: &str) -> Result<FiscalCode, Refusal> {
    let wrong = || Refusal::Attribute("fiscal_number");
    let plain = text.strip_prefix("TINIT-").ok_or_else(wrong)?;
    let code: FiscalCode = plain.parse().map_err(|_| wrong())?;
    if code.as_str() == plain { Ok(code) } else { Err(wrong()) }
}
