use aws_lc_rs::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value;

use super::{JoseError, decode};

/// Keys beyond this are a mistake or an attack.
const MOST: usize = 32;
/// RSA of 2048 bits and more; larger than 8192 only costs time.
const RSA_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;

/// The public keys of somebody (RFC 7517), by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct JwkSet(Vec<Jwk>);

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Jwk {
    kid: String,
    public: Public,
    signs: bool,
    /// The only algorithm it is for, if it says so.
    alg: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Public {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// The curve and its point, uncompressed.
    Ec {
        curve: &'static str,
        point: Vec<u8>,
    },
}

impl JwkSet {
    /// Reads `{"keys": […]}`. Keys of kinds that we do not use are left out; two of one name are refused, because which one
    /// would be meant is the issuer's secret.
    ///
    /// # Errors
    /// [`JoseError::Keys`].
    pub(crate) fn read(set: &Value) -> Result<Self, JoseError> {
        let keys = set.get("keys").and_then(Value::as_array).ok_or(JoseError::Keys("there is no list of keys"))?;
        if keys.len() > MOST {
            return Err(JoseError::Keys("too many"));
        }
        let mut read: Vec<Jwk> = Vec::new();
        for key in keys {
            if key.get("d").is_some() || key.get("k").is_some() {
                return Err(JoseError::Keys("a private or shared key was published"));
            }
            let Some(key) = Jwk::read(key) else { continue };
            if read.iter().any(|other| other.kid == key.kid) {
                return Err(JoseError::Keys("two of one name"));
            }
            read.push(key);
        }
        if read.is_empty() { Err(JoseError::Keys("none that can be used")) } else { Ok(Self(read)) }
    }

    /// The key of this name that may sign with this algorithm.
    pub(super) fn signing(&self, kid: &str, alg: &str) -> Option<&Jwk> {
        let fits = |key: &&Jwk| key.kid == kid && key.signs && key.alg.as_deref().is_none_or(|only| only == alg);
        self.0.iter().find(fits)
    }

    /// Whether all keys of `other` are among these, with the same content.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        other.0.iter().all(|key| self.0.iter().any(|own| own.kid == key.kid && own.public == key.public))
    }
}

impl Jwk {
    fn read(key: &Value) -> Option<Self> {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let bytes = |name: &str| text(name).and_then(decode);
        let public = match text("kty")? {
            "RSA" => {
                let (n, e) = (bytes("n")?, bytes("e")?);
                // An exponent of 1 signs everything; even ones are none. A leading zero would make another key of the same.
                let sound = RSA_BYTES.contains(&n.len()) && n[0] != 0 && e.len() <= 4 && e.last()? & 1 == 1 && e != [1];
                Some(Public::Rsa { n, e }).filter(|_| sound)?
            }
            "EC" => {
                let (curve, length) = match text("crv")? {
                    "P-256" => ("P-256", 32),
                    "P-384" => ("P-384", 48),
                    "P-521" => ("P-521", 66),
                    _ => return None,
                };
                let (x, y) = (bytes("x")?, bytes("y")?);
                let point = [&[4], x.as_slice(), &y].concat();
                Some(Public::Ec { curve, point }).filter(|_| x.len() == length && y.len() == length)?
            }
            _ => return None,
        };
        let kid = text("kid").filter(|kid| !kid.is_empty() && kid.len() <= 256)?.to_owned();
        let signs = text("use").is_none_or(|purpose| purpose == "sig");
        Some(Self { kid, public, signs, alg: text("alg").map(str::to_owned) })
    }

