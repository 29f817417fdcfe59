#![doc = include_str!("../README.md")]

mod account;
mod answers;
mod case;
mod clock;
mod computed;
mod copy;
mod decide;
mod earlier;
mod explain;
mod files;
mod gone;
mod home;
mod housekeeping;
mod jobs;
mod keeping;
mod mass;
mod office;
mod pages;
pub mod payload;
mod perform;
mod ranking;
mod registered;
pub mod registration;
mod room;
mod search;
mod sequencer;
mod signing;
mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod timers;
mod typed;
mod view;
mod wanted;
mod who;

use axum::Router;
use catalogue::inputs;
use database::Migration;

pub use case::{AtOffice, Case, OpenRequest, State};
pub use housekeeping::{NameOld, begin, forget_old};
pub use jobs::{LapseIntegration, RemindOfOpinion, SettleBySilence};
pub use mass::MassJob;
pub use room::{Cases, today};
pub use signing::{ExpireSigning, RemindOfSigning};
pub use store::{
    Kept, MOST_COUNTED, applicants, count_over, destroy, find, find_kept, find_own, measured, numbered, office_of, over,
};
pub use view::euro;

/// The words of this room.
pub const WORDS: web::WordFiles = web::word_files!("cases");

/// The tables of this room.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "cases/0001_cases", sql: include_str!("../migrations/0001_cases.sql") },
    Migration { name: "cases/0002_clock_and_audit", sql: include_str!("../migrations/0002_clock_and_audit.sql") },
    Migration { name: "cases/0003_terms", sql: include_str!("../migrations/0003_terms.sql") },
    Migration { name: "cases/0004_lists", sql: include_str!("../migrations/0004_lists.sql") },
    Migration { name: "cases/0005_exports", sql: include_str!("../migrations/0005_exports.sql") },
    Migration { name: "cases/0006_windows", sql: include_str!("../migrations/0006_windows.sql") },
    Migration { name: "cases/0007_mass_decisions", sql: include_str!("../migrations/0007_mass_decisions.sql") },
    Migration { name: "cases/0008_destroyed", sql: include_str!("../migrations/0008_destroyed.sql") },
    Migration { name: "cases/0009_passed_on", sql: include_str!("../migrations/0009_passed_on.sql") },
    Migration { name: "cases/0010_late", sql: include_str!("../migrations/0010_late.sql") },
    Migration { name: "cases/0011_signings", sql: include_str!("../migrations/0011_signings.sql") },
    Migration { name: "cases/0012_anonymous", sql: include_str!("../migrations/0012_anonymous.sql") },
    Migration { name: "cases/0013_helps", sql: include_str!("../migrations/0013_helps.sql") },
    Migration { name: "cases/0014_emergencies", sql: include_str!("../migrations/0014_emergencies.sql") },
];

/// Below these paths pages are about the person for whom one acts.
pub const ACTED_FOR_PATHS: [&str; 2] = ["/servizi", "/pratiche"];

/// All pages of this room.
pub fn router(cases: Cases) -> Router {
    Router::new().merge(pages::router()).merge(office::router()).with_state(cases)
}
