//! The law over columns: a [`Plan`] made once for a [`crate::Moment`] computes the outcome of whole [`Batch`]es of
//! households, and gives exactly what [`crate::Program::decide`] gives for each of them, without the reasons.
//!
//! Decision 0025 tells why it is built like this; the README of the crate tells how it is used.

mod batch;
mod bind;
mod brackets;
mod calendar;
mod column;
mod exact;
mod from_facts;
mod graph;
mod kernels;
mod kernels_checked;
mod kernels_places;
mod lower;
mod lower_calls;
mod lower_choices;
mod lower_days;
mod lower_numbers;
mod lower_places;
mod lower_quotients;
mod machine;
mod mistyped;
mod outcomes;
mod plan;
mod registers;
mod steps;
mod stream;
mod value;
mod words;

pub use batch::{Batch, BatchError};
pub use column::{Column, NO, NO_DAY, NO_NUMBER, NO_TEXT, UNKNOWN, YES, from_truth, truth};
pub use outcomes::{Outcome, Outcomes, Values};
pub use plan::{Plan, PlanError, Worker};
pub use stream::stream;
