//! Signed and encrypted texts (RFC 7515 to 7518), as far as the federations use them.

mod jwe;
mod jwk;
mod jws;
mod own;

pub(crate) use jwe::decrypt;
pub(crate) use jwk::JwkSet;
pub(crate) use jws::{Jws, left_half};
pub(crate) use own::{OwnKey, Use};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

/// The claims of a token.
pub(crate) type Claims = serde_json::Map<String, serde_json::Value>;

/// No signed or encrypted text that we read is larger.
pub(crate) const LARGEST: usize = 256 * 1024;

/// Why a signed or encrypted text is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum JoseError {
    #[error("larger than any real one")]
    TooLarge,
    #[error("not in compact form")]
    Form,
    #[error("the header cannot be read")]
    Header,
    #[error("the algorithm {0} is not allowed")]
    Algorithm(String),
    #[error("the header brings along a key or something that must be understood: {0}")]
    Smuggled(&'static str),
    #[error("of another type")]
    Type,
    #[error("no key of its issuer has the name {0:?}")]
    UnknownKey(String),
    #[error("the signature does not hold")]
    Signature,
    #[error("cannot be decrypted")]
    Decryption,
    #[error("does not hold claims")]
    Claims,
    #[error("the set of keys cannot be used: {0}")]
    Keys(&'static str),
}

/// Base64 for addresses, exactly as it must be: no filling, no blanks, no bits left over.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
