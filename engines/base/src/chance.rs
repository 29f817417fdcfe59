use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

/// Where random bytes come from: the operating system in the program, a seed in tests and sample worlds.
pub trait Chance: Send + Sync {
    /// Fills `bytes` with unpredictable (or, for a seeded source, reproducible) content.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Chance + '_ {
    /// `N` fresh bytes: salts, tokens, keys.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

/// A reproducible source: block *n* is SHA-256 of the seed and *n*. Never for secrets.
#[derive(Debug)]
pub struct SeededChance {
    seed: u64,
    next_block: AtomicU64,
}

impl SeededChance {
    /// The same seed gives the same bytes in the same order of calls.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, next_block: AtomicU64::new(0) }
    }
}

impl Chance for SeededChance {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = self.next_block.fetch_add(1, Ordering::Relaxed);
            let mut hash = Sha256::new();
            hash.update(self.seed.to_be_bytes());
            hash.update(block.to_be_bytes());
            chunk.copy_from_slice(&hash.finalize()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_bytes() {
        let (one, two, other) = (SeededChance::new(7), SeededChance::new(7), SeededChance::new(8));
        let read = |chance: &dyn Chance| chance.bytes::<80>();
        let (first, second) = (read(&one), read(&one));
        assert_eq!(first, read(&two));
        assert_ne!(first, second);
        assert_ne!(first, read(&other));
    }
}
