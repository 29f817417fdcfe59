#![doc = include_str!("../README.md")]

mod acting;
mod address;
pub mod assets;
mod bounds;
pub mod components;
mod cookies;
mod failure;
mod frame;
mod gallery;
mod headers;
mod linger;
mod origin;
mod pace;
mod page;
pub mod parked;
mod posted;
pub mod read_only;
mod serve;
pub mod sessions;
mod settings;
#[cfg(feature = "testing")]
pub mod testing;
mod visit;
pub mod words;

pub use acting::{ActingFor, Authorities, FOR_WHOM, Holds};
pub use address::{percent, query};
pub use bounds::uploads;
pub use cookies::SetCookie;
pub use failure::{Answer, Failure};
pub use frame::frame;
pub use gallery::gallery;
pub use headers::{Pieced, cacheable, download, leading_out, stream};
pub use origin::network;
pub use pace::{Limits, Pace};
pub use page::{Crumb, Notice, Page, PageUser, show, show_faulty};
pub use posted::{Posted, Upload};
pub use serve::{Shown, serve, serve_tls};
pub use sessions::{Door, Lapsed, NewSession, Session};
pub use settings::{MenuItem, Mode, Office, Settings};
pub use visit::{Facts, Visit, Web};
pub use words::{WordFiles, Words, WordsError};

/// The words of this crate: frame, components, error pages.
pub const WORDS: WordFiles = word_files!("web");

/// The tables of this crate: sessions and for whom they act, what was typed when one had expired, the switch to read-only.
pub const MIGRATIONS: &[database::Migration] = &[
    database::Migration { name: "web/0001_sessions", sql: include_str!("../migrations/0001_sessions.sql") },
    database::Migration { name: "web/0002_parked_files", sql: include_str!("../migrations/0002_parked_files.sql") },
    database::Migration { name: "web/0003_switches", sql: include_str!("../migrations/0003_switches.sql") },
    database::Migration { name: "web/0004_acting", sql: include_str!("../migrations/0004_acting.sql") },
];
