//! Proofs from stored tiles. The store is asked first for the list of tiles, then the proof is computed from them:
//! so a store that answers asynchronously fits an engine that does not wait.

use std::collections::BTreeSet;

use crate::{
    Hash, HashReader, Node, Tile, TreeError,
    merkle::perfect_root,
    ranges::{self, Span},
};

/// Reads the hashes of a tree of a given size out of its tiles.
#[derive(Debug, Clone, Copy)]
pub struct TileReader<S> {
    size: u64,
    source: S,
}

impl<S: Fn(Tile) -> Option<Vec<u8>>> TileReader<S> {
    /// `source` gives the bytes of a tile, or of a wider one in the same place, or `None` if it has not got it.
    pub const fn new(size: u64, source: S) -> Self {
        Self { size, source }
    }
}

impl<S: Fn(Tile) -> Option<Vec<u8>>> HashReader for TileReader<S> {
    fn hash(&self, node: Node) -> Result<Hash, TreeError> {
        let outside = TreeError::OutsideTree { asked: node.index, size: self.size };
        let (tile, under) = Tile::holding(node, self.size).ok_or(outside)?;
        let bytes = (self.source)(tile).ok_or(TreeError::MissingTile(tile))?;
        Ok(perfect_root(&tile.hashes(&bytes)?[under]))
    }
}

/// The tiles that [`crate::inclusion_proof`] reads for leaf `index` in a tree of `size` leaves.
///
/// # Errors
/// [`TreeError::OutsideTree`] if `index` ≥ `size`.
pub fn tiles_for_inclusion(index: u64, size: u64) -> Result<BTreeSet<Tile>, TreeError> {
    let siblings = ranges::inclusion(index, size).ok_or(TreeError::OutsideTree { asked: index, size })?;
    Ok(tiles_of(siblings, size))
}

/// The tiles that [`crate::consistency_proof`] reads from `old` to `size` leaves.
///
/// # Errors
/// [`TreeError::OutsideTree`] if `old` > `size`.
pub fn tiles_for_consistency(old: u64, size: u64) -> Result<BTreeSet<Tile>, TreeError> {
    let plan = ranges::consistency(old, size).ok_or(TreeError::OutsideTree { asked: old, size })?;
    Ok(tiles_of(plan.spans(), size))
}

/// The tiles that [`crate::root`] reads for a tree of `size` leaves.
#[must_use]
pub fn tiles_for_root(size: u64) -> BTreeSet<Tile> {
    tiles_of(vec![Span { start: 0, end: size }], size)
}

fn tiles_of(spans: Vec<Span>, size: u64) -> BTreeSet<Tile> {
    let nodes = spans.into_iter().flat_map(Span::nodes);
    nodes.filter_map(|node| Tile::holding(node, size)).map(|(tile, _)| tile).collect()
}
