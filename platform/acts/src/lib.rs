#![doc = include_str!("../README.md")]

mod act;
mod follow;
mod payload;
mod store;

use database::Migration;

pub use act::{Act, Actor, Authority, Body, Door, NewAct, digest};
pub use follow::{FollowError, Follower, Following, catch_up, lags};
pub use payload::Payload;
pub use store::{
    AppendError, after, append, count, cursors, digests, erase, erased, kinds_between, of_case, one, open_all,
    position_of,
};

/// The tables of the book.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "acts/0001_book", sql: include_str!("../migrations/0001_book.sql") }];
