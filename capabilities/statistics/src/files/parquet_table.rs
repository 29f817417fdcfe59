//! Tables in Parquet, without nested columns.

use std::{
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use parquet::{
    basic::{ConvertedType, LogicalType, Type as Physical},
    column::reader::{ColumnReader, ColumnReaderImpl},
    data_type::{ByteArray, DataType},
    errors::ParquetError,
    file::{reader::FileReader, serialized_reader::SerializedFileReader},
    schema::types::ColumnDescriptor,
};
use rules::columns::{NO, YES};

use super::{Kind, Wanted, growing::Growing, missing, wrong};
use crate::error::FileError;

/// Most digits behind the point of a decimal.
const MOST_DIGITS: u32 = 18;

/// How whole numbers with a sign are marked.
const SIGNED: [ConvertedType; 5] =
    [ConvertedType::NONE, ConvertedType::INT_8, ConvertedType::INT_16, ConvertedType::INT_32, ConvertedType::INT_64];

pub(super) struct ParquetTable {
    path: PathBuf,
    file: SerializedFileReader<File>,
    columns: Vec<Place>,
    /// The group of rows that is being read.
    group: Vec<ColumnReader>,
    next_group: usize,
    left_in_group: usize,
    rows: u64,
    all_rows: u64,
}

/// Where a column lies, and how it is written.
struct Place {
    wanted: Wanted,
    index: usize,
    /// Level at which a value is there; 0 where it always is.
    present: i16,
    scale: u32,
}

impl ParquetTable {
    pub fn open(path: &Path, wanted: &[Wanted]) -> Result<Self, FileError> {
        sound(path, || Self::open_sound(path, wanted))
    }

    fn open_sound(path: &Path, wanted: &[Wanted]) -> Result<Self, FileError> {
        let broken = |error: ParquetError| unreadable(path, &error);
        let file = File::open(path).map_err(|error| broken(error.into()))?;
        let file = SerializedFileReader::new(file).map_err(broken)?;
        let schema = file.metadata().file_metadata().schema_descr();
        let mut columns = Vec::new();
        for one in wanted {
            let found = schema.columns().iter().position(|column| column.path().string() == one.name);
            match found {
                Some(index) => columns.push(place(path, one, index, &schema.column(index))?),
                None if one.needed => return Err(missing(path, one)),
                None => {}
            }
        }
        let all_rows = u64::try_from(file.metadata().file_metadata().num_rows()).unwrap_or_default();
        let path = path.to_owned();
        Ok(Self { path, file, columns, group: Vec::new(), next_group: 0, left_in_group: 0, rows: 0, all_rows })
    }

    /// The columns that are there, empty.
    pub fn columns(&self) -> Vec<(String, Growing)> {
        let empty = |place: &Place| match place.wanted.kind {
            Kind::Number(_) => Growing::of(Kind::Number(place.scale)),
            kind => Growing::of(kind),
        };
        self.columns.iter().map(|place| (place.wanted.name.clone(), empty(place))).collect()
    }

    pub fn read(&mut self, most: usize, into: &mut [(String, Growing)]) -> Result<usize, FileError> {
        let path = self.path.clone();
        sound(&path, || self.read_sound(most, into))
    }

    fn read_sound(&mut self, most: usize, into: &mut [(String, Growing)]) -> Result<usize, FileError> {
        let mut read = 0;
        while read < most && self.in_a_group()? {
            let rows = self.left_in_group.min(most - read);
            for ((place, reader), (_, column)) in self.columns.iter().zip(&mut self.group).zip(&mut *into) {
                let got = decode(reader, rows, place.present, column).map_err(|error| match error {
                    Broken::File(error) => unreadable(&self.path, &error),
                    Broken::Value(what) => {
                        wrong(&self.path, Some(&place.wanted.name), None, what, "Scrivi la colonna con meno cifre")
                    }
                })?;
                if got != rows {
                    let what = "una colonna è più corta delle altre";
                    return Err(wrong(&self.path, Some(&place.wanted.name), None, what, "Scrivi di nuovo il file"));
                }
            }
            self.left_in_group -= rows;
            read += rows;
        }
        self.rows += read as u64;
        Ok(read)
    }

    /// Rows read, and of how many.
    pub fn progress(&self) -> (u64, u64) {
        (self.rows, self.all_rows)
    }

    /// Goes to the next group of rows where the present one is at its end; whether there is one.
    fn in_a_group(&mut self) -> Result<bool, FileError> {
        while self.left_in_group == 0 {
            if self.next_group == self.file.num_row_groups() {
                return Ok(false);
            }
            let broken = |error| unreadable(&self.path, &error);
            let group = self.file.get_row_group(self.next_group).map_err(broken)?;
            self.left_in_group = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
            let readers = self.columns.iter().map(|place| group.get_column_reader(place.index));
            self.group = readers.collect::<Result<_, _>>().map_err(broken)?;
            self.next_group += 1;
        }
        Ok(true)
    }
}

/// The library panics on some files that were spoiled; whoever gives us one gets an answer all the same. Nothing is read
/// from the table afterwards.
fn sound<T>(path: &Path, read: impl FnOnce() -> Result<T, FileError>) -> Result<T, FileError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(unreadable(path, &ParquetError::General("its content is spoiled".to_owned()))))
}

fn unreadable(path: &Path, error: &ParquetError) -> FileError {
    wrong(path, None, None, format!("non si legge ({error})"), "Controlla che sia un file Parquet intero e leggibile")
}

