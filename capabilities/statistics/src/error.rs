use std::{io, path::PathBuf};

use rules::columns::{BatchError, PlanError};

use crate::sum::TooGreat;

/// Why a simulation gave nothing. Told in Italian: an analyst reads it on the terminal.
#[derive(Debug, thiserror::Error)]
pub enum SimulationError {
    /// The service computes nothing.
    #[error("il servizio «{0}» non calcola niente: nella sua cartella non c'è un file rules.md")]
    NoLaw(String),
    /// Law in force and draft cannot be compared.
    #[error("la riforma non si può confrontare con la legge in vigore: {0}")]
    Incomparable(String),
    /// The generator refuses.
    #[error("la popolazione inventata non si può fare: {0}")]
    World(#[from] population::WorldError),
    /// Columns that do not answer the law.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// A law without a plan.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A file of the population that is not as it should be.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file that cannot be written.
    #[error("non posso scrivere {path}: {why}")]
    Write {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// A sum that fits nowhere.
    #[error(transparent)]
    TooGreat(#[from] TooGreat),
    /// Somebody asked to stop.
    #[error("interrotta su richiesta: non ha lasciato nessun file")]
    Stopped,
}

/// What is wrong with a file of the population, where, and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{path}{}{}: {what}. {mend}", column.as_ref().map_or_else(String::new, |name| format!(", colonna «{name}»")), row.map_or_else(String::new, |row| format!(", riga {row}")))]
pub struct FileError {
    /// Which file.
    pub path: String,
    /// Which column, if one is to blame.
    pub column: Option<String>,
    /// Which row of data, from 1, if one is to blame.
    pub row: Option<u64>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub mend: String,
}

impl SimulationError {
    /// A file that cannot be written.
    #[must_use]
    pub fn write(path: &std::path::Path, why: &io::Error) -> Self {
        Self::Write { path: path.to_owned(), why: why.to_string() }
    }
}
