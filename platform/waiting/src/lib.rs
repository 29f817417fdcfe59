#![doc = include_str!("../README.md")]

mod limit;
mod pass;
mod places;
mod room;
mod store;

use database::Migration;

pub use limit::Limit;
pub use pass::beside;
pub use places::Place;
pub use room::{Entry, WaitingRoom};
pub use store::{forget_old, put_off};

/// The tables of doors and places.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "waiting/0001_places", sql: include_str!("../migrations/0001_places.sql") },
    Migration { name: "waiting/0002_moved", sql: include_str!("../migrations/0002_moved.sql") },
];
