#![doc = include_str!("../README.md")]

mod consent;
mod copy;
mod decide;
mod office;
mod pages;
pub mod payload;
mod room;
mod store;

pub use consent::Consent;
pub use copy::copy_of;
pub use decide::{NotNow, Question, give, withdraw};
pub use room::Consents;

/// The words of this room.
pub const WORDS: web::WordFiles = web::word_files!("consents");

/// The tables of this room.
pub const MIGRATIONS: &[database::Migration] =
    &[database::Migration { name: "consents/0001_consents", sql: include_str!("../migrations/0001_consents.sql") }];
