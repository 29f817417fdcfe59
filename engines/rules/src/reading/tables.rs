//! Amount tables: CSV files beside the rules.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::{
    Diagnostic, Table, Unit, Validity,
    diagnostic::{Place, SourceText, saturate},
    language::Column,
    program::TableVersion,
};

use super::{
    MOST_COMPLAINTS, Reading, is_name,
    validities::{day, seams},
};

const FIXED: [&str; 4] = ["vale_dal", "noto_dal", "oltre", "fino_a"];

/// Reads the tables and declares their columns as functions.
pub(super) fn read(reading: &mut Reading<'_>, files: &BTreeMap<String, String>) {
    for (path, text) in files {
        let source = SourceText::new(path, text);
        match table(&source) {
            Ok(table) => declare(reading, table, &source),
            Err(wrong) => reading.wrong.extend(wrong),
        }
    }
}

fn declare(reading: &mut Reading<'_>, table: Table, source: &SourceText<'_>) {
    let slot = reading.program.tables.len();
    for column in 0..table.columns.len() {
        let name = table.function(column);
        if !is_name(&name) || reading.names.taken(None, &name) {
            let message = format!("nome di colonna non ammesso o già usato: `{name}`");
            reading.wrong.push(source.complain(FIRST, message, "rinominare il file o la colonna"));
        }
        let column = Column { table: slot, column, takes: table.takes.into(), gives: table.gives.into() };
        reading.names.declare_column(name, column);
    }
    reading.program.tables.push(table);
}

const FIRST: Place = Place { line: 1, column: 1 };

/// One line of the file, read.
struct Line {
    validity: Validity,
    above: Option<Decimal>,
    up_to: Option<Decimal>,
    amounts: Vec<Decimal>,
    place: Place,
}

