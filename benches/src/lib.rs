#![doc = include_str!("../README.md")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the machine's clock: that is its purpose")]
#![expect(clippy::missing_errors_doc, reason = "a benchmark that cannot measure says why and ends")]

pub mod applicant;
pub mod client;
pub mod dice;
pub mod figures;
pub mod fill;
pub mod person;
pub mod program;
pub mod torture;
pub mod world;
