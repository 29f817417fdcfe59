//! Keys of signed notes in their text form: <https://c2sp.org/signed-note> and, for the private one, Go's `note` package.

use std::fmt;

use base::Chance;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::encoding::{from_base64, to_base64};

const ED25519: u8 = 0x01;
const PRIVATE_PREFIX: &str = "PRIVATE+KEY+";

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Not `name+identifier+base64`.
    #[error("the key is not of the form name+identifier+base64")]
    Shape,
    /// The name is empty, or has a space, a control character or a plus sign.
    #[error("the key's name is empty or has a space, a control character or a plus sign")]
    Name,
    /// A kind of key other than Ed25519 (type 1).
    #[error("the key is not an Ed25519 key")]
    Algorithm,
    /// The bytes are no usable Ed25519 public key.
    #[error("the key's bytes are not a usable Ed25519 public key")]
    Point,
    /// The identifier written in the key is not that of its name and bytes.
    #[error("the key's identifier does not belong to its name and bytes")]
    Identifier,
}

/// Who signs, and the public key that checks it (Ed25519).
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    point: VerifyingKey,
}

impl VerifierKey {
    /// From a name and the 32 bytes of RFC 8032.
    ///
    /// # Errors
    /// [`KeyError::Name`]; [`KeyError::Point`], also for the few keys under which anything verifies.
    pub fn new(name: &str, public: &[u8; 32]) -> Result<Self, KeyError> {
        let point = VerifyingKey::from_bytes(public).map_err(|_| KeyError::Point)?;
        if !is_key_name(name) {
            return Err(KeyError::Name);
        }
        // Another spelling of the same point would be another identifier for the same key.
        let usable = !point.is_weak() && point.to_edwards().compress().to_bytes() == *public;
        if usable { Ok(Self { name: name.to_owned(), point }) } else { Err(KeyError::Point) }
    }

    /// Reads the text form `name+identifier+base64`, strictly.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (name, public) = split_key(text)?;
        let key = Self::new(name, &public)?;
        if key.to_string() == text { Ok(key) } else { Err(KeyError::Identifier) }
    }

    /// The name: for a log its origin, an address without scheme.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of SHA-256(name ‖ `"\n"` ‖ `0x01` ‖ public key).
    #[must_use]
    pub fn id(&self) -> [u8; 4] {
        let hash = Sha256::new().chain_update(&self.name).chain_update([b'\n', ED25519]).chain_update(self.point);
        let [a, b, c, d, ..]: [u8; 32] = hash.finalize().into();
        [a, b, c, d]
    }

    /// The 32 bytes of the public key.
    #[must_use]
    pub fn public_bytes(&self) -> [u8; 32] {
        self.point.to_bytes()
    }

    /// Whether `signature` is this key's over `message` (RFC 8032, with the strict checks that make it unique).
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.point.verify_strict(message, &signature).is_ok())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}+{}", self.name, key_tail(self.id(), self.point.as_bytes()))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "VerifierKey({self})")
    }
}

/// A private key. It never appears in a log: only [`SignerKey::to_secret_text`] shows it.
#[derive(Clone)]
pub struct SignerKey {
    verifier: VerifierKey,
    secret: SigningKey,
}

impl SignerKey {
    /// From a name and the 32 secret bytes of RFC 8032.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn new(name: &str, secret: &[u8; 32]) -> Result<Self, KeyError> {
        let secret = SigningKey::from_bytes(secret);
        Ok(Self { verifier: VerifierKey::new(name, secret.verifying_key().as_bytes())?, secret })
    }

    /// A new key from the given chance.
    ///
    /// # Errors
    /// [`KeyError::Name`].
    pub fn generate(name: &str, chance: &dyn Chance) -> Result<Self, KeyError> {
        Self::new(name, &chance.bytes())
    }

    /// Reads the text form `PRIVATE+KEY+name+identifier+base64`, strictly.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let (name, secret) = split_key(text.strip_prefix(PRIVATE_PREFIX).ok_or(KeyError::Shape)?)?;
        let key = Self::new(name, &secret)?;
        if key.to_secret_text() == text { Ok(key) } else { Err(KeyError::Identifier) }
    }

    /// The text form, to be kept secret.
    #[must_use]
    pub fn to_secret_text(&self) -> String {
        format!("{PRIVATE_PREFIX}{}+{}", self.verifier.name, key_tail(self.verifier.id(), self.secret.as_bytes()))
    }

    /// The public half.
    #[must_use]
    pub const fn verifier(&self) -> &VerifierKey {
        &self.verifier
    }

    /// The 64 bytes of the Ed25519 signature over `message`.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SignerKey({}, secret)", self.verifier.name)
    }
}

/// Key names may not have spaces or plus signs, which separate; nor control characters, which notes refuse.
pub(crate) fn is_key_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c == '+' || c < ' ')
}

/// The identifier and the bytes, as both forms end.
fn key_tail(id: [u8; 4], bytes: &[u8; 32]) -> String {
    let typed: Vec<u8> = std::iter::once(ED25519).chain(*bytes).collect();
    format!("{:08x}+{}", u32::from_be_bytes(id), to_base64(&typed))
}

/// Name and 32 bytes; the identifier is checked by writing the key again.
fn split_key(text: &str) -> Result<(&str, [u8; 32]), KeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(_), Some(data)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::Shape);
    };
    let typed = from_base64(data).ok_or(KeyError::Shape)?;
    let (kind, bytes) = typed.split_first().ok_or(KeyError::Shape)?;
    if *kind != ED25519 {
        return Err(KeyError::Algorithm);
    }
    bytes.try_into().map(|bytes| (name, bytes)).map_err(|_| KeyError::Shape)
}
