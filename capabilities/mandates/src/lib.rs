#![doc = include_str!("../README.md")]

mod acting;
mod copy;
mod counter;
mod decide;
mod deeds;
mod intermediaries;
mod limits;
mod mandate;
mod office;
mod pages;
pub mod payload;
mod room;
mod store;
mod verb;

pub use acting::{Acting, Authorities, COUNTER, Capacity, Claim, NOT_IN_SCOPE, Principal};
pub use copy::copy_of;
pub use decide::{Delegate, NotNow, Proposal, accept, decline, propose, renounce, revoke};
pub use deeds::{Deeds, erase_case};
pub use intermediaries::{IntermediaryList, enrol};
pub use limits::Limits;
pub use mandate::{Ending, Mandate, Standing};
pub use room::Mandates;
pub use verb::{Services, Verb, Verbs};

/// The words of this room.
pub const WORDS: web::WordFiles = web::word_files!("mandates");

/// The tables of this room.
pub const MIGRATIONS: &[database::Migration] = &[
    database::Migration { name: "mandates/0001_mandates", sql: include_str!("../migrations/0001_mandates.sql") },
    database::Migration { name: "mandates/0002_counter", sql: include_str!("../migrations/0002_counter.sql") },
    database::Migration {
        name: "mandates/0003_intermediaries",
        sql: include_str!("../migrations/0003_intermediaries.sql"),
    },
];
