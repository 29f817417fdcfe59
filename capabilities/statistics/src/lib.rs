#![doc = include_str!("../README.md")]

mod bands;
mod beside;
mod chart;
mod error;
mod files;
mod grid;
mod invented;
mod office;
mod proposal;
mod run;
mod sample;
mod study;
mod sum;
mod summary;
mod tally;
mod verdict;

pub use bands::{Bands, Decile};
pub use chart::{Bar, Chart};
pub use error::{FileError, SimulationError};
pub use files::{Blocks, Files, OutcomeFile, Reading, WholeFile, Written, write_population};
pub use grid::{Cell, Grid, LEAST, Measure};
pub use invented::{Invented, blocks};
pub use office::router;
pub use proposal::{InForce, draft, in_force};
pub use run::{Counted, Pace, Population, Progress, Results, run};
pub use study::Study;
pub use sum::{Count, Sum, TooGreat};
pub use summary::{Band, Changed, Cost, Figures, Given, Moved, Summary, Unclaimed};
pub use tally::{Change, Effect, Judged, Tally};
pub use verdict::{Answer, Verdict};

/// The words of this room.
pub const WORDS: web::WordFiles = web::word_files!("statistics");
