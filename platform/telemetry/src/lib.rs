#![doc = include_str!("../README.md")]

mod log;
mod metrics;
mod process;
mod readings;
mod struck;
mod traces;

pub use log::{Telling, TellingError};
pub use metrics::Metrics;
pub use process::process;
pub use readings::{Kind, Reading};
pub use traces::TracesError;
