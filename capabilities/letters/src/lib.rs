#![doc = include_str!("../README.md")]

mod check;
pub mod compose;
mod composer;
mod context;
mod follower;
mod pages;
mod store;

use database::Migration;

pub use check::check;
pub use composer::{Composer, IssueError};
pub use follower::DueLetters;
pub use pages::routes;
pub use store::{
    Backlog, Document, Failed, Viewer, backlog, by_id, erase_case, failures, html, mark_read, of_case, pdf, pdf_by_id,
    retry_failed,
};

/// The tables of letters: documents, letters due, letters that failed.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "letters/0001_documents", sql: include_str!("../migrations/0001_documents.sql") },
    Migration { name: "letters/0002_attempts", sql: include_str!("../migrations/0002_attempts.sql") },
];

/// The words of this room.
pub const WORDS: web::WordFiles = web::word_files!("letters");
