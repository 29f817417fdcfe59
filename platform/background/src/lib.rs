#![doc = include_str!("../README.md")]

mod health;
mod quietly;
mod rounds;

pub use health::{Health, Task};
pub use quietly::{Interrupted, quietly};
pub use rounds::{Round, RoundError};
