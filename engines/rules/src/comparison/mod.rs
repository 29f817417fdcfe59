//! Two moments of the same case, and two versions of the same law.

mod law;
mod months;
mod words;

pub use law::{Change, ChangeKind, Subject};
pub use months::{Cause, MonthDifference, MonthOutcome, compare};
