//! Codes for the day on which telephone and passkey are lost: each opens once.

use base::Chance;
use sha2::{Digest, Sha256};

/// How many are given out together.
pub(crate) const MANY: usize = 10;
/// Bytes of a code: nobody guesses 128 bits, so that a quick digest is enough to keep them.
const BYTES: usize = 16;

/// Fresh codes, as people read and type them: `3f9a-0c11-…`.
pub(crate) fn fresh(chance: &dyn Chance) -> Vec<String> {
    let grouped = |code: [u8; BYTES]| code.chunks(2).map(hex::encode).collect::<Vec<_>>().join("-");
    (0..MANY).map(|_| grouped(chance.bytes::<BYTES>())).collect()
}

/// What tables keep of a code of `officer`, however it was typed; `None` for what cannot be one.
pub(crate) fn digest(officer: &str, typed: &str) -> Option<String> {
    let plain: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let code = hex::decode(plain).ok().filter(|code| code.len() == BYTES)?;
    let mut hash = Sha256::new();
    for part in [b"sportello/recovery/v1\n", officer.as_bytes(), b"\n", &code] {
        hash.update(part);
    }
    Some(hex::encode(hash.finalize()))
}

#[cfg(test)]
mod tests {
    use base::SeededChance;

    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed_and_belongs_to_one_person() {
        let codes = fresh(&SeededChance::new(3));
        assert_eq!((codes.len(), codes[0].len()), (MANY, 39));
        let kept = digest("anna", &codes[0]);
        assert!(kept.is_some());
        let typed = format!(" {} ", codes[0].replace('-', " ").to_uppercase());
        assert_eq!(digest("anna", &typed), kept);
        assert_ne!(digest("bruno", &codes[0]), kept);
        assert_ne!(digest("anna", &codes[1]), kept);
        for wrong in ["", "123456", "perché", &codes[0][1..]] {
            assert_eq!(digest("anna", wrong), None, "{wrong}");
        }
    }
}
