//! Growing the log and proving from it.

mod grow;
mod prove;

pub(crate) use prove::{Proven, newest, prove};

/// Why the log does not grow, or cannot prove. Only the first is worth trying again.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The database refused.
    #[error(transparent)]
    Database(#[from] database::Error),
    /// Tiles that should be stored are missing or torn.
    #[error("the stored tree is damaged: {0}")]
    Tree(#[from] proofs::TreeError),
    /// The checkpoint cannot be signed, or the stored one is not signed with our key.
    #[error("the stored checkpoint is not of this log's key: {0}")]
    Checkpoint(#[from] proofs::CheckpointError),
    /// What was signed, what is stored and what the book says do not agree.
    #[error("{0}")]
    Disagreement(String),
}
