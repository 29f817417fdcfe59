//! The Merkle tree of RFC 6962 section 2.1 (SHA-256), with proofs computed from whatever can answer for its nodes.

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{
    Tile,
    ranges::{self, Span},
};

/// A SHA-256 value: of a leaf, of a node, or the root of a tree.
pub type Hash = [u8; 32];

/// Why a proof or a root could not be computed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TreeError {
    /// A leaf or an older size that the tree of `size` leaves does not contain.
    #[error("{asked} is outside a tree of {size} leaves")]
    OutsideTree {
        /// The leaf, node or size asked for.
        asked: u64,
        /// The number of leaves of the tree.
        size: u64,
    },
    /// The source has not got a tile that a tree of this size must have.
    #[error("tile {} is missing", .0.path())]
    MissingTile(Tile),
    /// The stored tile is shorter than its coordinates say, longer than a tile, or not a whole number of hashes.
    #[error("tile {} has {bytes} bytes", .tile.path())]
    TornTile {
        /// The tile asked for.
        tile: Tile,
        /// How many bytes the source gave.
        bytes: usize,
    },
}

/// A complete subtree of 2^`level` leaves: the leaves from `index` × 2^`level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// Height over the leaves: 0 is a leaf.
    pub level: u8,
    /// Position among the nodes of the same level, from the left.
    pub index: u64,
}

/// Something that knows the hashes of complete subtrees: tiles in a store, or the leaves themselves.
pub trait HashReader {
    /// The Merkle tree hash of the leaves under `node`.
    ///
    /// # Errors
    /// [`TreeError`] where the node is outside the tree or its source is missing or torn.
    fn hash(&self, node: Node) -> Result<Hash, TreeError>;
}

/// Leaf hashes in memory: the direct route, for small trees and for checking the route through tiles.
#[derive(Debug, Clone, Copy)]
pub struct LeafHashes<'a>(pub &'a [Hash]);

impl HashReader for LeafHashes<'_> {
    fn hash(&self, node: Node) -> Result<Hash, TreeError> {
        let leaves = usize::try_from(node.index).ok().and_then(|index| {
            let width = 1_usize.checked_shl(u32::from(node.level))?;
            let start = index.checked_mul(width)?;
            self.0.get(start..start.checked_add(width)?)
        });
        let outside = TreeError::OutsideTree { asked: node.index, size: self.0.len() as u64 };
        leaves.map(perfect_root).ok_or(outside)
    }
}

/// The hash of a leaf: SHA-256(`0x00` ‖ `entry`).
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

/// The hash of a node: SHA-256(`0x01` ‖ `left` ‖ `right`).
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root over 2^n hashes of one level; `hashes` must be such a power of two.
pub(crate) fn perfect_root(hashes: &[Hash]) -> Hash {
    debug_assert!(hashes.len().is_power_of_two());
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
    }
    row[0]
}

/// The root of the tree made of the first `size` leaves (SHA-256 of nothing for the empty tree).
///
/// # Errors
/// As [`HashReader::hash`].
pub fn root(reader: &impl HashReader, size: u64) -> Result<Hash, TreeError> {
    span_root(reader, Span { start: 0, end: size })
}

fn span_root(reader: &impl HashReader, span: Span) -> Result<Hash, TreeError> {
    let mut from_right: Option<Hash> = None;
    for node in span.nodes().into_iter().rev() {
        let left = reader.hash(node)?;
        from_right = Some(from_right.map_or(left, |right| node_hash(&left, &right)));
    }
    Ok(from_right.unwrap_or_else(|| Sha256::digest(b"").into()))
}

/// The audit path of leaf `index` in the tree of `size` leaves (RFC 6962 section 2.1.1), from the leaf upwards.
///
/// # Errors
/// [`TreeError::OutsideTree`] if `index` ≥ `size`; else as [`HashReader::hash`].
pub fn inclusion_proof(reader: &impl HashReader, index: u64, size: u64) -> Result<Vec<Hash>, TreeError> {
    let siblings = ranges::inclusion(index, size).ok_or(TreeError::OutsideTree { asked: index, size })?;
    siblings.into_iter().map(|sibling| span_root(reader, sibling)).collect()
}

/// Whether `proof` shows that `leaf` (a leaf hash) is at `index` in the tree of `size` leaves with this `root`.
#[must_use]
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> bool {
    let Some(siblings) = ranges::inclusion(index, size).filter(|siblings| siblings.len() == proof.len()) else {
        return false;
    };
    let climbed = siblings.iter().zip(proof).fold(*leaf, |hash, (span, sibling)| {
        if span.start > index { node_hash(&hash, sibling) } else { node_hash(sibling, &hash) }
    });
    climbed == *root
}

/// The proof that the tree of `old` leaves is the beginning of the tree of `size` leaves (RFC 6962 section 2.1.2).
/// It is empty if `old` is 0 or `size`.
///
/// # Errors
/// [`TreeError::OutsideTree`] if `old` > `size`; else as [`HashReader::hash`].
pub fn consistency_proof(reader: &impl HashReader, old: u64, size: u64) -> Result<Vec<Hash>, TreeError> {
    let plan = ranges::consistency(old, size).ok_or(TreeError::OutsideTree { asked: old, size })?;
    plan.spans().into_iter().map(|span| span_root(reader, span)).collect()
}

/// Whether `proof` shows that the tree of `old` leaves with `old_root` is the beginning of the tree of `size` leaves
/// with `root`.
#[must_use]
pub fn verify_consistency(old: u64, size: u64, proof: &[Hash], old_root: &Hash, root: &Hash) -> bool {
    let Some(plan) = ranges::consistency(old, size).filter(|plan| plan.spans().len() == proof.len()) else {
        return false;
    };
    if old == 0 {
        let nothing: Hash = Sha256::digest(b"").into();
        return *old_root == nothing && (size > 0 || *root == nothing);
    }
    let (seed, rest) = match (plan.seed, proof) {
        (Some(_), [seed, rest @ ..]) => (*seed, rest),
        _ => (*old_root, proof),
    };
    let climbed = plan.siblings.iter().zip(rest).fold((seed, seed), |(before, after), (span, sibling)| {
        if span.start >= old {
            (before, node_hash(&after, sibling))
        } else {
            (node_hash(sibling, &before), node_hash(sibling, &after))
        }
    });
    climbed == (*old_root, *root)
}
