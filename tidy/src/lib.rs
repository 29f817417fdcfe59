#![doc = include_str!("../README.md")]

mod files;
mod places;
pub mod rules;

pub use files::{Fault, Tree};
pub use places::{house, room};
