#![doc = include_str!("../README.md")]

mod health;
mod rounds;

pub use health::{Health, Task};
pub use rounds::{Round, RoundError};
