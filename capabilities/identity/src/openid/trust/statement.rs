use serde_json::{Map, Value};

use super::TrustError;
use crate::openid::{
    WELL_KNOWN, When,
    jose::{JoseError, JwkSet, Jws},
    seconds,
};

const TYPE: &str = "entity-statement+jwt";

/// What somebody says of an entity, or an entity of itself, as far as its own signature goes.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    text: String,
    pub(crate) issuer: String,
    pub(crate) subject: String,
    /// Seconds since 1970.
    pub(crate) ends_at: i64,
    /// The keys of the subject.
    pub(crate) keys: JwkSet,
    pub(crate) body: Map<String, Value>,
}

/// Where an entity says who it is.
pub(crate) fn address_of(entity: &str) -> String {
    format!("{}{WELL_KNOWN}", entity.trim_end_matches('/'))
}

impl Statement {
    /// What `entity` says of itself, signed with a key that it names itself: who it is must be shown by somebody else.
    ///
    /// # Errors
    /// [`TrustError`].
    pub(crate) fn of_itself(text: &str, entity: &str, when: When) -> Result<Self, TrustError> {
        let statement = Self::read(text, entity, when)?;
        if statement.issuer != entity || statement.subject != entity {
            return Err(TrustError::Statement(entity.to_owned(), "speaks of somebody else"));
        }
        statement.signed_with(&statement.keys.clone())?;
        Ok(statement)
    }

    /// What `issuer` says of `subject`, signed with one of `keys`.
    ///
    /// # Errors
    /// [`TrustError`].
    pub(crate) fn about(
        text: &str,
        issuer: &str,
        subject: &str,
        keys: &JwkSet,
        when: When,
    ) -> Result<Self, TrustError> {
        let statement = Self::read(text, issuer, when)?;
        if statement.issuer != issuer || statement.subject != subject {
            return Err(TrustError::Statement(issuer.to_owned(), "speaks of somebody else"));
        }
        statement.signed_with(keys)?;
        Ok(statement)
    }

    /// Whether one of these keys signed it.
    ///
    /// # Errors
    /// [`TrustError::Jose`].
    pub(crate) fn signed_with(&self, keys: &JwkSet) -> Result<(), TrustError> {
        let told = |error| TrustError::Jose(self.issuer.clone(), error);
        Jws::read(&self.text).and_then(|jws| jws.verify(keys).map(drop)).map_err(told)
    }

    fn read(text: &str, whose: &str, when: When) -> Result<Self, TrustError> {
        let told = |error| TrustError::Jose(whose.to_owned(), error);
        let wrong = |what| TrustError::Statement(whose.to_owned(), what);
        let text = text.trim_ascii();
        let jws = Jws::read(text).and_then(|jws| jws.of_type(TYPE)).map_err(told)?;
        let body = jws.unverified().clone();
        let name = |claim: &str| body.get(claim).and_then(Value::as_str).map(str::to_owned);
        let ends_at = seconds(&body, "exp").ok_or(wrong("has no end"))?;
        let begun_at = seconds(&body, "iat").ok_or(wrong("has no beginning"))?;
        if !when.is_before(ends_at) {
            return Err(wrong("has expired"));
        }
        if !when.is_after(begun_at) {
            return Err(wrong("is of the future"));
        }
        // What must be understood we do not understand: nothing beyond the standard is.
        if body.get("crit").is_some() {
            return Err(wrong("wants something understood that is not known here"));
        }
        let keys = body.get("jwks").ok_or(JoseError::Keys("there are none")).and_then(JwkSet::read).map_err(told)?;
        Ok(Self {
            issuer: name("iss").ok_or(wrong("has no issuer"))?,
            subject: name("sub").ok_or(wrong("has no subject"))?,
            text: text.to_owned(),
            ends_at,
            keys,
            body,
        })
    }

    /// As it was signed.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// A list of names in it.
    pub(crate) fn list(&self, claim: &str) -> Vec<&str> {
        let values = self.body.get(claim).and_then(Value::as_array);
        values.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// An address among what it says of itself as part of a federation.
    pub(crate) fn endpoint(&self, name: &str) -> Option<&str> {
        self.body.get("metadata")?.get("federation_entity")?.get(name)?.as_str()
    }

    pub(crate) fn object(&self, claim: &str) -> Option<&Map<String, Value>> {
        self.body.get(claim)?.as_object()
    }
}
