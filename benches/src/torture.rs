//! The program under load while what it stands on fails: what was acknowledged must be there afterwards, once and
//! unchanged. `docs/decisions/0037` says why so; the README how to read it.

mod birth;
mod book;
mod campaign;
mod control;
mod disk;
mod faults;
mod happen;
mod journal;
mod ledger;
mod load;
mod machine;
mod proxy;
mod receipts;

pub use campaign::{Campaign, Report};
pub use faults::{Engine, Fault};
