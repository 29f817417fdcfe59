//! The notary through its doors: the follower, the pages, the command, the audit.

mod audit;
mod check;
mod house;
mod key;
mod log;
mod receipt;
mod report;
