//! A device with one passkey, which says whatever a test wants it to say.

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    rand::SystemRandom,
    rsa,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::house::{PUBLIC, Reply};

pub const TOUCHED: u8 = 1;
pub const VERIFIED: u8 = 1 << 2;
const NEW: u8 = 1 << 6;

enum Key {
    Es256(EcdsaKeyPair),
    EdDsa(Ed25519KeyPair),
    Rs256(Box<rsa::KeyPair>),
}

pub struct Authenticator {
    key: Key,
    id: [u8; 16],
    /// What it counts, and says.
    pub counter: u32,
    pub flags: u8,
    /// Where the browser says that it is.
    pub origin: &'static str,
    pub cross_origin: bool,
    /// For which site the device says that it signs.
    pub site: &'static str,
    /// What the browser says that it does, where it is not what was asked.
    pub ceremony: Option<&'static str>,
    /// As the device knows its holder.
    handle: String,
}

/// Fields of a form.
pub type Fields = Vec<(&'static str, String)>;

impl Authenticator {
    /// With a key of this COSE algorithm.
    pub fn new(number: u8, algorithm: i64) -> Self {
        let key = match algorithm {
            -7 => Key::Es256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap()),
            -8 => Key::EdDsa(Ed25519KeyPair::generate().unwrap()),
            _ => Key::Rs256(Box::new(rsa::KeyPair::generate(rsa::KeySize::Rsa2048).unwrap())),
        };
        let (id, handle, flags, origin) = ([number; 16], String::new(), TOUCHED | VERIFIED, PUBLIC);
        Self { key, id, counter: 0, flags, origin, cross_origin: false, site: "localhost", ceremony: None, handle }
    }

    /// Honest again.
    pub fn restore(&mut self) {
        (self.flags, self.origin, self.cross_origin) = (TOUCHED | VERIFIED, PUBLIC, false);
        (self.site, self.ceremony) = ("localhost", None);
    }

    pub fn id(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.id)
    }

    fn algorithm(&self) -> i64 {
        match self.key {
            Key::Es256(_) => -7,
            Key::EdDsa(_) => -8,
            Key::Rs256(_) => -257,
        }
    }

    fn public_key(&self) -> String {
        let der: PublicKeyX509Der<'_> = match &self.key {
            Key::Es256(key) => key.public_key().as_der().unwrap(),
            Key::EdDsa(key) => key.public_key().as_der().unwrap(),
            Key::Rs256(key) => key.public_key().as_der().unwrap(),
        };
        URL_SAFE_NO_PAD.encode(der.as_ref())
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.key {
            Key::Es256(key) => key.sign(&random, message).unwrap().as_ref().to_vec(),
            Key::EdDsa(key) => key.sign(message).as_ref().to_vec(),
            Key::Rs256(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).unwrap();
                signature
            }
        }
    }

    fn client_data(&self, page: &Reply, ceremony: &str) -> Vec<u8> {
        let said = serde_json::json!({
            "type": self.ceremony.unwrap_or(ceremony),
            "challenge": page.attribute("data-challenge"),
            "origin": self.origin,
            "crossOrigin": self.cross_origin,
            "other_keys_can_be_added_here": "do not compare clientDataJSON against a template",
        });
        said.to_string().into_bytes()
    }

    fn says(&self, flags: u8) -> Vec<u8> {
        [&Sha256::digest(self.site)[..], &[flags], &self.counter.to_be_bytes()].concat()
    }

    /// Makes the passkey that the page asks for.
    pub fn make(&mut self, page: &Reply) -> Fields {
        assert_eq!(page.attribute("data-ceremony"), "create");
        self.handle = page.attribute("data-handle");
        let length = u16::try_from(self.id.len()).unwrap().to_be_bytes();
        let said =
            [&self.says(self.flags | NEW)[..], &[0; 16], &length, &self.id, b"the key as COSE writes it"].concat();
        vec![
            ("nome", "Portatile".to_owned()),
            ("credenziale", self.id()),
            ("contesto", URL_SAFE_NO_PAD.encode(self.client_data(page, "webauthn.create"))),
            ("dispositivo", URL_SAFE_NO_PAD.encode(said)),
            ("chiave", self.public_key()),
            ("algoritmo", self.algorithm().to_string()),
        ]
    }

    /// Answers the question of the page.
    pub fn answer(&self, page: &Reply) -> Fields {
        let (client, said) = (self.client_data(page, "webauthn.get"), self.says(self.flags));
        let signature = self.sign(&[&said[..], &Sha256::digest(&client)].concat());
        vec![
            ("credenziale", self.id()),
            ("contesto", URL_SAFE_NO_PAD.encode(client)),
            ("dispositivo", URL_SAFE_NO_PAD.encode(said)),
            ("firma", URL_SAFE_NO_PAD.encode(signature)),
            ("titolare", self.handle.clone()),
        ]
    }
}
