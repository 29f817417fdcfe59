#![doc = include_str!("../README.md")]

pub mod files;
pub mod rules;

pub use files::{Fault, Tree};
