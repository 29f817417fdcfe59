use std::path::Path;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand,
};
use base::Chance;
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{KeyError, key_file};

/// The file of its key in the key folder: 64 hexadecimal digits. Without it every app must be set up anew.
const FILE: &str = "factors.key";
const KEY_BYTES: usize = 32;

/// Seals secrets that must be read again, such as those of one-time codes (AES-256-GCM): whoever copies the database
/// without the key folder has none of them.
pub(crate) struct Vault(LessSafeKey);

impl Vault {
    /// Reads the key; makes it at the first start, readable by nobody else.
    pub(crate) fn open_or_create(folder: &Path) -> Result<Self, KeyError> {
        let file = folder.join(FILE);
        let text = key_file::open_or_make(&file, || {
            let mut key = [0; KEY_BYTES];
            rand::fill(&mut key).map_err(|_| unusable("the system gives no random bytes"))?;
            Ok(hex::encode(key))
        })?;
        let key = hex::decode(text.trim()).map_err(|_| unusable("not 64 hexadecimal digits"))?;
        let key = UnboundKey::new(&AES_256_GCM, &key).map_err(|_| unusable("not 64 hexadecimal digits"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Seals `secret` for `purpose`, which has to be named to open it. At random nonces of 96 bits a key is good for some
    /// 2³² secrets (NIST SP 800-38D, 8.3).
    pub(crate) fn seal(&self, chance: &dyn Chance, purpose: &str, secret: &[u8]) -> Option<String> {
        let nonce = chance.bytes::<NONCE_LEN>();
        let mut sealed = secret.to_vec();
        let aad = Aad::from(purpose.as_bytes());
        self.0.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed).ok()?;
        Some(STANDARD.encode([&nonce[..], &sealed].concat()))
    }

    /// What was sealed, if it was sealed with this key, for this purpose, and is whole.
    pub(crate) fn open(&self, purpose: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, content) = bytes.split_first_chunk::<NONCE_LEN>()?;
        let mut content = content.to_vec();
        let aad = Aad::from(purpose.as_bytes());
        let secret = self.0.open_in_place(Nonce::assume_unique_for_key(*nonce), aad, &mut content).ok()?;
        Some(secret.to_vec())
    }
}

fn unusable(why: &str) -> KeyError {
    KeyError::Unusable(format!("{FILE}: {why}"))
}

#[cfg(test)]
mod tests {
    use base::SeededChance;

    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_and_for_its_purpose_alone() {
        let (own, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let vault = Vault::open_or_create(own.path()).unwrap();
        let chance = SeededChance::new(1);
        let sealed = vault.seal(&chance, "anna", b"segreto").unwrap();
        assert_ne!(sealed, vault.seal(&chance, "anna", b"segreto").unwrap(), "never twice the same");
        let again = Vault::open_or_create(own.path()).unwrap();
        assert_eq!(again.open("anna", &sealed).as_deref(), Some(&b"segreto"[..]));
        assert_eq!(again.open("bruno", &sealed), None);
        assert_eq!(Vault::open_or_create(other.path()).unwrap().open("anna", &sealed), None);
        for broken in ["", "AAAA", "?", &sealed[4..], &STANDARD.encode([0; 40])] {
            assert_eq!(again.open("anna", broken), None, "{broken}");
        }
    }

    #[test]
    fn the_key_is_private_and_rubbish_is_refused() {
        use std::{fs, os::unix::fs::PermissionsExt as _};

        let folder = tempfile::tempdir().unwrap();
        Vault::open_or_create(folder.path()).unwrap();
        let file = folder.path().join(FILE);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        fs::write(&file, "breve").unwrap();
        assert!(matches!(Vault::open_or_create(folder.path()), Err(KeyError::Unusable(_))));
    }
}
