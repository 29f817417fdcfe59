#![doc = include_str!("../README.md")]

mod absences;
mod address;
mod cards;
mod carrier;
mod check;
mod declared;
mod demonstration;
mod factors;
mod federation;
mod guesses;
mod identities;
mod key_file;
mod listings;
mod login;
mod logout;
mod office;
mod officer;
mod openid;
mod pages;
mod person;
mod policy;
mod reads;
mod refusals;
mod register;
mod rooms;
mod saml;
mod settings;
mod staff;
mod store;

pub use absences::{
    Absence, Colleague, LONGEST_DAYS, NewAbsence, NotDeclared, StandIn, absences_of, declare, end_absence,
};
pub use cards::CardDoor;
pub use check::{Finding, Standing, examine};
pub use declared::{Declared, Mistakes};
pub use demonstration::{DemoOfficer, DemoPerson, Demonstration, People};
pub use federation::FederationError;
pub use identities::{DigitalIdentity, FREEZE, Freeze, SaidBy, Verdict, freeze, identities_of, settle_identity};
pub use listings::{Listing, record_listing};
pub use office::{OWN_ACCESS, StaffLogin, logins_of};
pub use officer::{ANALYST, ARCHIVIST, COUNTER, HEAD, Officer, STAND_IN, officer, officers_among, officers_of};
pub use openid::{Call, HttpWire, Reach, Reply, Wire, WireError};
pub use person::{Citizen, Person};
pub use policy::{Grant, Policy, Power, Role};
pub use reads::{DataRead, Reader, Reading, readings_of, record_read, release_reads};
pub use refusals::{note_refusal, refusals_since};
pub use rooms::{CROSS_SITE_PATHS, DOORS, FederationWatcher, Identity, REGISTER, SetupError, Watcher, forget_old};
pub use saml::{Certificate, KeyError, Signer};
pub use settings::{Demand, Demands, Holdings, Settings};
pub use staff::{
    Account, AccountDeed, NewStaff, StaffError, accounts, accounts_of, create_staff, deeds_on, disable_staff,
    hand_over, manage, note_fiscal_code, reset_second_factor,
};

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
    database::Migration { name: "identity/0005_logout", sql: include_str!("../migrations/0005_logout.sql") },
    database::Migration {
        name: "identity/0006_second_factor",
        sql: include_str!("../migrations/0006_second_factor.sql"),
    },
    database::Migration {
        name: "identity/0007_second_identity",
        sql: include_str!("../migrations/0007_second_identity.sql"),
    },
    database::Migration { name: "identity/0008_absences", sql: include_str!("../migrations/0008_absences.sql") },
    database::Migration { name: "identity/0009_strays", sql: include_str!("../migrations/0009_strays.sql") },
    database::Migration {
        name: "identity/0010_staff_provider",
        sql: include_str!("../migrations/0010_staff_provider.sql"),
    },
    database::Migration {
        name: "identity/0011_staff_logins",
        sql: include_str!("../migrations/0011_staff_logins.sql"),
    },
];
