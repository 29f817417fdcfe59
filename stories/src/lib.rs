#![doc = include_str!("../README.md")]

mod action;
mod address;
mod browser;
mod error;
mod form;
mod host;
mod page;
mod runner;
mod sentence;
mod shelf;
mod story;
mod words;

pub use browser::Hop;
pub use error::{StepFailure, StoryError};
pub use host::{Host, HostError, NoPowers, Verdict};
pub use runner::{Runner, StepReport, Summary};
pub use shelf::{all, tour};
pub use story::{Need, Step, Story};
