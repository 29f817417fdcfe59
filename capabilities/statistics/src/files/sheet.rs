//! Columns into a file, Parquet or CSV.

use std::{path::Path, sync::Arc};

use parquet::{
    basic::{Compression, LogicalType, Repetition, Type as Physical},
    column::writer::ColumnWriter,
    data_type::ByteArray,
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::{Type, TypePtr},
};
use rules::{
    Value,
    columns::{Column, NO_DAY, NO_NUMBER, NO_TEXT, UNKNOWN, YES},
};

use super::{Format, Kind, whole::WholeFile};
use crate::error::SimulationError;

/// Digits of a number in 64 bits.
const PRECISION: i32 = 18;

/// A file under construction: one row for each household or member.
pub(super) struct Sheet {
    writer: Writer,
    path: std::path::PathBuf,
}

enum Writer {
    Csv(csv::Writer<WholeFile>),
    Parquet(SerializedFileWriter<WholeFile>),
}

impl Sheet {
    /// Begins a file with these columns.
    pub fn create(path: &Path, columns: &[(String, Kind)]) -> Result<Self, SimulationError> {
        let format = Format::of(path)?;
        let file = WholeFile::create(path)?;
        let told = |error: String| SimulationError::Write { path: path.to_owned(), why: error };
        let writer = match format {
            Format::Csv => {
                let mut writer = csv::Writer::from_writer(file);
                writer.write_record(columns.iter().map(|(name, _)| name)).map_err(|error| told(error.to_string()))?;
                Writer::Csv(writer)
            }
            Format::Parquet => {
                let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
                let writer =
                    schema(columns).and_then(|schema| SerializedFileWriter::new(file, schema, Arc::new(properties)));
                Writer::Parquet(writer.map_err(|error| told(error.to_string()))?)
            }
        };
        Ok(Self { writer, path: path.to_owned() })
    }

    /// Rows that are best written together: in Parquet they become a group, which is read as a whole.
    pub fn together(&self) -> usize {
        match self.writer {
            Writer::Csv(_) => 1_024,
            Writer::Parquet(_) => 65_536,
        }
    }

    /// Further rows, in the order of the columns.
    pub fn write(&mut self, columns: &[Column<'_>]) -> Result<(), SimulationError> {
        let written = match &mut self.writer {
            Writer::Csv(writer) => records(writer, columns).map_err(|error| error.to_string()),
            Writer::Parquet(writer) => group(writer, columns).map_err(|error| error.to_string()),
        };
        written.map_err(|why| SimulationError::Write { path: self.path.clone(), why })
    }

    /// Gives the file its name.
    pub fn finish(self) -> Result<(), SimulationError> {
        let file = match self.writer {
            Writer::Csv(writer) => writer.into_inner().map_err(|error| error.error().to_string()),
            Writer::Parquet(writer) => writer.into_inner().map_err(|error| error.to_string()),
        };
        file.map_err(|why| SimulationError::Write { path: self.path, why })?.finish()
    }
}

fn records(writer: &mut csv::Writer<WholeFile>, columns: &[Column<'_>]) -> csv::Result<()> {
    for row in 0..columns.first().map_or(0, Column::len) {
        writer.write_record(columns.iter().map(|column| cell(&column.value(row))))?;
    }
    Ok(())
}

/// As [`super::csv_table`] reads it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "sì".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Dec(number) => number.normalize().to_string(),
        Value::Date(day) => day.to_string(),
        Value::Text(text) => text.clone(),
    }
}

fn schema(columns: &[(String, Kind)]) -> Result<TypePtr, ParquetError> {
    let fields = columns.iter().map(|(name, kind)| {
        let (physical, logical, scale) = match kind {
            Kind::Truth => (Physical::BOOLEAN, None, 0),
            Kind::Day => (Physical::INT32, Some(LogicalType::Date), 0),
            Kind::Number(0) => (Physical::INT64, None, 0),
            Kind::Number(scale) => {
                let scale = i32::try_from(*scale).unwrap_or(PRECISION);
                (Physical::INT64, Some(LogicalType::decimal(scale, PRECISION)), scale)
            }
            Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String), 0),
        };
        let field = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        let field = field.with_logical_type(logical.clone());
        let decimal = matches!(logical, Some(LogicalType::Decimal { .. }));
        let field = if decimal { field.with_precision(PRECISION).with_scale(scale) } else { field };
        field.build().map(Arc::new)
    });
    let fields = fields.collect::<Result<Vec<_>, _>>()?;
    Type::group_type_builder("righe").with_fields(fields).build().map(Arc::new)
}

fn group(writer: &mut SerializedFileWriter<WholeFile>, columns: &[Column<'_>]) -> Result<(), ParquetError> {
    let mut group = writer.next_row_group()?;
    for column in columns {
        let Some(mut place) = group.next_column()? else { break };
        match (place.untyped(), column) {
            (ColumnWriter::BoolColumnWriter(writer), Column::Truth(values)) => {
                let (values, levels) = there(values.iter().map(|byte| (*byte != UNKNOWN).then_some(*byte == YES)));
                writer.write_batch(&values, Some(&levels), None)?;
            }
            (ColumnWriter::Int32ColumnWriter(writer), Column::Day(days)) => {
                let (values, levels) = there(days.iter().map(|day| Some(*day).filter(|day| *day != NO_DAY)));
                writer.write_batch(&values, Some(&levels), None)?;
            }
            (ColumnWriter::Int64ColumnWriter(writer), Column::Number { values, .. }) => {
                let (values, levels) = there(values.iter().map(|value| Some(*value).filter(|one| *one != NO_NUMBER)));
                writer.write_batch(&values, Some(&levels), None)?;
            }
            (ColumnWriter::ByteArrayColumnWriter(writer), Column::Text { codes, words }) => {
                let word =
                    |code: &u32| Some(*code).filter(|code| *code != NO_TEXT).and_then(|code| words.get(code as usize));
                let (values, levels) =
                    there(codes.iter().map(|code| word(code).map(|word| ByteArray::from(word.as_str()))));
                writer.write_batch(&values, Some(&levels), None)?;
            }
            _ => return Err(ParquetError::General("a column changed its kind".to_owned())),
        }
        place.close()?;
    }
    group.close()?;
    Ok(())
}

/// The values that are there, and for each row whether it has one.
fn there<T>(rows: impl Iterator<Item = Option<T>>) -> (Vec<T>, Vec<i16>) {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    for row in rows {
        levels.push(i16::from(row.is_some()));
        values.extend(row);
    }
    (values, levels)
}
