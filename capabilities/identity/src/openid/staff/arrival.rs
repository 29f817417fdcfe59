use std::sync::Arc;

use base::Timestamp;
use serde_json::{Map, Value};

use super::{Authentication, Endpoints, StaffProvider};
use crate::openid::{
    Call, Refusal, When,
    endpoint::{ASSERTION, Tokens, asked, proof},
    id_token::Expected,
    jose::{JoseError, Jws},
    seconds,
    tokens::Heard,
};

/// A login whose code came back.
pub(crate) struct Arrival {
    pub(crate) endpoints: Arc<Endpoints>,
    pub(crate) state: String,
    pub(crate) code: String,
    pub(crate) requested_at: Timestamp,
    /// Whether a new proof of who it is was asked for.
    pub(crate) anew: bool,
    pub(crate) when: When,
    /// Names the proof of who we are.
    pub(crate) proof: String,
}

/// What the provider says of an official.
#[derive(Debug)]
pub(crate) struct Arrived {
    /// By which it knows them, whatever they are called.
    pub(crate) subject: String,
    /// Its name of the session that it keeps, if it has one.
    pub(crate) session: Option<String>,
    /// Whether it vouches for two proofs.
    pub(crate) twice: bool,
    /// When they last proved there who they are, if it says so.
    pub(crate) proved_at: Option<Timestamp>,
    /// All claims, signed ones first.
    pub(super) said: Map<String, Value>,
}

impl Arrival {
    /// Exchanges the code and reads who it is. It blocks.
    pub(crate) fn run(&self, staff: &StaffProvider) -> (Heard, Result<Arrived, Refusal>) {
        let mut heard = Heard::new();
        let outcome = self.arrived(staff, &mut heard);
        (heard, outcome)
    }

    fn arrived(&self, staff: &StaffProvider, heard: &mut Heard) -> Result<Arrived, Refusal> {
        let tokens = self.tokens(staff)?;
        heard.insert("id_token".to_owned(), tokens.id_token.as_str().into());
        let jws = Jws::read(&tokens.id_token).and_then(Jws::plain);
        let jws = jws.map_err(|error| Refusal::Token("id_token", error))?;
        let expected = Expected {
            issuer: &staff.issuer,
            client_id: &staff.client_id,
            nonce: &staff.secret.derived("nonce", &self.state),
            requested_at: self.requested_at,
            when: self.when,
            access_token: &tokens.access_token,
            code: &self.code,
            bound: false,
        };
        let mut outcome = expected.verified(&jws, &self.endpoints.keys);
        // Providers change their keys without telling anybody.
        if let Err(Refusal::Token(_, JoseError::UnknownKey(_))) = outcome
            && let Some(newer) = staff.newer_keys(self.when.now)
        {
            outcome = expected.verified(&jws, &newer.keys);
        }
        let token = outcome?;
        let proved_at = seconds(token.said, "auth_time");
        self.is_fresh(proved_at)?;
        let mut said = token.said.clone();
        if !staff.is_told(&said) {
            for (name, value) in self.userinfo(staff, &tokens.access_token, token.subject)? {
                said.entry(name).or_insert(value);
            }
        }
        Ok(Arrived {
            subject: token.subject.to_owned(),
            session: token.said.get("sid").and_then(Value::as_str).map(str::to_owned),
            twice: staff.vouches_twice(token.said),
            proved_at: proved_at.and_then(|at| Timestamp::from_second(at).ok()),
            said,
        })
    }

    /// If a new proof was asked for, it was given after the question.
    fn is_fresh(&self, proved_at: Option<i64>) -> Result<(), Refusal> {
        let asked_at = self.requested_at.as_second().saturating_sub(self.when.skew.as_secs());
        let fresh = !self.anew || proved_at.is_some_and(|at| asked_at <= at && self.when.is_after(at));
        if fresh { Ok(()) } else { Err(Refusal::Claim("id_token", "auth_time")) }
    }

    fn tokens(&self, staff: &StaffProvider) -> Result<Tokens, Refusal> {
        let verifier = staff.secret.derived("verifier", &self.state);
        let redirect = staff.redirect_uri();
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", &self.code),
            ("redirect_uri", &redirect),
            ("code_verifier", &verifier),
        ];
        let signed;
        let basic = match &staff.own {
            Authentication::Secret(secret) if self.endpoints.basic => Some((&*staff.client_id, secret.as_str())),
            Authentication::Secret(secret) => {
                form.extend([("client_id", &*staff.client_id), ("client_secret", secret.as_str())]);
                None
            }
            Authentication::Key(key) => {
                let us = (&**key, &*staff.client_id);
                signed = proof(us, &self.endpoints.token, (&self.proof, self.when.now))?;
                let proof = [("client_assertion_type", ASSERTION), ("client_assertion", &signed)];
                form.extend([("client_id", &*staff.client_id)].into_iter().chain(proof));
                None
            }
        };
        let call = Call { basic, ..Call::form(&self.endpoints.token, &form) };
        Tokens::read(&asked(&*staff.wire, &call, "token")?)
    }

    /// What it says beside the token, of the same official: over TLS, to us who hold the token.
    fn userinfo(&self, staff: &StaffProvider, token: &str, subject: &str) -> Result<Map<String, Value>, Refusal> {
        let Some(place) = &self.endpoints.userinfo else { return Ok(Map::new()) };
        let call = Call { bearer: Some(token), ..Call::to(place) };
        let reply = asked(&*staff.wire, &call, "userinfo")?;
        let said: Map<String, Value> = serde_json::from_str(&reply.body)
            .map_err(|_| Refusal::Endpoint("userinfo", "gives no plain claims".to_owned()))?;
        if said.get("sub").and_then(Value::as_str) != Some(subject) {
            return Err(Refusal::Claim("userinfo", "sub"));
        }
        Ok(said)
    }
}
