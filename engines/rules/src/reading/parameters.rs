//! The tables of parameters: `| parametro | vale dal | noto dal | valore | unità | fonte |`.

use base::Date;
use rust_decimal::Decimal;

use crate::{
    Parameter, ParameterRow, Unit, Validity, Value,
    diagnostic::Place,
    language::{Expr, Meaning},
    unit::Kind,
};

use super::{
    Reading,
    document::{Cell, Document, Grid},
    grids,
    validities::{day, seams},
};

const COLUMNS: [&str; 6] = ["parametro", "vale dal", "noto dal", "valore", "unità", "fonte"];

/// Reads all parameters; gives the place of the first row of each.
pub(super) fn read(reading: &mut Reading<'_>, document: &Document) -> Vec<Place> {
    let mut found: Vec<(Parameter, Vec<Place>)> = Vec::new();
    for grid in grids(reading, document, "parametro", &COLUMNS) {
        for row in &grid.rows {
            let name = &row[0];
            let known = if name.text.is_empty() {
                found.len().checked_sub(1)
            } else {
                found.iter().position(|(parameter, _)| parameter.name == name.text)
            };
            let Some(at) = known.or_else(|| declare(reading, name, &mut found)) else { continue };
            let Some((unit, dated)) = row_of(reading, grid, row) else { continue };
            let (parameter, places) = &mut found[at];
            if places.is_empty() {
                parameter.unit = unit;
            } else if parameter.unit != unit {
                let message = format!("il parametro `{}` cambia unità: {} e {unit}", parameter.name, parameter.unit);
                reading.complain(name.place, message, "usare la stessa unità in tutte le righe");
            }
            parameter.rows.push(dated);
            places.push(name.place);
        }
    }
    found.into_iter().filter_map(|(parameter, places)| finish(reading, parameter, &places)).collect()
}

fn declare(reading: &mut Reading<'_>, name: &Cell, found: &mut Vec<(Parameter, Vec<Place>)>) -> Option<usize> {
    if !reading.may_declare(None, &name.text, name.place) {
        return None;
    }
    found.push((Parameter { name: name.text.clone(), unit: Unit::Number, rows: Vec::new() }, Vec::new()));
    Some(found.len() - 1)
}

fn finish(reading: &mut Reading<'_>, mut parameter: Parameter, places: &[Place]) -> Option<Place> {
    let Some(first) = places.first().copied() else {
        // Its rows were complained about: that its name is unknown is not to be told as well.
        let meaning = Meaning { expr: Expr::Const(Value::Null), kind: Kind::Any, allowed: Vec::new() };
        reading.names.declare(None, &parameter.name, meaning);
        return None;
    };
    let mut dated: Vec<_> = parameter.rows.iter().map(|row| row.validity).zip(places.iter().copied()).collect();
    dated.sort_by_key(|(validity, _)| (validity.from, validity.known_from));
    let wrong = seams(&format!("il parametro `{}`", parameter.name), &dated, &reading.source);
    reading.wrong.extend(wrong);
    parameter.rows.sort_by_key(|row| (row.validity.from, row.validity.known_from));
    let expr = Expr::Parameter(reading.program.parameters.len());
    let meaning = Meaning { expr, kind: parameter.unit.into(), allowed: Vec::new() };
    reading.names.declare(None, &parameter.name, meaning);
    reading.program.parameters.push(parameter);
    Some(first)
}

fn row_of(reading: &mut Reading<'_>, grid: &Grid, row: &[Cell]) -> Option<(Unit, ParameterRow)> {
    let from = date(reading, grid, row, "vale dal")?;
    let known_from = match grid.cell(row, "noto dal") {
        None => Date::MIN,
        Some(_) => date(reading, grid, row, "noto dal")?,
    };
    let unit_cell = needed(reading, grid, row, "unità")?;
    let Some(unit) = Unit::from_name(&unit_cell.text) else {
        reading.complain(
            unit_cell.place,
            format!("unità sconosciuta: `{}`", unit_cell.text),
            format!("unità: {}", Unit::all_names()),
        );
        return None;
    };
    let written = needed(reading, grid, row, "valore")?;
    let source = needed(reading, grid, row, "fonte")?.text.clone();
    match value(&written.text, unit) {
        Some(value) => {
            Some((unit, ParameterRow { validity: Validity { from, until: None, known_from }, value, source }))
        }
        None => {
            let mend = "numeri con il punto decimale e senza separatore delle migliaia (1234.50), percentuali 50%, date aaaa-mm-gg, sì/no";
            reading.complain(written.place, format!("valore non leggibile come {unit}: `{}`", written.text), mend);
            None
        }
    }
}

fn needed<'r>(reading: &mut Reading<'_>, grid: &Grid, row: &'r [Cell], column: &str) -> Option<&'r Cell> {
    let cell = grid.cell(row, column);
    if cell.is_none() {
        let message = format!("manca «{column}» nella riga del parametro");
        reading.complain(row[0].place, message, format!("scrivere «{column}» in ogni riga"));
    }
    cell
}

fn date(reading: &mut Reading<'_>, grid: &Grid, row: &[Cell], column: &str) -> Option<Date> {
    let cell = needed(reading, grid, row, column)?;
    day(&cell.text).map_err(|(message, mend)| reading.complain(cell.place, message, mend)).ok()
}

fn value(text: &str, unit: Unit) -> Option<Value> {
    match unit {
        Unit::YesNo => match text {
            "sì" => Some(Value::Bool(true)),
            "no" => Some(Value::Bool(false)),
            _ => None,
        },
        Unit::Date => text.parse().ok().map(Value::Date),
        Unit::Text => Some(Value::Text(text.to_owned())),
        Unit::Percent => {
            let share = Decimal::from_str_exact(text.strip_suffix('%')?.trim()).ok()?;
            share.checked_div(Decimal::ONE_HUNDRED).map(Value::Dec)
        }
        _ => Decimal::from_str_exact(text).ok().map(Value::Dec),
    }
}
