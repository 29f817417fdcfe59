//! Passkeys (Web Authentication, level 2), of which we verify what an office needs and nothing more: where the browser
//! was, that it answered our question of just now, and that the key that was registered signed the answer.
//!
//! Attestation is not asked for: it would tell who made the device, not who holds it. Then nothing of the attestation
//! object is signed, and browsers give its parts one by one (5.2.1.1): no CBOR is read here.

mod answer;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, VerificationAlgorithm,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use answer::{Authenticator, Client};

/// Algorithms that are taken, as COSE numbers them (RFC 9053): ES256, EdDSA, RS256, which is also the order in which
/// browsers are asked.
pub(crate) const ALGORITHMS: [i64; 3] = [-7, -8, -257];

/// As passkeys know us: the origin of our pages, and its host.
pub(crate) struct Site {
    /// `https://sportello.example`.
    origin: String,
    /// `sportello.example`: a passkey made for it works nowhere else.
    pub(crate) id: String,
}

/// A passkey that was registered.
pub(crate) struct Passkey {
    /// Its identifier, base64url.
    pub(crate) id: String,
    /// Of [`ALGORITHMS`].
    pub(crate) algorithm: i64,
    /// `SubjectPublicKeyInfo`, DER in base64url.
    pub(crate) public_key: String,
    /// How often it signed, as it says; 0 for ever where it does not count.
    pub(crate) counter: u32,
}

/// What was asked of the browser.
pub(crate) struct Asked<'a> {
    pub(crate) site: &'a Site,
    /// The question, base64url.
    pub(crate) challenge: &'a str,
    /// Whether the device must have made sure of its holder, by finger, face or PIN.
    pub(crate) verified: bool,
}

/// A browser's answer, all in base64url.
pub(crate) struct Answered<'a> {
    pub(crate) client_data: &'a str,
    pub(crate) authenticator_data: &'a str,
}

/// Why an answer is not believed. For the log: people read that it did not work, whatever it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the answer cannot be read")]
    Malformed,
    #[error("the answer is of another ceremony")]
    Ceremony,
    #[error("the answer is to another question")]
    Challenge,
    #[error("the browser was on another site, or in a frame of one")]
    Origin,
    #[error("the passkey is of another site")]
    Site,
    #[error("nobody touched the device")]
    Absent,
    #[error("the device did not make sure of its holder")]
    Unverified,
    #[error("the key is of a kind that is not taken")]
    Key,
    #[error("the signature is not of the passkey")]
    Signature,
    #[error("the passkey counted backwards: there may be two of it")]
    Counter,
    #[error("the passkey is not of who comes in")]
    Holder,
}

impl Site {
    pub(crate) fn of(public_url: &str) -> Self {
        let (scheme, rest) = public_url.split_once("://").unwrap_or(("https", public_url));
        let authority = rest.split('/').next().unwrap_or(rest);
        let id = authority.split(':').next().unwrap_or(authority).to_owned();
        Self { origin: format!("{scheme}://{authority}"), id }
    }

    /// The name under which a device keeps the passkeys of an account: always the same, and nobody's name.
    pub(crate) fn handle(&self, officer: &str) -> String {
        let told = format!("sportello/passkeys/v1\n{}\n{officer}", self.id);
        URL_SAFE_NO_PAD.encode(Sha256::digest(told))
    }
}

/// A new passkey out of the answer to `asked` (7.1, without attestation); `algorithm` and `public_key` as the browser
/// gave them.
pub(crate) fn register(
    asked: &Asked<'_>,
    answered: &Answered<'_>,
    algorithm: i64,
    public_key: &str,
) -> Result<Passkey, Refusal> {
    Client::read(answered)?.check(asked, "webauthn.create")?;
    let bytes = decode(answered.authenticator_data)?;
    let device = Authenticator::read(&bytes)?;
    device.check(asked)?;
    key(algorithm, public_key)?;
    let id = URL_SAFE_NO_PAD.encode(device.credential()?);
    Ok(Passkey { id, algorithm, public_key: public_key.to_owned(), counter: device.counter })
}

/// The new counter of `passkey`, if it gave the answer to `asked` (7.2).
pub(crate) fn verify(
    asked: &Asked<'_>,
    answered: &Answered<'_>,
    passkey: &Passkey,
    signature: &str,
) -> Result<u32, Refusal> {
    Client::read(answered)?.check(asked, "webauthn.get")?;
    let bytes = decode(answered.authenticator_data)?;
    let device = Authenticator::read(&bytes)?;
    device.check(asked)?;
    let signed = [&bytes[..], &Sha256::digest(decode(answered.client_data)?)].concat();
    let key = key(passkey.algorithm, &passkey.public_key)?;
    key.verify_sig(&signed, &decode(signature)?).map_err(|_| Refusal::Signature)?;
    let counts = device.counter != 0 || passkey.counter != 0;
    if counts && device.counter <= passkey.counter { Err(Refusal::Counter) } else { Ok(device.counter) }
}

fn key(algorithm: i64, public_key: &str) -> Result<ParsedPublicKey, Refusal> {
    let by: &'static dyn VerificationAlgorithm = match algorithm {
        -7 => &ECDSA_P256_SHA256_ASN1,
        -8 => &ED25519,
        -257 => &RSA_PKCS1_2048_8192_SHA256,
        _ => return Err(Refusal::Key),
    };
    ParsedPublicKey::new(by, decode(public_key)?).map_err(|_| Refusal::Key)
}

fn decode(text: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Refusal::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_is_the_host_and_the_origin_has_no_path() {
        for (url, origin, id) in [
            ("http://localhost:8080", "http://localhost:8080", "localhost"),
            ("https://sportello.example", "https://sportello.example", "sportello.example"),
            ("https://comune.example/sportello", "https://comune.example", "comune.example"),
        ] {
            let site = Site::of(url);
            assert_eq!((site.origin.as_str(), site.id.as_str()), (origin, id));
        }
    }

    #[test]
    fn a_handle_is_of_one_account_and_one_site() {
        let site = Site::of("https://sportello.example");
        assert_eq!(site.handle("anna"), site.handle("anna"));
        assert_ne!(site.handle("anna"), site.handle("bruno"));
        assert_ne!(site.handle("anna"), Site::of("https://altrove.example").handle("anna"));
    }
}
