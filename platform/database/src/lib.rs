#![doc = include_str!("../README.md")]

mod address;
mod conditions;
mod copy;
mod error;
mod faults;
mod folder;
mod lane;
mod latch;
mod many;
mod migrations;
mod open;
mod param;
mod privacy;
mod row;
mod scrub;
mod session;
mod sqlite;
mod tables;
#[cfg(feature = "testing")]
pub mod testing;
mod transaction;
mod transfer;

pub use address::without_password;
pub use conditions::Conditions;
pub use error::{Error, Result};
pub use folder::{make_folder, sync_name};
pub use lane::Written;
pub use migrations::{Migration, Schema, schema};
pub use open::Database;
pub use param::Param;
pub use row::Row;
#[cfg(feature = "testing")]
pub use tables::tables;
pub use transaction::Tx;
pub use transfer::{Compared, Tally, Transfer, tallies};
