//! Households in files, as statisticians keep them: Parquet or CSV, one row for each household or member.

mod csv_table;
mod folder;
mod growing;
mod outcomes;
mod parquet_table;
mod sheet;
mod whole;
mod write;

pub use folder::{Blocks, Files, Reading};
pub(crate) use growing::scaled;
pub use outcomes::OutcomeFile;
pub use whole::WholeFile;
pub use write::{Written, write_population};

use std::path::{Path, PathBuf};

use rules::{Input, InputType};

use crate::error::{FileError, SimulationError};

/// The file of the households, without its ending.
const HOUSEHOLDS: &str = "nucleo";
/// In the file of a relation: the row of its household, from 1.
const HOUSEHOLD_OF: &str = "nucleo";
/// Columns that the file of the households may have beside the law's.
const NAME: &str = "id";
const PLACE: &str = "territorio";
const WEIGHT: &str = "peso";
const PEOPLE: &str = "persone";
/// The column that ranks households, where nobody names another.
pub(crate) const RANK: &str = "isee";

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Parquet,
}

impl Format {
    /// From the ending of a name.
    fn of(path: &Path) -> Result<Self, SimulationError> {
        match path.extension().and_then(|ending| ending.to_str()) {
            Some("csv") => Ok(Self::Csv),
            Some("parquet") => Ok(Self::Parquet),
            _ => Err(wrong(path, None, None, "non si capisce il formato", "Il nome finisce in .parquet o .csv").into()),
        }
    }
}

/// What a column of a file must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Truth,
    Day,
    /// Digits behind the point, where the file itself does not say how many.
    Number(u32),
    Text,
}

impl Kind {
    fn of(input: &Input) -> Self {
        match input.kind {
            InputType::Bool => Self::Truth,
            InputType::Date => Self::Day,
            InputType::Integer => Self::Number(0),
            InputType::Decimal if input.unit.is_money() => Self::Number(2),
            InputType::Decimal => Self::Number(6),
            InputType::Text => Self::Text,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Truth => "sì/no",
            Self::Day => "data",
            Self::Number(0) => "numero intero",
            Self::Number(_) => "numero decimale",
            Self::Text => "testo",
        }
    }
}

/// A column that is looked for in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    name: String,
    kind: Kind,
    /// Whether the file is of no use without it.
    needed: bool,
}

/// Where `name.parquet` or `name.csv` lies in a folder.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    ["parquet", "csv"].map(|ending| folder.join(format!("{name}.{ending}"))).into_iter().find(|path| path.exists())
}

fn wrong(path: &Path, column: Option<&str>, row: Option<u64>, what: impl Into<String>, mend: &str) -> FileError {
    FileError {
        path: path.display().to_string(),
        column: column.map(str::to_owned),
        row,
        what: what.into(),
        mend: mend.to_owned(),
    }
}

/// A column that is not there.
fn missing(path: &Path, wanted: &Wanted) -> FileError {
    let mend = format!("Aggiungila: contiene un {}; vuoto dove il dato non c'è", wanted.kind.name());
    wrong(path, Some(&wanted.name), None, "manca, e la legge la usa", &mend)
}
