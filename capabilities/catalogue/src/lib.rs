#![doc = include_str!("../README.md")]

mod catalogue;
mod check;
mod declared;
mod diff;
mod disk;
mod folder;
pub mod inputs;
mod inspect;
mod law;
mod offer;
mod office;
mod pages;
mod screener;
mod search;
mod service;
mod source;
mod store;

use database::Migration;

pub use catalogue::{Catalogue, PinError, publish, versions};
pub use check::{Checked, Report, check};
pub use declared::{
    Again, Applicant, ChangeNote, ConsentAsked, Content, Cosigner, Declaration, Horizons, InTime, Intermediary,
    IntermediaryKind, LawReference, Letter, LetterAct, LetterPart, LifeEvent, Office, Order, PageTexts, Patron, Phase,
    Privacy, Process, Retention, Section, Signatures, Simulation, SimulationUnit, Start, State, TermSetBy, Title,
    Window, read_intermediaries,
};
pub use diff::{Change, ChangeKind, diff};
pub use disk::Declared;
pub use folder::Folder;
pub use law::{LawTeller, LawWords, Said, law_reference};
pub use offer::Offer;
pub use pages::{HomeItem, HomePanel, HomePanels, Measured, NoPanels, order_sentences, routes, term};
pub use screener::{MOST_QUESTIONS, PATH as SCREENER, Screener, Standing, Verdict};
pub use search::{Fragment, Hit, HitKind};
pub use service::Service;

/// The tables of this room: the versions of services.
pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "catalogue/0001_service_versions",
    sql: include_str!("../migrations/0001_service_versions.sql"),
}];

/// The words of this room.
pub const WORDS: web::WordFiles = web::word_files!("catalogue");
