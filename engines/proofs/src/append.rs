//! Growing the tree: which tiles change, and their new bytes.

use std::collections::BTreeMap;

use crate::{
    FULL_WIDTH, Hash, Tile, TileReader, TreeError,
    merkle::{perfect_root, root},
    tile::hashes_at,
};

/// What a store writes, in one transaction, when leaves are appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appended {
    /// The number of leaves from now on.
    pub size: u64,
    /// The root of the tree from now on: what the next checkpoint signs.
    pub root: Hash,
    /// New tiles and tiles that grew, each once in its final width. A full one replaces the partial one before it.
    pub tiles: Vec<(Tile, Vec<u8>)>,
}

/// The partial tiles at the right edge of a tree of `size` leaves: all that [`append`] reads.
#[must_use]
pub fn right_edge(size: u64) -> Vec<Tile> {
    let levels = (0..).take_while(|level| hashes_at(*level, size) > 0);
    levels.filter_map(|level| Tile::in_tree(level, hashes_at(level, size) / u64::from(FULL_WIDTH), size)).collect()
}

/// Appends `leaves` (leaf hashes) to the tree of `old_size` leaves, whose [`right_edge`] `source` can give.
///
/// # Errors
/// [`TreeError::MissingTile`] or [`TreeError::TornTile`] if the right edge cannot be read;
/// [`TreeError::OutsideTree`] if the tree would have more than 2^64 − 1 leaves.
pub fn append(old_size: u64, leaves: &[Hash], source: impl Fn(Tile) -> Option<Vec<u8>>) -> Result<Appended, TreeError> {
    let too_many = TreeError::OutsideTree { asked: u64::MAX, size: old_size };
    let size = old_size.checked_add(leaves.len() as u64).ok_or(too_many)?;
    let mut written: BTreeMap<(u8, u64), (Tile, Vec<u8>)> = BTreeMap::new();
    let mut row = leaves.to_vec();
    let mut level = 0;
    while !row.is_empty() {
        let tiles = grow_level(level, old_size, &row, &source)?;
        row = tiles.iter().filter(|(tile, _)| !tile.is_partial()).map(|(_, hashes)| perfect_root(hashes)).collect();
        written.extend(tiles.into_iter().map(|(tile, hashes)| ((level, tile.index), (tile, hashes.concat()))));
        level += 1;
    }
    let now =
        |tile: Tile| written.get(&(tile.level, tile.index)).map_or_else(|| source(tile), |(_, b)| Some(b.clone()));
    let root = root(&TileReader::new(size, now), size)?;
    Ok(Appended { size, root, tiles: written.into_values().collect() })
}

/// The tiles of one level that `row`, its new hashes, begins or continues.
fn grow_level(
    level: u8,
    old_size: u64,
    row: &[Hash],
    source: impl Fn(Tile) -> Option<Vec<u8>>,
) -> Result<Vec<(Tile, Vec<Hash>)>, TreeError> {
    let full = u64::from(FULL_WIDTH);
    let first = hashes_at(level, old_size) / full;
    let mut hashes = match Tile::in_tree(level, first, old_size) {
        Some(edge) => edge.hashes(&source(edge).ok_or(TreeError::MissingTile(edge))?)?,
        None => Vec::new(),
    };
    hashes.extend_from_slice(row);
    let chunks = hashes.chunks(usize::from(FULL_WIDTH)).zip(first..);
    // A chunk has at most 256 hashes.
    Ok(chunks.map(|(chunk, index)| (Tile { level, index, width: chunk.len() as u16 }, chunk.to_vec())).collect())
}
