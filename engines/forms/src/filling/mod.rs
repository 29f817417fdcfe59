//! A form being filled: what is visible, what is known, what is missing, what is wrong.

mod agreement;
mod fields;
mod judge;
mod prefill;
mod restrict;
mod show;
mod status;
mod submission;

pub use fields::Field;
pub(crate) use fields::in_row;
pub(crate) use judge::state;
pub use prefill::{Known, KnownValue, Prefilled, Provenance};
pub use status::{FieldState, FieldStatus, PageStatus, PageToAsk, Status};
