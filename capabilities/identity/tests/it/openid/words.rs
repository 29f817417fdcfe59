//! What a provider signs and encrypts, with keys that are made for the test.

use aws_lc_rs::{
    cipher::{AES_256, EncryptionContext, PaddedBlockEncryptingKey, UnboundCipherKey},
    digest,
    encoding::{AsDer, PublicKeyX509Der},
    hmac,
    iv::FixedLength,
    rand::SystemRandom,
    rsa::{OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PublicEncryptingKey},
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
    },
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn decode(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

/// A key on the curve P-256.
pub struct Key {
    pub kid: String,
    pair: EcdsaKeyPair,
}

impl Key {
    pub fn new(kid: &str) -> Self {
        Self { kid: kid.to_owned(), pair: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap() }
    }

    /// The same key under another name.
    pub fn public_as(&self, kid: &str) -> Value {
        let point = self.pair.public_key().as_ref();
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "kid": kid, "x": encode(&point[1..33]), "y": encode(&point[33..])})
    }

    pub fn public(&self) -> Value {
        self.public_as(&self.kid)
    }

    pub fn set(&self) -> Value {
        json!({"keys": [self.public()]})
    }

    /// `header` is written as it is.
    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", encode(signature))
    }
}

/// Header and claims, whoever signed.
pub fn read(text: &str) -> (Value, Value) {
    let mut parts = text.split('.').map(decode).map(|part| serde_json::from_slice(&part).unwrap_or_default());
    (parts.next().unwrap(), parts.next().unwrap())
}

/// Whether one of the program's own RSA keys signed.
pub fn is_signed(text: &str, keys: &Value) -> bool {
    let (signed, signature) = text.rsplit_once('.').unwrap();
    let kid = read(text).0["kid"].clone();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == kid && key["use"] == "sig");
    let Some(key) = key else { return false };
    let (n, e) = (decode(key["n"].as_str().unwrap()), decode(key["e"].as_str().unwrap()));
    let public = RsaPublicKeyComponents { n: &n, e: &e };
    public.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &decode(signature)).is_ok()
}

pub fn half(text: &str) -> String {
    encode(&digest::digest(&digest::SHA256, text.as_bytes()).as_ref()[..16])
}

pub fn challenge(verifier: &str) -> String {
    encode(digest::digest(&digest::SHA256, verifier.as_bytes()))
}

/// HMAC-SHA256 with what anybody knows.
pub fn sign_shared(secret: &[u8], header: &Value, claims: &Value) -> String {
    let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed.as_bytes());
    format!("{signed}.{}", encode(tag))
}

/// RSA-OAEP and A256CBC-HS512, for the key of this set that is for encryption.
pub fn encrypt(text: &str, keys: &Value) -> String {
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["use"] == "enc").unwrap();
    let (n, e) = (decode(key["n"].as_str().unwrap()), decode(key["e"].as_str().unwrap()));
    let components = RsaPublicKeyComponents { n: n.as_slice(), e: e.as_slice() };
    let der: PublicKeyX509Der = components.as_der().unwrap();
    let public = OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(der.as_ref()).unwrap()).unwrap();
    let (secret, iv) = ([7_u8; 64], [9_u8; 16]);
    let mut room = vec![0; public.ciphertext_size()];
    let sealed = public.encrypt(&OAEP_SHA1_MGF1SHA1, &secret, &mut room, None).unwrap().to_vec();
    let header = json!({"alg": "RSA-OAEP", "enc": "A256CBC-HS512", "kid": key["kid"], "cty": "JWT"});
    let aad = encode(header.to_string());
    let content = UnboundCipherKey::new(&AES_256, &secret[32..]).unwrap();
    let content_key = PaddedBlockEncryptingKey::cbc_pkcs7(content).unwrap();
    let mut content = text.as_bytes().to_vec();
    content_key.less_safe_encrypt(&mut content, EncryptionContext::Iv128(FixedLength::from(iv))).unwrap();
    let bits = (u64::try_from(aad.len()).unwrap() * 8).to_be_bytes();
    let all = [aad.as_bytes(), &iv, &content, &bits].concat();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA512, &secret[..32]), &all);
    [aad, encode(sealed), encode(iv), encode(content), encode(&tag.as_ref()[..32])].join(".")
}
