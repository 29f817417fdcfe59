#![doc = include_str!("../README.md")]

mod act;
mod append;
mod bundle;
mod checkpoint;
mod encoding;
mod entries;
mod flaw;
mod key;
mod merkle;
mod note;
mod ranges;
mod reader;
mod tile;
mod verify;
mod words;

pub use act::act_digest;
pub use append::{Appended, append, right_edge};
pub use bundle::{Bundle, Document, MAX_ACTS, MAX_BYTES, MAX_DOCUMENTS, ProvenAct};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use entries::{EntriesError, decode_entries, encode_entries};
pub use flaw::{Flaw, Place};
pub use key::{KeyError, SignerKey, VerifierKey};
pub use merkle::{
    Hash, HashReader, LeafHashes, Node, TreeError, consistency_proof, inclusion_proof, leaf_hash, node_hash, root,
    verify_consistency, verify_inclusion,
};
pub use note::{Note, NoteError, NoteSignature};
pub use reader::{TileReader, tiles_for_consistency, tiles_for_inclusion, tiles_for_root};
pub use tile::{FULL_WIDTH, Resource, Tile};
pub use verify::{Verified, VerifiedAct, VerifiedDocument, verify};
pub use words::words;
