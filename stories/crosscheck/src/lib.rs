#![doc = include_str!("../README.md")]

mod compare;
mod datafusion;
mod facts;
mod postgres;
mod written;

pub use compare::{Answer, Comparison, Difference, Ours};
pub use datafusion::ask as ask_datafusion;
pub use facts::{Drawn, Households};
pub use postgres::Postgres;
pub use written::Written;
