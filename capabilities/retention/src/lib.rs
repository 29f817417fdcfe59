#![doc = include_str!("../README.md")]

mod certificate;
mod decide;
mod hold;
mod jobs;
mod list;
mod office;
mod room;
mod store;
mod sweep;

use axum::Router;
use database::Migration;

pub use certificate::{is_certificate, verify};
pub use jobs::{Destroy, Gather};
pub use room::{Branches, Retention, forget_old};
pub use sweep::Sweep;

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "retention/0001_retention", sql: include_str!("../migrations/0001_retention.sql") },
    Migration { name: "retention/0002_lines_by_number", sql: include_str!("../migrations/0002_lines_by_number.sql") },
    Migration { name: "retention/0003_passed_on", sql: include_str!("../migrations/0003_passed_on.sql") },
];

/// The words of this room.
pub const WORDS: web::WordFiles = web::word_files!("retention");

/// All pages of this room.
pub fn router(room: Retention) -> Router {
    office::router().with_state(room)
}
