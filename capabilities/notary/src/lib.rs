#![doc = include_str!("../README.md")]

mod audit;
pub mod key;
mod log;
mod pages;
mod report;
mod room;
mod store;

use axum::Router;
use database::Migration;

pub use audit::{audit, root_of_book};
pub use log::LogError;
pub use report::{Outcome, Report, verify_file};
pub use room::{Documents, Notary};
pub use store::{SignedCheckpoint, newest_checkpoint};

/// The words of this room.
pub const WORDS: web::WordFiles = web::word_files!("notary");

/// The tables of the log: head, tiles, checkpoints.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "notary/0001_log", sql: include_str!("../migrations/0001_log.sql") }];

/// All pages of this room: the log for programs, receipts for applicants, the check for everybody.
pub fn router(notary: Notary) -> Router {
    pages::router().with_state(notary)
}
