use sha2::{Digest, Sha256};

use crate::Hash;

/// Separates digests of acts from every other use of SHA-256, and names the version of the commitment.
const ACT_DOMAIN: &[u8] = b"sportello/act/v1\n";

/// The salted commitment to one act: SHA-256(`"sportello/act/v1\n"` ‖ `salt` ‖ `content`).
///
/// It is the act's entry in the log. The salt keeps a guessable content from being recognised in the public log, and
/// makes the entry meaningless once the content and its salt are erased (art. 17 GDPR), while every proof stays valid.
#[must_use]
pub fn act_digest(salt: &[u8; 32], content: &str) -> Hash {
    Sha256::new().chain_update(ACT_DOMAIN).chain_update(salt).chain_update(content.as_bytes()).finalize().into()
}