fn table(source: &SourceText<'_>) -> Result<Table, Vec<Diagnostic>> {
    let name = source.file.rsplit('/').next().unwrap_or("").strip_suffix(".csv").unwrap_or("").to_owned();
    let (takes, gives) = match (noted_unit(source, "scaglioni"), noted_unit(source, "unità")) {
        (Ok(takes), Ok(gives)) => (takes, gives),
        (takes, gives) => return Err(takes.err().into_iter().chain(gives.err()).collect()),
    };
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .flexible(false)
        .trim(csv::Trim::All)
        .from_reader(source.text.as_bytes());
    let header = reader.headers().map_err(|error| vec![unreadable(source, &error)])?.clone();
    if header.len() <= FIXED.len() || header.iter().zip(FIXED).any(|(found, fixed)| found != fixed) {
        let mend = format!("intestazione attesa: {},NOME…", FIXED.join(","));
        return Err(vec![source.complain(FIRST, "intestazione della tabella sbagliata", mend)]);
    }
    let mut lines = Vec::new();
    let mut wrong = Vec::new();
    for record in reader.records() {
        match record.map_err(|error| unreadable(source, &error)).and_then(|record| line(source, &record)) {
            Ok(line) => lines.push(line),
            Err(told) => wrong.push(told),
        }
        if wrong.len() >= MOST_COMPLAINTS {
            break;
        }
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let versions = versions(source, lines)?;
    let columns = header.iter().skip(FIXED.len()).map(str::to_owned).collect();
    let unverified = notes(source, "da verificare").map(str::to_owned).collect();
    Ok(Table { name, columns, takes, gives, unverified, versions })
}

/// The notes with a key, in order.
fn notes<'s>(source: &SourceText<'s>, key: &'s str) -> impl Iterator<Item = &'s str> {
    let lines = source.text.lines();
    lines
        .filter_map(move |line| line.strip_prefix('#')?.trim().strip_prefix(key)?.trim().strip_prefix(':'))
        .map(str::trim)
}

/// A unit told in a note: `# unità: euro/mese`.
fn noted_unit(source: &SourceText<'_>, key: &str) -> Result<Unit, Diagnostic> {
    notes(source, key).next().and_then(Unit::from_name).ok_or_else(|| {
        let mend =
            format!("aggiungere in testa la riga «# {key}: euro» con una di queste unità: {}", Unit::all_names());
        source.complain(FIRST, format!("manca o non è nota l'unità «{key}» della tabella"), mend)
    })
}

fn unreadable(source: &SourceText<'_>, error: &csv::Error) -> Diagnostic {
    let line = error.position().map_or(1, |position| saturate(usize::try_from(position.line()).unwrap_or(usize::MAX)));
    let place = Place { line, column: 1 };
    source.complain(
        place,
        "riga non leggibile come CSV",
        "stesso numero di colonne dell'intestazione, separate da virgole",
    )
}

fn line(source: &SourceText<'_>, record: &csv::StringRecord) -> Result<Line, Diagnostic> {
    let line = record.position().map_or(1, |position| usize::try_from(position.line()).unwrap_or(usize::MAX));
    let place = Place { line: saturate(line), column: 1 };
    let date = |text: &str| day(text).map_err(|(message, mend)| source.complain(place, message, mend));
    let number = |text: &str| {
        Decimal::from_str_exact(text).map_err(|_| {
            source.complain(
                place,
                format!("numero non leggibile: `{text}`"),
                "usare il punto decimale, senza separatore delle migliaia",
            )
        })
    };
    let optional = |text: &str| if text.is_empty() { Ok(None) } else { number(text).map(Some) };
    let known_from = if record[1].is_empty() { base::Date::MIN } else { date(&record[1])? };
    Ok(Line {
        validity: Validity { from: date(&record[0])?, until: None, known_from },
        above: optional(&record[2])?,
        up_to: optional(&record[3])?,
        amounts: record.iter().skip(FIXED.len()).map(number).collect::<Result<_, _>>()?,
        place,
    })
}

fn versions(source: &SourceText<'_>, mut lines: Vec<Line>) -> Result<Vec<TableVersion>, Vec<Diagnostic>> {
    lines.sort_by_key(|line| (line.validity.from, line.validity.known_from));
    let groups: Vec<&[Line]> = lines.chunk_by(|a, b| a.validity == b.validity).collect();
    if groups.is_empty() {
        return Err(vec![source.complain(FIRST, "tabella vuota", "aggiungere almeno uno scaglione")]);
    }
    let dated: Vec<_> = groups.iter().map(|group| (group[0].validity, group[0].place)).collect();
    let mut wrong = seams("la tabella", &dated, source);
    let mut versions = Vec::with_capacity(groups.len());
    for group in groups {
        match version(source, group) {
            Ok(version) => versions.push(version),
            Err(told) => wrong.push(told),
        }
    }
    if wrong.is_empty() { Ok(versions) } else { Err(wrong) }
}

/// Brackets must be contiguous, rising, and open at both ends.
fn version(source: &SourceText<'_>, lines: &[Line]) -> Result<TableVersion, Diagnostic> {
    let mut reached = None;
    for (row, line) in lines.iter().enumerate() {
        let expected = if row == 0 { None } else { reached };
        let wrong = |message: String, mend: &str| Err(source.complain(line.place, message, mend));
        if row > 0 && reached.is_none() {
            return wrong(
                "scaglione dopo quello senza limite superiore".into(),
                "lasciare vuoto «fino_a» solo nell'ultima riga",
            );
        }
        if line.above != expected {
            let shown = |bound: Option<Decimal>| bound.map_or_else(|| "vuoto".to_owned(), |bound| bound.to_string());
            let kind = if line.above > expected { "buco" } else { "sovrapposizione" };
            let message = format!("{kind} fra scaglioni: «oltre» è {}, atteso {}", shown(line.above), shown(expected));
            return wrong(message, "ogni scaglione comincia dove finisce il precedente; il primo non ha «oltre»");
        }
        if row > 0 && line.up_to.is_some() && line.up_to <= expected {
            return wrong("scaglione vuoto o rovesciato".into(), "«fino_a» deve essere maggiore di «oltre»");
        }
        reached = line.up_to;
    }
    if let (Some(bound), Some(last)) = (reached, lines.last()) {
        let message = format!("la tabella non dice nulla oltre {bound}");
        return Err(source.complain(last.place, message, "lasciare vuoto «fino_a» nell'ultima riga"));
    }
    Ok(TableVersion {
        validity: lines[0].validity,
        bounds: lines.iter().filter_map(|line| line.up_to).collect(),
        rows: lines.iter().map(|line| line.amounts.clone()).collect(),
    })
}
