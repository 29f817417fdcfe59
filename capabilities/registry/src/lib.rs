#![doc = include_str!("../README.md")]

mod companies;
mod declared;
mod entry;
mod known;
mod load;
mod pages;
mod people;
mod powers;
mod remembered;
mod store;

pub use companies::{
    Asked, COMPANY_REGISTRY, Obstacle, Representation, answer_again, company, fall_silent, record_company,
    representations_of, representatives_in, silent_since,
};
pub use declared::{About, Datum, DatumKind, Registries, Registry, Shown};
pub use known::{known, known_at, known_of};
pub use load::{Loaded, World, load, wipe, world};
pub use pages::router;
pub use people::{find_people, person};
pub use powers::{Decree, LegalPower, PowerKind, powers_of, record_decrees, representatives_of};
pub use remembered::Remembered;

/// The words of this crate.
pub const WORDS: web::WordFiles = web::word_files!("registry");

/// The tables of this crate.
pub const MIGRATIONS: &[database::Migration] = &[
    database::Migration { name: "registry/0001_registry", sql: include_str!("../migrations/0001_registry.sql") },
    database::Migration { name: "registry/0002_declared", sql: include_str!("../migrations/0002_declared.sql") },
    database::Migration { name: "registry/0003_decrees", sql: include_str!("../migrations/0003_decrees.sql") },
    database::Migration { name: "registry/0004_companies", sql: include_str!("../migrations/0004_companies.sql") },
];