    /// Whether `signature` over `octets` was made with this key and algorithm.
    pub(super) fn verifies(&self, alg: &str, octets: &[u8], signature: &[u8]) -> bool {
        match &self.public {
            Public::Rsa { n, e } => {
                let how = match alg {
                    "RS256" => &signature::RSA_PKCS1_2048_8192_SHA256,
                    "RS384" => &signature::RSA_PKCS1_2048_8192_SHA384,
                    "RS512" => &signature::RSA_PKCS1_2048_8192_SHA512,
                    "PS256" => &signature::RSA_PSS_2048_8192_SHA256,
                    "PS384" => &signature::RSA_PSS_2048_8192_SHA384,
                    "PS512" => &signature::RSA_PSS_2048_8192_SHA512,
                    _ => return false,
                };
                RsaPublicKeyComponents { n, e }.verify(how, octets, signature).is_ok()
            }
            Public::Ec { curve, point } => {
                let how = match (alg, *curve) {
                    ("ES256", "P-256") => &signature::ECDSA_P256_SHA256_FIXED,
                    ("ES384", "P-384") => &signature::ECDSA_P384_SHA384_FIXED,
                    ("ES512", "P-521") => &signature::ECDSA_P521_SHA512_FIXED,
                    _ => return false,
                };
                UnparsedPublicKey::new(how, point).verify(octets, signature).is_ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::openid::jose::{Jws, OwnKey, Use, decrypt, encode};

    #[test]
    fn what_we_sign_is_verified_with_our_public_key_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let [own, other] = ["una", "altra"].map(|name| OwnKey::open_or_create(folder.path(), name).unwrap());
        let set = |key: &OwnKey, purpose| JwkSet::read(&json!({"keys": [key.public(purpose)]})).unwrap();
        let text = own.sign("JWT", &json!({"a": 1})).unwrap();
        let jws = Jws::read(&text).unwrap();
        assert_eq!(jws.verify(&set(&own, Use::Signing)).unwrap()["a"], 1);
        assert!(jws.verify(&set(&other, Use::Signing)).is_err());
        assert!(jws.verify(&set(&own, Use::Encryption)).is_err(), "a key for encryption signs nothing");
        assert_eq!(OwnKey::open_or_create(folder.path(), "una").unwrap().kid(), own.kid(), "it is made once");
        assert!(set(&own, Use::Signing).holds(&set(&own, Use::Signing)));
        assert!(!set(&other, Use::Signing).holds(&set(&own, Use::Signing)));
        assert!(decrypt(&text, &[&own]).is_err());
    }

    #[test]
    fn keys_that_prove_nothing_are_left_out() {
        let rsa =
            |bytes: usize, e: &[u8]| json!({"kty": "RSA", "kid": "a", "n": encode(vec![0xc1; bytes]), "e": encode(e)});
        let good = rsa(256, &[1, 0, 1]);
        assert!(JwkSet::read(&json!({"keys": [good]})).is_ok());
        for bad in [
            rsa(128, &[1, 0, 1]),
            rsa(2048, &[1, 0, 1]),
            rsa(256, &[1]),
            rsa(256, &[2]),
            rsa(256, &[1; 9]),
            json!({"kty": "RSA", "kid": "", "n": encode(vec![0xc1; 256]), "e": "AQAB"}),
            json!({"kty": "RSA", "n": encode(vec![0xc1; 256]), "e": "AQAB"}),
            json!({"kty": "EC", "crv": "P-256", "kid": "a", "x": encode([1; 31]), "y": encode([1; 32])}),
            json!({"kty": "EC", "crv": "secp256k1", "kid": "a", "x": encode([1; 32]), "y": encode([1; 32])}),
            json!({"kty": "oct", "kid": "a"}),
            json!("chiave"),
        ] {
            assert!(JwkSet::read(&json!({"keys": [bad.clone()]})).is_err(), "{bad}");
        }
        let mut private = good.clone();
        private["d"] = json!("AQAB");
        assert!(JwkSet::read(&json!({"keys": [private]})).is_err(), "who publishes a private key has lost it");
        assert!(JwkSet::read(&json!({"keys": [good.clone(), good.clone()]})).is_err(), "two of one name");
        assert!(JwkSet::read(&json!({"keys": vec![good; 40]})).is_err());
        assert!(JwkSet::read(&json!([])).is_err());
    }

    proptest! {
        #[test]
        fn nothing_that_somebody_sends_stops_the_program(text in "[A-Za-z0-9_=.{}\"-]{0,200}") {
            let _ = Jws::read(&text).map(|jws| jws.verify(&JwkSet::default()).is_ok());
            let _ = decrypt(&text, &[]);
            let parts: Vec<_> = text.split('.').map(encode).collect();
            let _ = Jws::read(&parts.join(".")).is_ok();
            let _ = decrypt(&parts.join("."), &[]);
            if let Ok(value) = serde_json::from_str(&text) {
                let _ = JwkSet::read(&value);
            }
        }
    }
}
