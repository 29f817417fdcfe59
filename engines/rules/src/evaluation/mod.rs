//! Evaluation for one household, with every intermediate value.

mod arithmetic;
mod decide;
mod decision;
mod eval;
mod frame;
mod near_misses;
mod run;

pub use decision::{
    Decision, EvalError, FactError, Fault, MemberRef, MissingFact, NearMiss, Reason, RuleFault, Step, UsedValue,
};
pub(crate) use frame::Frame;
pub(crate) use run::Run;
