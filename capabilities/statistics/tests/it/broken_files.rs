//! Files that are not as they should be are refused, with file, column, row and what to do.

use std::{fs, panic, path::Path, sync::Arc};

use parquet::{column::writer::ColumnWriter, file::writer::SerializedFileWriter, schema::parser::parse_message_type};
use proptest::{prelude::*, test_runner::TestRunner};
use tempfile::TempDir;

use crate::world::{as_csv, of_files, service, study, write};

/// A folder of CSV files of households with children.
fn folder() -> TempDir {
    let (law, parquet, csv) = (service("assegno-unico"), tempdir(), tempdir());
    write(&study(&law, None), 1, 60, parquet.path());
    as_csv(parquet.path(), csv.path());
    csv
}

fn tempdir() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

fn told(folder: &Path) -> String {
    let law = service("assegno-unico");
    of_files(&study(&law, None), folder, 2).expect_err("it is refused").to_string()
}

/// The file with one cell changed; `row` from 1.
fn with_cell(folder: &Path, file: &str, column: &str, row: usize, cell: &str) {
    let path = folder.join(file);
    let text = fs::read_to_string(&path).expect("the file");
    let mut lines: Vec<Vec<String>> = text.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect();
    let place = lines[0].iter().position(|name| name == column).unwrap_or_else(|| panic!("{column} in {:?}", lines[0]));
    lines[row][place] = cell.to_owned();
    let lines: Vec<String> = lines.into_iter().map(|cells| cells.join(",")).collect();
    fs::write(&path, lines.join("\n")).expect("it is written");
}

#[test]
fn a_cell_that_is_not_what_the_law_asks_for_is_told_with_its_place() {
    let cells = [
        ("nucleo.csv", "isee", "NaN", "numero decimale", "1234.50"),
        ("nucleo.csv", "isee", "inf", "numero decimale", "1234.50"),
        ("nucleo.csv", "isee", "1e400", "numero decimale", "1234.50"),
        ("nucleo.csv", "isee", "99999999999999999999999999999999", "numero decimale", "1234.50"),
        ("nucleo.csv", "isee", "92233720368547758.08", "numero decimale", "1234.50"),
        ("nucleo.csv", "isee", "1000.005", "numero decimale", "due decimali"),
        ("nucleo.csv", "residente_in_italia", "forse", "sì/no", "sì o no"),
        ("figli.csv", "data_nascita", "31/02/2020", "data", "2026-03-01"),
        ("figli.csv", "data_nascita", "2026-02-30", "data", "2026-03-01"),
        ("figli.csv", "nucleo", "uno", "numero intero", "solo cifre"),
    ];
    for (file, column, cell, kind, mend) in cells {
        let folder = folder();
        with_cell(folder.path(), file, column, 3, cell);
        let told = told(folder.path());
        for part in [file, &format!("colonna «{column}», riga 3"), &format!("«{cell}» non è un"), kind, mend] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }
}

#[test]
fn members_out_of_order_or_of_nobody_are_refused() {
    for (row, household, what) in
        [(4, "1", "fuori ordine"), (1, "0", "fuori ordine"), (1, "", "non dice un nucleo"), (1, "-3", "fuori ordine")]
    {
        let folder = folder();
        with_cell(folder.path(), "figli.csv", "nucleo", row, household);
        let told = told(folder.path());
        assert!(told.contains("figli.csv, colonna «nucleo», riga") && told.contains(what), "{told}");
        assert!(told.contains("Metti le righe in ordine di nucleo"), "{told}");
    }
    let folder = folder();
    let path = folder.path().join("figli.csv");
    let last = fs::read_to_string(&path).expect("the file").lines().count() - 1;
    with_cell(folder.path(), "figli.csv", "nucleo", last, "5000");
    let told = told(folder.path());
    assert!(told.contains(&format!("riga {last}: il nucleo 5000 non c'è: i nuclei sono")), "{told}");
}

#[test]
fn a_folder_that_lacks_something_says_what() {
    let empty = tempdir();
    assert!(told(empty.path()).contains("né nucleo.parquet né nucleo.csv"), "{}", told(empty.path()));
    let folder = folder();
    fs::remove_file(folder.path().join("figli.csv")).expect("it was there");
    assert!(told(folder.path()).contains("né figli.parquet né figli.csv"), "{}", told(folder.path()));

    let folder = self::folder();
    let path = folder.path().join("nucleo.csv");
    let text = fs::read_to_string(&path).expect("the file");
    fs::write(&path, text.replacen("isee", "indicatore", 1)).expect("it is written");
    assert!(
        told(folder.path()).contains("colonna «isee»: manca, e la legge la usa. Aggiungila"),
        "{}",
        told(folder.path())
    );
    fs::write(&path, text.replace(',', ";")).expect("it is written");
    assert!(told(folder.path()).contains("punti e virgola"), "{}", told(folder.path()));
    fs::write(&path, text.replacen('\n', "\n1,2\n", 1)).expect("it is written");
    assert!(told(folder.path()).contains("riga 1: ha 2 colonne invece di"), "{}", told(folder.path()));
    fs::write(&path, [text.as_bytes(), b"\xff\xfe"].concat()).expect("it is written");
    assert!(told(folder.path()).contains("nucleo.csv"), "{}", told(folder.path()));
}

