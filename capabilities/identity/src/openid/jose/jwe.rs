//! Decryption of what is meant for us alone (RFC 7516, 7518): the key in RSA-OAEP, the content in AES with a proof that nobody
//! changed it. Every failure looks the same.

use aws_lc_rs::{
    aead::{AES_128_GCM, AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    cipher::{AES_128, AES_256, DecryptionContext, PaddedBlockDecryptingKey, UnboundCipherKey},
    hmac,
    iv::FixedLength,
};
use serde::Deserialize;
use serde_json::Value;

use super::{JoseError, LARGEST, OwnKey, decode};

#[derive(Deserialize)]
struct Header {
    alg: String,
    enc: String,
    kid: Option<String>,
    zip: Option<Value>,
    crit: Option<Value>,
}

/// What was encrypted for one of `keys`.
///
/// # Errors
/// [`JoseError`].
pub(crate) fn decrypt(text: &str, keys: &[&OwnKey]) -> Result<String, JoseError> {
    if text.len() > LARGEST {
        return Err(JoseError::TooLarge);
    }
    let parts: Vec<&str> = text.split('.').collect();
    let &[header_text, key, iv, content, tag] = parts.as_slice() else { return Err(JoseError::Form) };
    let [header, key, iv, content, tag] = [header_text, key, iv, content, tag].map(decode);
    let header: Header = serde_json::from_slice(&header.ok_or(JoseError::Form)?).map_err(|_| JoseError::Header)?;
    // Compressed content could be a thousand times larger than it looks.
    if header.zip.is_some() || header.crit.is_some() {
        return Err(JoseError::Smuggled(if header.zip.is_some() { "zip" } else { "crit" }));
    }
    let own = match &header.kid {
        Some(kid) => keys.iter().find(|key| key.kid() == kid),
        None => keys.first(),
    };
    let own = own.ok_or_else(|| JoseError::UnknownKey(header.kid.unwrap_or_default().chars().take(80).collect()))?;
    let (Some(key), Some(iv), Some(content), Some(tag)) = (key, iv, content, tag) else { return Err(JoseError::Form) };
    let secret = own.open(&header.alg, &key)?;
    let sealed = Sealed { aad: header_text.as_bytes(), iv: &iv, content, tag: &tag };
    let plain = match header.enc.as_str() {
        "A128CBC-HS256" => sealed.cbc(&secret, 16, hmac::HMAC_SHA256),
        "A256CBC-HS512" => sealed.cbc(&secret, 32, hmac::HMAC_SHA512),
        "A128GCM" => sealed.gcm(&secret, &AES_128_GCM),
        "A256GCM" => sealed.gcm(&secret, &AES_256_GCM),
        other => return Err(JoseError::Algorithm(other.chars().take(20).collect())),
    };
    String::from_utf8(plain.ok_or(JoseError::Decryption)?).map_err(|_| JoseError::Decryption)
}

struct Sealed<'a> {
    aad: &'a [u8],
    iv: &'a [u8],
    content: Vec<u8>,
    tag: &'a [u8],
}

impl Sealed<'_> {
    /// RFC 7518, 5.2: the first half of the secret proves, the second decrypts. The proof comes first, or the filling of the
    /// last block would tell an attacker what is inside.
    fn cbc(mut self, secret: &[u8], half: usize, proof: hmac::Algorithm) -> Option<Vec<u8>> {
        let (mac, key) = secret.split_at_checked(half).filter(|(_, key)| key.len() == half)?;
        let bits = u64::try_from(self.aad.len()).ok()?.checked_mul(8)?.to_be_bytes();
        let all = [self.aad, self.iv, &self.content, &bits].concat();
        let whole = hmac::sign(&hmac::Key::new(proof, mac), &all);
        aws_lc_rs::constant_time::verify_slices_are_equal(whole.as_ref().get(..half)?, self.tag).ok()?;
        let algorithm = if half == 16 { &AES_128 } else { &AES_256 };
        let key = PaddedBlockDecryptingKey::cbc_pkcs7(UnboundCipherKey::new(algorithm, key).ok()?).ok()?;
        let iv: [u8; 16] = self.iv.try_into().ok()?;
        let plain = key.decrypt(&mut self.content, DecryptionContext::Iv128(FixedLength::from(iv))).ok()?;
        Some(plain.to_vec())
    }

    fn gcm(self, secret: &[u8], algorithm: &'static aws_lc_rs::aead::Algorithm) -> Option<Vec<u8>> {
        let key = LessSafeKey::new(UnboundKey::new(algorithm, secret).ok()?);
        let nonce = Nonce::try_assume_unique_for_key(self.iv).ok()?;
        if self.tag.len() != algorithm.tag_len() {
            return None;
        }
        let mut all = [&self.content, self.tag].concat();
        let plain = key.open_in_place(nonce, Aad::from(self.aad), &mut all).ok()?;
        Some(plain.to_vec())
    }
}
