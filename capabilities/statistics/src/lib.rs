#![doc = include_str!("../README.md")]

mod bands;
mod beside;
mod chart;
mod error;
mod files;
mod invented;
mod run;
mod study;
mod sum;
mod summary;
mod tally;
mod verdict;

pub use bands::{Bands, Decile};
pub use chart::{Bar, Chart};
pub use error::{FileError, SimulationError};
pub use files::{Blocks, Files, OutcomeFile, Reading, WholeFile, Written, write_population};
pub use invented::{Invented, blocks};
pub use run::{Counted, Pace, Population, Progress, Results, run};
pub use study::Study;
pub use sum::{Count, Sum, TooGreat};
pub use summary::{Band, Changed, Cost, Figures, Given, Moved, Summary, Unclaimed};
pub use tally::{Change, Effect, Judged, Tally};
pub use verdict::{Answer, Verdict};
