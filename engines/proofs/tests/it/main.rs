//! Everything that must hold of proofs, notes and receipts.

mod notes;
mod receipts;
mod sample;
mod tiles;
mod tree;
mod vectors;
