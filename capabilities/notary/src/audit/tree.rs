use std::collections::BTreeMap;

use database::{Result, Tx};
use proofs::{Checkpoint, Hash, Tile, TileReader, VerifierKey, append, leaf_hash, root};

use super::{Findings, book::Book};
use crate::store::{self, SignedCheckpoint};

/// Checkpoints read at once.
const BATCH: i64 = 500;

/// The tiles as they must be.
type Expected = BTreeMap<(u8, u64), (Tile, Vec<u8>)>;

/// Compares what is stored and signed with the tree of the book's leaves.
pub(super) async fn check(tx: &mut Tx, key: &VerifierKey, book: &Book, findings: &mut Findings) -> Result<()> {
    let head = store::head(tx).await?;
    let size = store::newest_checkpoint(tx).await?.map_or(0, |newest| newest.size);
    if head != size {
        findings.note("notary.audit.head", &[("head", head.to_string()), ("signed", size.to_string())]);
    }
    let leaves = usize::try_from(size).ok().and_then(|size| book.leaves.get(..size));
    let Some(leaves) = leaves.filter(|_| book.whole) else {
        let values = [("acts", book.leaves.len().to_string()), ("size", size.to_string())];
        findings.note("notary.audit.shorter", &values);
        return Ok(());
    };
    let expected = grown(leaves);
    check_tiles(tx, &expected, findings).await?;
    check_checkpoints(tx, key, &expected, findings).await
}

/// The root over the first `size` acts, computed from nothing but the book; `None` when it has fewer.
pub(super) async fn root_of_book(tx: &mut Tx, size: u64) -> Result<Option<Hash>> {
    let Ok(count) = i64::try_from(size) else { return Ok(None) };
    if acts::count(tx).await? < count {
        return Ok(None);
    }
    let mut leaves = Vec::new();
    for from in (0..count).step_by(usize::try_from(BATCH).unwrap_or(1)) {
        leaves.extend(acts::digests(tx, from, count.min(from + BATCH)).await?.iter().map(|digest| leaf_hash(digest)));
    }
    Ok((leaves.len() as u64 == size).then(|| root_of(&grown(&leaves), size)).flatten())
}

/// The tiles of a tree of these leaves.
fn grown(leaves: &[Hash]) -> Expected {
    let grown = append(0, leaves, |_| None).expect("a tree that begins with nothing reads no stored tile");
    grown.tiles.into_iter().map(|(tile, bytes)| ((tile.level, tile.index), (tile, bytes))).collect()
}

/// The root that these tiles give for the first `size` leaves.
fn root_of(tiles: &Expected, size: u64) -> Option<Hash> {
    let reader = TileReader::new(size, |tile| tiles.get(&(tile.level, tile.index)).map(|(_, bytes)| bytes.clone()));
    root(&reader, size).ok()
}

async fn check_tiles(tx: &mut Tx, expected: &Expected, findings: &mut Findings) -> Result<()> {
    for (tile, bytes) in expected.values() {
        match store::tile(tx, *tile).await? {
            None => findings.note("notary.audit.tile_missing", &[("tile", tile.path())]),
            Some(stored) if stored != *bytes => {
                let same = stored.chunks(32).zip(bytes.chunks(32)).take_while(|(a, b)| a == b).count();
                findings.note("notary.audit.tile_changed", &[("tile", tile.path()), ("index", same.to_string())]);
            }
            Some(_) => {}
        }
    }
    let found = usize::try_from(store::count_tiles(tx).await?).unwrap_or(usize::MAX);
    if found > expected.len() {
        let values = [("found", found.to_string()), ("expected", expected.len().to_string())];
        findings.note("notary.audit.tile_extra", &values);
    }
    Ok(())
}

/// Every checkpoint that was ever signed must be of this log's key and of this tree when it was smaller: the log never
/// told two stories.
async fn check_checkpoints(tx: &mut Tx, key: &VerifierKey, expected: &Expected, findings: &mut Findings) -> Result<()> {
    let mut after = 0;
    loop {
        let batch = store::checkpoints_after(tx, after, BATCH).await?;
        let Some(last) = batch.last() else { return Ok(()) };
        after = last.size;
        for checkpoint in &batch {
            check_checkpoint(checkpoint, key, expected, findings);
        }
    }
}

fn check_checkpoint(row: &SignedCheckpoint, key: &VerifierKey, expected: &Expected, findings: &mut Findings) {
    let size = ("size", row.size.to_string());
    let signed = match Checkpoint::open(&row.note, std::slice::from_ref(key)) {
        Ok(signed) => signed,
        Err(error) => return findings.note("notary.audit.checkpoint", &[size, ("why", error.to_string())]),
    };
    if (signed.size, signed.root.as_slice(), signed.origin.as_str()) != (row.size, row.root.as_slice(), key.name()) {
        findings.note("notary.audit.checkpoint_row", std::slice::from_ref(&size));
    }
    if root_of(expected, signed.size) != Some(signed.root) {
        findings.note("notary.audit.checkpoint_root", &[size]);
    }
}