/// Whether a column is written as the law wants it.
fn place(path: &Path, wanted: &Wanted, index: usize, column: &ColumnDescriptor) -> Result<Place, FileError> {
    let (logical, converted) = (column.logical_type_ref(), column.converted_type());
    let date = logical == Some(&LogicalType::Date) || converted == ConvertedType::DATE;
    let decimal = matches!(logical, Some(LogicalType::Decimal { .. })) || converted == ConvertedType::DECIMAL;
    // Without signs, or counting seconds: not the numbers that they seem.
    let signed = logical.is_none_or(|logical| matches!(logical, LogicalType::Integer(integer) if integer.is_signed))
        && SIGNED.contains(&converted);
    let digits = matches!(column.physical_type(), Physical::INT32 | Physical::INT64);
    let bytes = matches!(column.physical_type(), Physical::BYTE_ARRAY | Physical::FIXED_LEN_BYTE_ARRAY);
    let scale = if decimal { u32::try_from(column.type_scale()).unwrap_or(u32::MAX) } else { 0 };
    let fits = match wanted.kind {
        Kind::Truth => column.physical_type() == Physical::BOOLEAN,
        Kind::Day => date && column.physical_type() == Physical::INT32,
        Kind::Number(_) => (digits && signed) || (decimal && (digits || bytes) && scale <= MOST_DIGITS),
        Kind::Text => (column.physical_type() == Physical::BYTE_ARRAY && !decimal) || (digits && signed),
    };
    if !fits || column.max_rep_level() > 0 {
        let what = format!("contiene {}, serve un {}", written_as(column), wanted.kind.name());
        return Err(wrong(path, Some(&wanted.name), None, what, how(wanted.kind)));
    }
    Ok(Place { wanted: wanted.clone(), index, present: column.max_def_level(), scale })
}

/// `INT64`, or `INT64 (TIMESTAMP_MICROS)`.
fn written_as(column: &ColumnDescriptor) -> String {
    match (column.max_rep_level(), column.converted_type()) {
        (1.., _) => "un elenco".to_owned(),
        (_, ConvertedType::NONE) => column.physical_type().to_string(),
        (_, converted) => format!("{} ({converted})", column.physical_type()),
    }
}

fn how(kind: Kind) -> &'static str {
    match kind {
        Kind::Truth => "Scrivila come BOOLEAN",
        Kind::Day => "Scrivila come DATE",
        Kind::Number(0) => "Scrivila come INTEGER o BIGINT",
        Kind::Number(_) => "Scrivila come DECIMAL(18, 2): i numeri in virgola mobile non sono esatti",
        Kind::Text => "Scrivila come VARCHAR",
    }
}

enum Broken {
    File(ParquetError),
    Value(&'static str),
}

/// Appends rows of a column; how many there were.
fn decode(reader: &mut ColumnReader, rows: usize, present: i16, into: &mut Growing) -> Result<usize, Broken> {
    match (reader, into) {
        (ColumnReader::BoolColumnReader(reader), into @ Growing::Truth(_)) => {
            each(reader, rows, present, into, |into, value| {
                if let Growing::Truth(values) = into {
                    values.push(if *value { YES } else { NO });
                }
                Ok(())
            })
        }
        (ColumnReader::Int32ColumnReader(reader), into) => each(reader, rows, present, into, |into, value| {
            match into {
                Growing::Day(days) => days.push(*value),
                into => number(into, i128::from(*value))?,
            }
            Ok(())
        }),
        (ColumnReader::Int64ColumnReader(reader), into) => {
            each(reader, rows, present, into, |into, value| number(into, i128::from(*value)))
        }
        (ColumnReader::ByteArrayColumnReader(reader), into) => each(reader, rows, present, into, bytes),
        (ColumnReader::FixedLenByteArrayColumnReader(reader), into) => {
            each(reader, rows, present, into, |into, value| bytes(into, value))
        }
        _ => Err(Broken::Value("è scritta in un modo inatteso")),
    }
}

fn each<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    present: i16,
    into: &mut Growing,
    push: impl Fn(&mut Growing, &T::T) -> Result<(), Broken>,
) -> Result<usize, Broken> {
    let (mut values, mut levels) = (Vec::with_capacity(rows), Vec::new());
    let (read, ..) = reader.read_records(rows, Some(&mut levels), None, &mut values).map_err(Broken::File)?;
    let mut values = values.iter();
    for row in 0..read {
        let there = present == 0 || levels.get(row) == Some(&present);
        match values.as_slice().first().filter(|_| there) {
            Some(value) => {
                push(into, value)?;
                values.next();
            }
            None => into.push_nothing(),
        }
    }
    Ok(read)
}

fn number(into: &mut Growing, value: i128) -> Result<(), Broken> {
    if matches!(into, Growing::Text { .. }) {
        into.push_text(Some(&value.to_string()));
        return Ok(());
    }
    let Growing::Number { values, .. } = into else { return Err(Broken::Value("è scritta in un modo inatteso")) };
    let value = i64::try_from(value).ok().filter(|value| *value != i64::MIN);
    values.push(value.ok_or(Broken::Value("ha un numero troppo grande"))?);
    Ok(())
}

/// A text, or a decimal as a big-endian integer in two's complement.
fn bytes(into: &mut Growing, value: &ByteArray) -> Result<(), Broken> {
    if let Growing::Text { codes, words } = into {
        let text = value.as_utf8().map_err(|_| Broken::Value("ha un testo che non è UTF-8"))?;
        codes.push(words.code(text));
        return Ok(());
    }
    let data = value.data();
    let sign = if data.first().is_some_and(|first| first & 0x80 != 0) { -1i128 } else { 0 };
    let extra = data.len().saturating_sub(size_of::<i128>());
    let filler = if sign == 0 { 0 } else { 0xff };
    if data[..extra].iter().any(|byte| *byte != filler) {
        return Err(Broken::Value("ha un numero troppo grande"));
    }
    number(into, data[extra..].iter().fold(sign, |number, byte| (number << 8) | i128::from(*byte)))
}
