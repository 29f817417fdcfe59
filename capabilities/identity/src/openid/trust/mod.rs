//! Whom to believe: a chain of statements from somebody to an anchor (OpenID Federation 1.0).

mod chain;
mod constraints;
mod marks;
mod policy;
mod statement;

pub(crate) use chain::{Anchor, Bounds, Kept, Trusted, Walk};
pub(crate) use statement::{Statement, address_of};

use super::{WireError, jose::JoseError};

/// Why somebody is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TrustError {
    #[error("{0}: {1}")]
    Wire(String, WireError),
    #[error("{0}: HTTP {1}")]
    Status(String, u16),
    #[error("the statement of {0}: {1}")]
    Jose(String, JoseError),
    #[error("the statement of {0}: {1}")]
    Statement(String, &'static str),
    #[error("{0} names no superior through whom the anchor can be reached")]
    NoWay(String),
    #[error("more questions than a real chain needs")]
    TooMuch,
    #[error("a constraint of {0} forbids it: {1}")]
    Constraint(String, &'static str),
    #[error("the metadata do not follow the policy: {0}")]
    Policy(String),
    #[error("the trust mark {0} is missing, or is not valid")]
    Mark(String),
}

impl TrustError {
    /// Nobody answered, or somebody who was out of order: what was known holds on. Everything else is an answer.
    pub(crate) fn is_silence(&self) -> bool {
        match self {
            Self::Wire(..) | Self::TooMuch => true,
            Self::Status(_, status) => *status >= 500 || matches!(*status, 408 | 429),
            _ => false,
        }
    }
}
