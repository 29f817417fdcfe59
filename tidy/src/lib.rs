#![doc = include_str!("../README.md")]

mod files;
pub mod rules;

pub use files::{Fault, Tree};
