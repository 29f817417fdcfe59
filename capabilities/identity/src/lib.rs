#![doc = include_str!("../README.md")]

mod address;
mod demonstration;
mod guesses;
mod listings;
mod login;
mod office;
mod officer;
mod pages;
mod person;
mod reads;
mod refusals;
mod rooms;
mod saml;
mod settings;
mod staff;
mod store;

pub use demonstration::{DemoOfficer, DemoPerson, Demonstration, People};
pub use listings::{Listing, record_listing};
pub use officer::{ANALYST, ARCHIVIST, HEAD, Officer, SUBSTITUTE, officers_of};
pub use person::{Citizen, Person};
pub use reads::{DataRead, Reader, record_read, release_reads};
pub use refusals::{note_refusal, refusals_since};
pub use rooms::{CROSS_SITE_PATHS, DOORS, Identity, REGISTER, SetupError, forget_old};
pub use saml::{Certificate, KeyError, Signer};
pub use settings::{Provider, Settings};
pub use staff::{NewStaff, StaffError, create_staff};

/// The words of this crate.
pub const WORDS: web::WordFiles = web::word_files!("identity");

/// The tables of this crate.
pub const MIGRATIONS: &[database::Migration] = &[
    database::Migration { name: "identity/0001_identity", sql: include_str!("../migrations/0001_identity.sql") },
    database::Migration { name: "identity/0002_audit", sql: include_str!("../migrations/0002_audit.sql") },
    database::Migration {
        name: "identity/0003_refusals_by_hour",
        sql: include_str!("../migrations/0003_refusals_by_hour.sql"),
    },
    database::Migration { name: "identity/0004_retention", sql: include_str!("../migrations/0004_retention.sql") },
];