/// A Parquet file with one column, written as somebody else would.
fn one_column(path: &Path, column: &str, values: &[f64]) {
    let schema = Arc::new(parse_message_type(&format!("message righe {{ {column}; }}")).expect("a schema"));
    let file = fs::File::create(path).expect("the file");
    let mut writer = SerializedFileWriter::new(file, schema, Arc::default()).expect("a writer");
    let mut group = writer.next_row_group().expect("a group");
    let mut place = group.next_column().expect("a column").expect("a column");
    match place.untyped() {
        ColumnWriter::DoubleColumnWriter(writer) => writer.write_batch(values, None, None),
        ColumnWriter::Int64ColumnWriter(writer) => {
            writer.write_batch(&values.iter().map(|value| *value as i64).collect::<Vec<_>>(), None, None)
        }
        ColumnWriter::Int32ColumnWriter(writer) => {
            writer.write_batch(&values.iter().map(|value| *value as i32).collect::<Vec<_>>(), None, None)
        }
        _ => panic!("a kind that this test does not write"),
    }
    .expect("it is written");
    place.close().expect("closed");
    group.close().expect("closed");
    writer.close().expect("closed");
}

#[test]
fn a_parquet_column_of_another_type_is_refused_before_anything_is_computed() {
    let columns = [
        ("REQUIRED DOUBLE isee", "contiene DOUBLE, serve un numero decimale", "virgola mobile"),
        ("REQUIRED INT64 isee (TIMESTAMP_MICROS)", "TIMESTAMP_MICROS", "DECIMAL(18, 2)"),
        ("REQUIRED INT64 isee (UINT_64)", "UINT_64", "DECIMAL(18, 2)"),
        ("REQUIRED INT32 isee (DATE)", "DATE", "DECIMAL(18, 2)"),
        ("REPEATED INT64 isee", "un elenco", "DECIMAL(18, 2)"),
        ("REQUIRED INT64 reddito", "colonna «isee»: manca", "Aggiungila"),
    ];
    for (column, what, mend) in columns {
        let folder = folder();
        fs::remove_file(folder.path().join("nucleo.csv")).expect("it was there");
        let values = if column.starts_with("REPEATED") { vec![] } else { vec![1.0, f64::NAN] };
        one_column(&folder.path().join("nucleo.parquet"), column, &values);
        let told = told(folder.path());
        assert!(told.contains(what) && told.contains(mend), "{told}");
    }
}

/// The Parquet files of a few households, to be spoiled.
fn parquet() -> TempDir {
    let (law, folder) = (service("assegno-unico"), tempdir());
    write(&study(&law, None), 1, 60, folder.path());
    folder
}

#[test]
fn a_parquet_file_that_was_cut_or_is_something_else_is_refused() {
    let folder = parquet();
    let path = folder.path().join("nucleo.parquet");
    let whole = fs::read(&path).expect("the file");
    for kept in [0, 3, 4, 11, 12, whole.len() / 2, whole.len() - 1] {
        fs::write(&path, &whole[..kept]).expect("it is written");
        let told = told(folder.path());
        assert!(told.contains("nucleo.parquet: non si legge") && told.contains("Parquet intero"), "{kept}: {told}");
    }
}

/// The library's panics are caught; what they would print would be slow and in the way.
fn without_the_library(spoil: impl FnOnce()) {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |told| {
        if !told.location().is_some_and(|place| place.file().contains("/parquet-")) {
            usual(told);
        }
    }));
    spoil();
    drop(panic::take_hook());
}

#[test]
fn no_bytes_in_a_parquet_file_make_the_program_panic() {
    let (law, folder) = (service("assegno-unico"), parquet());
    let (study, read) = (study(&law, None), |file: &str| fs::read(folder.path().join(file)).expect("the file"));
    let whole = ["nucleo.parquet", "figli.parquet"].map(|file| (file, read(file)));
    let spoiled = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    let cases = (prop::sample::select(whole.to_vec()), spoiled, any::<bool>());
    without_the_library(|| {
        let mut runner = TestRunner::new(ProptestConfig::with_cases(600));
        let tried = runner.run(&cases, |((file, mut bytes), spoiled, near_the_end)| {
            let whole = bytes.clone();
            for (place, byte) in spoiled {
                // What describes the columns stands at the end, and is the most delicate.
                let first = if near_the_end { bytes.len().saturating_sub(1_500) } else { 0 };
                let place = first + place.index(bytes.len() - first);
                bytes[place] = byte;
            }
            fs::write(folder.path().join(file), bytes).expect("it is written");
            // Either it is read (a number may have become another one), or it is refused in words.
            let told = of_files(&study, folder.path(), 1).map_err(|error| error.to_string());
            fs::write(folder.path().join(file), whole).expect("it is written");
            prop_assert!(told.err().is_none_or(|told| told.contains(".parquet") || told.contains("colonna")));
            Ok(())
        });
        tried.unwrap_or_else(|error| panic!("{error}"));
    });
}
