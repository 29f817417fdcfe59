//! Evaluation for one household, with every intermediate value.

mod arithmetic;
mod bounds;
mod calendar;
mod decide;
mod decision;
mod eval;
mod exact;
mod frame;
mod gap;
mod near_misses;
mod place;
mod run;
mod suppositions;
mod unverified;

pub(crate) use bounds::{BoundSource, bounds};
pub use decision::{
    Decision, EvalError, FactError, Fault, MemberRef, MissingFact, NearMiss, Reason, RuleFault, Step, Unverified,
    UsedValue,
};
pub(crate) use frame::Frame;
pub(crate) use run::Run;
