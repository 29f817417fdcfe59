//! Tables in CSV: UTF-8, commas, a header; an empty cell is no value.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use csv::{Reader, StringRecord};
use rules::columns::{NO, YES};

use super::{
    Kind, Wanted,
    growing::{Growing, day_number, scaled},
    missing, wrong,
};
use crate::error::FileError;

pub(super) struct CsvTable {
    path: PathBuf,
    reader: Reader<File>,
    columns: Vec<(usize, Wanted)>,
    record: StringRecord,
    rows: u64,
    bytes: u64,
}

impl CsvTable {
    pub fn open(path: &Path, wanted: &[Wanted]) -> Result<Self, FileError> {
        let told = |error: csv::Error| unreadable(path, 0, &error);
        let file = File::open(path).map_err(|error| told(error.into()))?;
        let bytes = file.metadata().map_or(0, |data| data.len());
        let mut reader = Reader::from_reader(file);
        let heads: Vec<String> = reader.headers().map_err(told)?.iter().map(|name| name.trim().to_owned()).collect();
        if let [only] = heads.as_slice()
            && only.contains(';')
        {
            let mend = "Salvalo con le virgole fra le colonne e il punto nei numeri";
            return Err(wrong(path, None, None, "le colonne sono divise da punti e virgola", mend));
        }
        let mut columns = Vec::new();
        for one in wanted {
            match heads.iter().position(|name| *name == one.name) {
                Some(place) => columns.push((place, one.clone())),
                None if one.needed => return Err(missing(path, one)),
                None => {}
            }
        }
        Ok(Self { path: path.to_owned(), reader, columns, record: StringRecord::new(), rows: 0, bytes })
    }

    /// The columns that are there, empty.
    pub fn columns(&self) -> Vec<(String, Growing)> {
        self.columns.iter().map(|(_, wanted)| (wanted.name.clone(), Growing::of(wanted.kind))).collect()
    }

    pub fn read(&mut self, most: usize, into: &mut [(String, Growing)]) -> Result<usize, FileError> {
        for row in 0..most {
            let more = self.reader.read_record(&mut self.record);
            if !more.map_err(|error| unreadable(&self.path, self.rows + 1, &error))? {
                return Ok(row);
            }
            self.rows += 1;
            for ((place, wanted), (_, column)) in self.columns.iter().zip(&mut *into) {
                let text = self.record.get(*place).unwrap_or_default().trim();
                if push(column, text).is_none() {
                    let what = format!("«{text}» non è un {}", wanted.kind.name());
                    return Err(wrong(&self.path, Some(&wanted.name), Some(self.rows), what, how(wanted.kind)));
                }
            }
        }
        Ok(most)
    }

    /// Bytes read, and of how many.
    pub fn progress(&self) -> (u64, u64) {
        (self.reader.position().byte(), self.bytes)
    }
}

fn unreadable(path: &Path, row: u64, error: &csv::Error) -> FileError {
    let row = Some(row).filter(|row| *row > 0);
    let what = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("ha {len} colonne invece di {expected_len}")
        }
        csv::ErrorKind::Utf8 { .. } => "non è testo UTF-8".to_owned(),
        csv::ErrorKind::Io(error) => format!("non si legge ({error})"),
        _ => error.to_string(),
    };
    wrong(path, None, row, what, "Controlla il file: UTF-8, virgole fra le colonne, testi con virgole fra virgolette")
}

/// One cell; `None` if it does not hold what the column must hold.
fn push(column: &mut Growing, text: &str) -> Option<()> {
    if text.is_empty() {
        column.push_nothing();
        return Some(());
    }
    match column {
        Growing::Truth(values) => values.push(match text {
            "sì" | "si" | "true" => YES,
            "no" | "false" => NO,
            _ => return None,
        }),
        Growing::Day(values) => values.push(day_number(text.parse().ok()?)),
        Growing::Number { values, scale } => values.push(scaled(text.parse().ok()?, *scale)?),
        Growing::Text { codes, words } => codes.push(words.code(text)),
    }
    Some(())
}

fn how(kind: Kind) -> &'static str {
    match kind {
        Kind::Truth => "Scrivi sì o no",
        Kind::Day => "Scrivi la data come 2026-03-01",
        Kind::Number(0) => "Scrivi solo cifre",
        Kind::Number(2) => "Scrivi il numero con il punto e al massimo due decimali: 1234.50",
        Kind::Number(_) => "Scrivi il numero con il punto e al massimo sei decimali: 1234.5",
        Kind::Text => "Scrivi un testo",
    }
}
