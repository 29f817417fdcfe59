use database::Tx;
use proofs::{Checkpoint, Hash, TileReader, inclusion_proof, tiles_for_inclusion};
use sha2::{Digest, Sha256};

use super::LogError;
use crate::{
    Notary,
    store::{self, SignedCheckpoint},
};

/// Inclusion proofs under one checkpoint.
pub(crate) struct Proven {
    /// What they lead to.
    pub(crate) checkpoint: SignedCheckpoint,
    /// The proofs, in the order of the positions asked for.
    pub(crate) proofs: Vec<Vec<Hash>>,
}

/// The newest checkpoint that is durable. A log without acts has one too: the empty tree commits to nothing, so it may
/// be signed on demand.
pub(crate) async fn newest(notary: &Notary, tx: &mut Tx) -> Result<SignedCheckpoint, LogError> {
    if let Some(checkpoint) = store::newest_checkpoint(tx).await? {
        return Ok(checkpoint);
    }
    let root: Hash = Sha256::digest(b"").into();
    let note = Checkpoint::new(notary.origin(), 0, root).sign(&[&notary.key])?;
    Ok(SignedCheckpoint { size: 0, root: root.to_vec(), note })
}

/// Proves that `positions` are under the newest checkpoint; `None` when it does not reach them yet.
pub(crate) async fn prove(notary: &Notary, tx: &mut Tx, positions: &[u64]) -> Result<Option<Proven>, LogError> {
    let checkpoint = newest(notary, tx).await?;
    let size = checkpoint.size;
    if positions.iter().any(|position| *position >= size) {
        return Ok(None);
    }
    let mut proofs = Vec::with_capacity(positions.len());
    for position in positions {
        let tiles = store::tiles(tx, tiles_for_inclusion(*position, size)?).await?;
        let reader = TileReader::new(size, |tile| tiles.get(&(tile.level, tile.index)).cloned());
        proofs.push(inclusion_proof(&reader, *position, size)?);
    }
    Ok(Some(Proven { checkpoint, proofs }))
}
