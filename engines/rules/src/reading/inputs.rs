//! The table of inputs: `| dato | di | tipo | unità | titolo |` and the optional columns.

use rust_decimal::Decimal;

use crate::{
    Input, InputType, Unit, Value,
    diagnostic::Place,
    language::{Expr, Names},
};

use super::{
    Reading,
    document::{Cell, Document, Grid},
    grids, is_name,
};

/// Reads all inputs; gives the place of each, for later complaints.
pub(super) fn read(reading: &mut Reading<'_>, document: &Document) -> Vec<Place> {
    let mut places = Vec::new();
    for grid in grids(reading, document, "dato", &["dato", "di", "tipo", "unità", "titolo"]) {
        for row in &grid.rows {
            if let Some(input) = input(reading, grid, row) {
                reading.names.declare(input.owner, &input.name, meaning(&input, reading.program.inputs.len()));
                reading.program.inputs.push(input);
                places.push(row[0].place);
            }
        }
    }
    places
}

fn meaning(input: &Input, slot: usize) -> crate::language::Meaning {
    crate::language::Meaning { expr: Expr::Input(slot), kind: input.unit.into(), allowed: input.values.clone() }
}

fn input(reading: &mut Reading<'_>, grid: &Grid, row: &[Cell]) -> Option<Input> {
    let name = &row[0];
    let relation = grid.cell(row, "di").filter(|cell| !reading.is_subject(&cell.text, cell.place));
    let owner = match relation {
        Some(cell) => Some(relation_of(reading, cell)?),
        None => None,
    };
    if !reading.may_declare(owner, &name.text, name.place) {
        return None;
    }
    let kind = input_type(reading, grid.cell(row, "tipo"), name)?;
    let unit = unit(reading, kind, grid.cell(row, "unità"), name)?;
    let Some(label) = grid.cell(row, "titolo") else {
        reading.complain(
            name.place,
            format!("il dato `{}` non ha titolo", name.text),
            "scrivere nella colonna «titolo» come si chiama per le persone",
        );
        return None;
    };
    let list = grid.cell(row, "valori").map_or("", |cell| cell.text.as_str());
    let values = list.split(',').map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect();
    Some(Input {
        name: name.text.clone(),
        relation: relation.map(|cell| cell.text.clone()),
        kind,
        unit,
        label: label.text.clone(),
        required: flag(reading, grid.cell(row, "obbligatorio"), true)?,
        values,
        identification: grid.cell(row, "uso").is_some_and(|cell| cell.text == "identificazione"),
        hypothesis: hypothesis(reading, kind, grid.cell(row, "ipotesi"))?,
        owner,
    })
}

fn relation_of(reading: &mut Reading<'_>, cell: &Cell) -> Option<usize> {
    if is_name(&cell.text) {
        return Some(Names::relation(&mut reading.names, &cell.text));
    }
    reading.complain(cell.place, format!("nome di relazione non ammesso: `{}`", cell.text), "per esempio: figli");
    None
}

fn input_type(reading: &mut Reading<'_>, cell: Option<&Cell>, name: &Cell) -> Option<InputType> {
    let found = cell.and_then(|cell| match cell.text.as_str() {
        "sì/no" => Some(InputType::Bool),
        "intero" => Some(InputType::Integer),
        "decimale" => Some(InputType::Decimal),
        "data" => Some(InputType::Date),
        "testo" => Some(InputType::Text),
        _ => None,
    });
    if found.is_none() {
        let place = cell.map_or(name.place, |cell| cell.place);
        reading.complain(
            place,
            format!("tipo mancante o sconosciuto per il dato `{}`", name.text),
            "tipi: sì/no, intero, decimale, data, testo",
        );
    }
    found
}

fn unit(reading: &mut Reading<'_>, kind: InputType, cell: Option<&Cell>, name: &Cell) -> Option<Unit> {
    let implied = match kind {
        InputType::Bool => Some(Unit::YesNo),
        InputType::Date => Some(Unit::Date),
        InputType::Text => Some(Unit::Text),
        InputType::Integer | InputType::Decimal => None,
    };
    let written = cell.map(|cell| Unit::from_name(&cell.text));
    match (implied, written) {
        (Some(unit), None) => Some(unit),
        (Some(unit), Some(Some(other))) if unit == other => Some(unit),
        (None, Some(Some(unit))) if !matches!(unit, Unit::YesNo | Unit::Date | Unit::Text) => Some(unit),
        _ => {
            let place = cell.map_or(name.place, |cell| cell.place);
            let message = format!("unità mancante, sconosciuta o diversa dal tipo per il dato `{}`", name.text);
            reading.complain(place, message, format!("unità: {}", Unit::all_names()));
            None
        }
    }
}

fn flag(reading: &mut Reading<'_>, cell: Option<&Cell>, default: bool) -> Option<bool> {
    match cell.map(|cell| cell.text.as_str()) {
        None => Some(default),
        Some("sì") => Some(true),
        Some("no") => Some(false),
        Some(other) => {
            let place = cell.map_or(Place { line: 1, column: 1 }, |cell| cell.place);
            reading.complain(place, format!("qui va sì o no, c'è `{other}`"), "scrivere sì oppure no");
            None
        }
    }
}

/// `None`: wrong and told; `Some(None)`: not written.
#[expect(
    clippy::option_option,
    reason = "the outer level is the failure that was told, the inner one the column left empty"
)]
fn hypothesis(reading: &mut Reading<'_>, kind: InputType, cell: Option<&Cell>) -> Option<Option<Value>> {
    let Some(cell) = cell else { return Some(None) };
    let value = match kind {
        InputType::Integer | InputType::Decimal => Decimal::from_str_exact(&cell.text).ok().map(Value::Dec),
        InputType::Date => cell.text.parse().ok().map(Value::Date),
        InputType::Text => Some(Value::Text(cell.text.clone())),
        InputType::Bool => None,
    };
    if value.is_none() {
        reading.complain(
            cell.place,
            format!("ipotesi non leggibile: `{}`", cell.text),
            "scrivere un valore del tipo del dato, per esempio 0",
        );
    }
    value.map(Some)
}
