use aws_lc_rs::digest;
use serde::Deserialize;
use serde_json::Value;

use super::{Claims, JoseError, JwkSet, LARGEST, decode, encode};

/// What may sign. `none` and everything with a shared secret is missing: with a shared secret, anybody who knows a public key
/// could sign in its owner's name.
const ALGORITHMS: [&str; 9] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

/// A signed text in compact form. Nothing in it is believed before [`Jws::verify`].
pub(crate) struct Jws<'a> {
    header: Header,
    /// Header and claims as they stand: what is signed.
    signed: &'a str,
    claims: Claims,
    signature: Vec<u8>,
}

/// Known members only; serde refuses one that stands there twice.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    jwk: Option<Value>,
    jku: Option<Value>,
    x5u: Option<Value>,
    crit: Option<Value>,
    b64: Option<Value>,
}

impl<'a> Jws<'a> {
    /// Takes it apart.
    ///
    /// # Errors
    /// [`JoseError`]: it is too large, not of this form, or its header wants what nobody gets.
    pub(crate) fn read(text: &'a str) -> Result<Self, JoseError> {
        if text.len() > LARGEST {
            return Err(JoseError::TooLarge);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(JoseError::Form)?;
        let (header, claims) = signed.split_once('.').filter(|(_, rest)| !rest.contains('.')).ok_or(JoseError::Form)?;
        let [header, claims, signature] = [header, claims, signature].map(decode);
        let header: Header = serde_json::from_slice(&header.ok_or(JoseError::Form)?).map_err(|_| JoseError::Header)?;
        if !ALGORITHMS.contains(&header.alg.as_str()) {
            return Err(JoseError::Algorithm(header.alg.chars().take(20).collect()));
        }
        // Whoever may name the key may sign what he likes.
        let smuggled = [
            ("jwk", &header.jwk),
            ("jku", &header.jku),
            ("x5u", &header.x5u),
            ("crit", &header.crit),
            ("b64", &header.b64),
        ];
        if let Some((name, _)) = smuggled.iter().find(|(_, value)| value.is_some()) {
            return Err(JoseError::Smuggled(name));
        }
        let claims = serde_json::from_slice(&claims.ok_or(JoseError::Form)?).map_err(|_| JoseError::Claims)?;
        Ok(Self { header, signed, claims, signature: signature.ok_or(JoseError::Form)? })
    }

    /// Its type must be exactly this.
    ///
    /// # Errors
    /// [`JoseError::Type`].
    pub(crate) fn of_type(self, typ: &str) -> Result<Self, JoseError> {
        if self.header.typ.as_deref() == Some(typ) { Ok(self) } else { Err(JoseError::Type) }
    }

    /// Its type, if it says one, must be that of a plain token: what was signed as something else is nothing here.
    ///
    /// # Errors
    /// [`JoseError::Type`].
    pub(crate) fn plain(self) -> Result<Self, JoseError> {
        let plain = self.header.typ.as_deref().is_none_or(|typ| typ.eq_ignore_ascii_case("jwt"));
        if plain { Ok(self) } else { Err(JoseError::Type) }
    }

    /// Its type must be this, or that of a plain token.
    ///
    /// # Errors
    /// [`JoseError::Type`].
    pub(crate) fn of_type_or_plain(self, typ: &str) -> Result<Self, JoseError> {
        if self.header.typ.as_deref() == Some(typ) { Ok(self) } else { self.plain() }
    }

    /// What it says, believed by nobody yet: for finding out whose keys to ask for.
    pub(crate) fn unverified(&self) -> &Claims {
        &self.claims
    }

    /// With which algorithm it is signed.
    pub(crate) fn algorithm(&self) -> &str {
        &self.header.alg
    }

    /// Whether one of these keys signed it: the one that the header names, and no other.
    ///
    /// # Errors
    /// [`JoseError::UnknownKey`] or [`JoseError::Signature`].
    pub(crate) fn verify(&self, keys: &JwkSet) -> Result<&Claims, JoseError> {
        let kid = self.header.kid.as_deref().unwrap_or_default();
        let key = keys.signing(kid, &self.header.alg);
        let key = key.ok_or_else(|| JoseError::UnknownKey(kid.chars().take(80).collect()))?;
        if key.verifies(&self.header.alg, self.signed.as_bytes(), &self.signature) {
            Ok(&self.claims)
        } else {
            Err(JoseError::Signature)
        }
    }
}

/// The left half of the digest of a text, as `at_hash` and `c_hash` have it (OpenID Connect Core, 3.1.3.6): of the family of
/// the algorithm that signs the token in which it stands.
pub(crate) fn left_half(alg: &str, text: &str) -> String {
    let family = match alg.get(2..) {
        Some("384") => &digest::SHA384,
        Some("512") => &digest::SHA512,
        _ => &digest::SHA256,
    };
    let whole = digest::digest(family, text.as_bytes());
    encode(&whole.as_ref()[..whole.as_ref().len() / 2])
}
