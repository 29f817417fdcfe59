use std::path::Path;

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeySize, OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepPrivateDecryptingKey, PrivateDecryptingKey},
    signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{JoseError, encode};
use crate::{KeyError, key_file};

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// What one of our keys is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// `sig`
    Signing,
    /// `enc`
    Encryption,
}

/// A private RSA key of ours.
pub(crate) struct OwnKey {
    signing: RsaKeyPair,
    decrypting: OaepPrivateDecryptingKey,
    /// Its thumbprint (RFC 7638).
    kid: String,
    n: String,
    e: String,
}

impl std::fmt::Debug for OwnKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl OwnKey {
    /// Reads `NAME.key` in `folder`; makes it at the first start, readable by nobody else.
    ///
    /// # Errors
    /// [`KeyError`] when the file cannot be read or written, or is no RSA key of 2048 bits or more in PKCS#8.
    pub(crate) fn open_or_create(folder: &Path, name: &str) -> Result<Self, KeyError> {
        let file = folder.join(format!("{name}.key"));
        let pem = key_file::open_or_make(&file, generate)?;
        Self::from_pem(&pem).map_err(|error| unusable(&format!("{}: {error}", file.display())))
    }

    fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let body = pem.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END)).map(|(body, _)| body);
        let body: String = body.unwrap_or_default().split_ascii_whitespace().collect();
        let der = STANDARD.decode(body).map_err(|_| unusable("it is no PEM"))?;
        let refused = |_| unusable("it is no RSA key in PKCS#8");
        let signing = RsaKeyPair::from_pkcs8(&der).map_err(refused)?;
        if signing.public_modulus_len() < 256 {
            return Err(unusable("RSA of 2048 bits or more is needed"));
        }
        let decrypting = PrivateDecryptingKey::from_pkcs8(&der).map_err(refused)?;
        let decrypting = OaepPrivateDecryptingKey::new(decrypting).map_err(|_| unusable("it does not decrypt"))?;
        let public = signing.public_key();
        let (n, e) = (
            encode(public.modulus().big_endian_without_leading_zero()),
            encode(public.exponent().big_endian_without_leading_zero()),
        );
        let thumbprint = Sha256::digest(format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#));
        Ok(Self { kid: encode(thumbprint), n, e, decrypting, signing })
    }

    /// Its name.
    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    /// The public half, as others read it.
    pub(crate) fn public(&self, purpose: Use) -> Value {
        let (purpose, alg) = match purpose {
            Use::Signing => ("sig", "RS256"),
            Use::Encryption => ("enc", "RSA-OAEP-256"),
        };
        // A key that says `RSA-OAEP-256` is refused by some for `RSA-OAEP`, which we must take, too.
        let mut key = json!({"kty": "RSA", "use": purpose, "kid": self.kid, "n": self.n, "e": self.e});
        if purpose == "sig" {
            key["alg"] = alg.into();
        }
        key
    }

    /// `claims`, signed (RS256).
    ///
    /// # Errors
    /// [`KeyError::Unusable`].
    pub(crate) fn sign(&self, typ: &str, claims: &Value) -> Result<String, KeyError> {
        let header = json!({"alg": "RS256", "kid": self.kid, "typ": typ});
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let mut signature = vec![0; self.signing.public_modulus_len()];
        let random = aws_lc_rs::rand::SystemRandom::new();
        let outcome = self.signing.sign(&RSA_PKCS1_SHA256, &random, signed.as_bytes(), &mut signature);
        outcome.map_err(|_| unusable("the key cannot sign"))?;
        Ok(format!("{signed}.{}", encode(signature)))
    }

    /// A secret that was encrypted for this key.
    pub(super) fn open(&self, alg: &str, sealed: &[u8]) -> Result<Vec<u8>, JoseError> {
        let how = match alg {
            "RSA-OAEP" => &OAEP_SHA1_MGF1SHA1,
            "RSA-OAEP-256" => &OAEP_SHA256_MGF1SHA256,
            other => return Err(JoseError::Algorithm(other.chars().take(20).collect())),
        };
        let mut room = vec![0; self.decrypting.min_output_size()];
        let secret = self.decrypting.decrypt(how, sealed, &mut room, None).map_err(|_| JoseError::Decryption)?;
        Ok(secret.to_vec())
    }
}

fn generate() -> Result<String, KeyError> {
    let key = RsaKeyPair::generate(KeySize::Rsa3072).map_err(|_| unusable("the system makes no keys"))?;
    let der: Pkcs8V1Der = key.as_der().map_err(|_| unusable("the key cannot be written"))?;
    let text = STANDARD.encode(der.as_ref());
    let lines: Vec<_> = text.as_bytes().chunks(64).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    Ok(format!("{BEGIN}\n{}\n{END}\n", lines.join("\n")))
}

fn unusable(why: &str) -> KeyError {
    KeyError::Unusable(why.to_owned())
}
