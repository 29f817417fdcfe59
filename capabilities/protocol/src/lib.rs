#![doc = include_str!("../README.md")]

mod change;
mod check;
mod daily;
mod emergency;
mod entry;
mod office;
mod protocol;
mod seal;
mod segnatura;
mod stamp;
mod store;
mod xml;

pub use change::{Change, Changed, Officer};
pub use check::{Checked, audit_days, has_days, is_sealed_file, verify_file};
pub use daily::{DailyError, DailyRegisters, DayFile, days_missing};
pub use entry::{Correspondent, Direction, Document, EmergencyNumber, Entry, Means, Received};
pub use office::{CaseOffices, Register, router};
pub use protocol::{Numbers, Protocol};
pub use seal::{SEAL_FILES, Seal};
pub use segnatura::segnatura;
pub use stamp::{aoo, shown, stamp};
pub use store::{
    annul, annulments_of_case, change, day_bytes, entries, files_before, find, next_number, next_numbers, of_case,
    register, register_all,
};
pub use xml::element;

/// The tables of this room. Two of them are older than the room: these steps come after those of `cases`.
pub const MIGRATIONS: &[database::Migration] = &[
    database::Migration { name: "protocol/0001_register", sql: include_str!("../migrations/0001_register.sql") },
    database::Migration { name: "protocol/0002_people", sql: include_str!("../migrations/0002_people.sql") },
];

/// The words of this room.
pub const WORDS: web::WordFiles = web::word_files!("protocol");
