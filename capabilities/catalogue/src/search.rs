//! Finding a service by the words that people use: one analyser for texts and questions, so that "procedure
//! telematiche" finds "procedura telematica" and "attivita" finds "attività".

mod analyse;
mod index;
mod snippet;

pub(crate) use index::Index;
pub use index::{Hit, HitKind};
pub use snippet::Fragment;
