use acts::{Act, FollowError, Follower};
use async_trait::async_trait;
use database::Tx;
use proofs::{Checkpoint, Tile, TileReader, append, leaf_hash, right_edge, root};

use super::LogError;
use crate::{
    Notary,
    store::{self, SignedCheckpoint, StoredTiles},
};

#[async_trait]
impl Follower for Notary {
    fn name(&self) -> &'static str {
        "notary"
    }

    /// Appends the digests of `acts` to the tree and signs what it has become. Tiles, checkpoint and cursor are written
    /// in one transaction, and nothing is served but what was committed: what was signed is durable before anybody sees
    /// it. A tree that disagrees with the book is never signed again, whoever changed it.
    async fn follow(&self, tx: &mut Tx, acts: &[Act]) -> Result<(), FollowError> {
        self.grow(tx, acts).await.map_err(|error| match error {
            LogError::Database(error) => FollowError::Database(error),
            other => {
                tracing::error!(
                    error = %other,
                    "THE LOG STOPS GROWING: nothing more is signed until `sportello verify --book` finds nothing wrong"
                );
                FollowError::Other(other.to_string())
            }
        })
    }
}

impl Notary {
    async fn grow(&self, tx: &mut Tx, acts: &[Act]) -> Result<(), LogError> {
        let size = store::lock_head(tx).await?;
        let edge = store::tiles(tx, right_edge(size)).await?;
        self.refuse_disagreement(tx, size, &edge).await?;
        let leaves: Vec<_> = fresh(acts, size)?.iter().map(|act| leaf_hash(&act.digest)).collect();
        if leaves.is_empty() {
            return Ok(());
        }
        let grown = append(size, &leaves, stored(&edge))?;
        for (tile, bytes) in &grown.tiles {
            store::put_tile(tx, *tile, bytes).await?;
        }
        let note = Checkpoint::new(self.origin(), grown.size, grown.root).sign(&[&self.key])?;
        let checkpoint = SignedCheckpoint { size: grown.size, root: grown.root.to_vec(), note };
        store::put_checkpoint(tx, &checkpoint, self.web.clock().now()).await?;
        store::move_head(tx, grown.size).await?;
        Ok(())
    }

    /// The stored tree must be the one that was last signed, and its last leaves those of the book. A cheap look at the
    /// right edge; [`crate::audit`] looks at everything.
    async fn refuse_disagreement(&self, tx: &mut Tx, size: u64, edge: &StoredTiles) -> Result<(), LogError> {
        let Some(last) = store::newest_checkpoint(tx).await? else {
            return if size == 0 { Ok(()) } else { disagree(format!("{size} leaves are stored and none was signed")) };
        };
        let signed = Checkpoint::open(&last.note, &[self.verifier().clone()])?;
        let root = root(&TileReader::new(size, stored(edge)), size)?;
        if (signed.size, signed.root) != (size, root) || (last.size, last.root.as_slice()) != (size, &root) {
            return disagree(format!("the stored tree of {size} leaves is not the one that was signed"));
        }
        let Some(tile) = Tile::in_tree(0, size / u64::from(proofs::FULL_WIDTH), size) else { return Ok(()) };
        let hashes = tile.hashes(edge.get(&(0, tile.index)).map_or(&[], Vec::as_slice))?;
        let until = position(size)?;
        let digests = acts::digests(tx, until - i64::from(tile.width), until).await?;
        let leaves: Vec<_> = digests.iter().map(|digest| leaf_hash(digest)).collect();
        if leaves == hashes { Ok(()) } else { disagree("the book's digests are not those in the log".to_owned()) }
    }
}

/// The acts that the tree does not have yet. Another process may have taken in some of the batch; none may be missing
/// before it.
fn fresh(acts: &[Act], size: u64) -> Result<&[Act], LogError> {
    let end = position(size)?;
    match acts.first() {
        Some(first) if first.position > end => {
            disagree(format!("the log has {size} leaves and the book goes on at {}", first.position))
        }
        _ => Ok(&acts[acts.iter().take_while(|act| act.position < end).count()..]),
    }
}

fn stored(tiles: &StoredTiles) -> impl Fn(Tile) -> Option<Vec<u8>> {
    |tile| tiles.get(&(tile.level, tile.index)).cloned()
}

fn position(size: u64) -> Result<i64, LogError> {
    i64::try_from(size).or_else(|_| disagree(format!("a log of {size} leaves is larger than any book")))
}

fn disagree<T>(what: String) -> Result<T, LogError> {
    Err(LogError::Disagreement(what))
}
