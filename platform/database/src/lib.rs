#![doc = include_str!("../README.md")]

mod error;
mod latch;
mod migrations;
mod open;
mod param;
mod row;
#[cfg(feature = "testing")]
pub mod testing;
mod transaction;

pub use error::{Error, Result};
pub use migrations::Migration;
pub use open::Database;
pub use param::Param;
pub use row::Row;
pub use transaction::Tx;
