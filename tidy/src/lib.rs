#![doc = include_str!("../README.md")]

mod files;
mod literals;
mod manifest;
mod places;
pub mod rules;

pub use files::{Fault, Tree};
pub use places::{house, room};
