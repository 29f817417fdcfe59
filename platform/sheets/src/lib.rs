#![doc = include_str!("../README.md")]

mod csv;
mod ods;
mod xlsx;
mod xml;
mod zip;

use base::Date;

/// Rows of a sheet, the headings among them: what Excel and LibreOffice open.
pub const MOST_ROWS: u64 = 1_048_576;

/// Rows that ODS and XLSX take in all: with thirty columns a part stays below 4 GiB.
pub const MOST_IN_A_BOOK: u64 = 2_000_000;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, with semicolons as Italian spreadsheets want them.
    Csv,
    /// OpenDocument spreadsheet.
    Ods,
    /// Office Open XML workbook.
    Xlsx,
}

impl Format {
    /// Every format, in the order of choices.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Ods, Self::Xlsx];

    /// The ending of its files, which also names it in addresses.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ods => "ods",
            Self::Xlsx => "xlsx",
        }
    }

    /// The format of files that end so.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.ending() == ending)
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// How many rows a file takes; `None` for as many as there are.
    #[must_use]
    pub const fn most(self) -> Option<u64> {
        match self {
            Self::Csv => None,
            Self::Ods | Self::Xlsx => Some(MOST_IN_A_BOOK),
        }
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing.
    Empty,
    /// A text, whatever it looks like.
    Text(&'a str),
    /// A whole number.
    Whole(i64),
    /// An exact decimal with a point, such as `914.30`; anything else is written as a text.
    Decimal(&'a str),
    /// A day.
    Day(Date),
}

/// Writes one table.
#[derive(Debug)]
pub struct Writer(Kind);

#[derive(Debug)]
enum Kind {
    Csv(csv::Csv),
    Ods(ods::Ods),
    Xlsx(xlsx::Xlsx),
}

impl Writer {
    /// Begins a file: the name of its sheets, and the headings of the columns.
    #[must_use]
    pub fn new(format: Format, name: &str, head: &[&str]) -> Self {
        Self(match format {
            Format::Csv => Kind::Csv(csv::Csv::new(head)),
            Format::Ods => Kind::Ods(ods::Ods::new(name, head)),
            Format::Xlsx => Kind::Xlsx(xlsx::Xlsx::new(name, head)),
        })
    }

    /// Writes a row.
    pub fn row(&mut self, values: &[Value<'_>]) {
        match &mut self.0 {
            Kind::Csv(csv) => csv.row(values),
            Kind::Ods(ods) => ods.row(values),
            Kind::Xlsx(xlsx) => xlsx.row(values),
        }
    }

    /// The bytes that are ready; they are given once.
    pub fn take(&mut self) -> Vec<u8> {
        match &mut self.0 {
            Kind::Csv(csv) => csv.take(),
            Kind::Ods(ods) => ods.take(),
            Kind::Xlsx(xlsx) => xlsx.take(),
        }
    }

    /// Ends the file: the bytes that were not taken yet.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        match self.0 {
            Kind::Csv(mut csv) => csv.take(),
            Kind::Ods(ods) => ods.finish(),
            Kind::Xlsx(xlsx) => xlsx.finish(),
        }
    }
}

/// Whether a text is a decimal as files hold them.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits.len() <= 18 && all(whole) && all(fraction)
}
