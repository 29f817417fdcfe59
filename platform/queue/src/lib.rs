#![doc = include_str!("../README.md")]

mod store;
mod work;

use database::Migration;

pub use store::{Backlog, Waiting, backlog, cancel, enqueue, waiting};
pub use work::{Job, JobError, Work};

/// The table of jobs.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "queue/0001_jobs", sql: include_str!("../migrations/0001_jobs.sql") }];
