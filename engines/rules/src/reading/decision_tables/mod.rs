//! Decision tables: a Markdown table under a rule's header that states a `criterio`.
//!
//! Each row becomes a condition, and the whole one expression of the ordinary language: nothing after this module knows
//! that a rule was written as a table.

mod cells;
mod check;
mod cover;
mod lowering;
mod parts;

pub(super) use check::check;
pub(super) use lowering::lower;
pub(super) use parts::{Bound, Conditions, Input, Piece, Policy, Test};

use crate::{
    diagnostic::Place,
    language::{Expr, read_expression},
    unit::{Kind, Unit},
};

use super::{
    Reading,
    document::{Cell, Grid},
};

/// Most rows of one table: far above any article, and few enough for every pair to be compared.
const MOST_ROWS: usize = 200;
/// Most columns of conditions.
const MOST_INPUTS: usize = 12;
/// Columns that are not read: they are for people.
const NOTES: [&str; 2] = ["nota", "fonte"];

/// A decision table as it was written, resolved.
pub(super) struct DecisionTable {
    pub policy: Policy,
    pub inputs: Vec<Input>,
    /// By row: what it asks, column by column.
    pub rows: Vec<Row>,
    /// Where the table begins.
    pub place: Place,
}

/// One row.
pub(super) struct Row {
    pub conditions: Conditions,
    /// One value for each rule that the table defines.
    pub outputs: Vec<Expr>,
    pub place: Place,
}

/// A rule that a table gives values to.
pub(super) struct Output<'a> {
    pub name: &'a str,
    pub unit: Unit,
}

/// Reads a table; `None` if something was wrong, which was told.
pub(super) fn read(
    reading: &mut Reading<'_>,
    grid: &Grid,
    policy: Policy,
    owner: Option<usize>,
    outputs: &[Output<'_>],
) -> Option<DecisionTable> {
    let before = reading.wrong.len();
    let layout = layout(reading, grid, policy, outputs)?;
    let inputs = layout.inputs.iter().map(|at| input(reading, &grid.header[*at], owner)).collect::<Option<Vec<_>>>();
    size(reading, grid, layout.inputs.len());
    let (true, Some(mut inputs)) = (reading.wrong.len() == before, inputs) else { return None };
    let mut rows = Vec::with_capacity(grid.rows.len());
    for written in &grid.rows {
        let conditions = cells::conditions(reading, &inputs, &layout.inputs, written);
        let values = values(reading, &layout.outputs, outputs, written, owner);
        if let (Some(conditions), Some(outputs)) = (conditions, values) {
            rows.push(Row { conditions, outputs, place: written[0].place });
        }
    }
    for (column, input) in inputs.iter_mut().enumerate() {
        input.may_be_absent = rows.iter().any(|row| row.conditions.asks_for_absence(column));
    }
    let whole = rows.len() == grid.rows.len() && reading.wrong.len() == before;
    whole.then_some(DecisionTable { policy, inputs, rows, place: grid.header[0].place })
}

/// Which columns are conditions, and which the values of the rules, in the order of the rules.
struct Layout {
    inputs: Vec<usize>,
    outputs: Vec<usize>,
}

fn layout(reading: &mut Reading<'_>, grid: &Grid, policy: Policy, outputs: &[Output<'_>]) -> Option<Layout> {
    let mut places = Vec::new();
    for output in outputs.iter().filter(|_| policy != Policy::Count) {
        let Some(at) = grid.column(output.name) else {
            let message = format!("la tabella non ha la colonna `{}`, che è il nome della regola", output.name);
            reading.complain(grid.header[0].place, message, "aggiungere una colonna con il valore di ciascuna riga");
            return None;
        };
        places.push(at);
    }
    let asked = |at: &usize| !places.contains(at) && !NOTES.contains(&grid.header[*at].text.as_str());
    let inputs: Vec<usize> = (0..grid.header.len()).filter(asked).collect();
    for (nth, at) in inputs.iter().enumerate() {
        if inputs[..nth].iter().any(|other| grid.header[*other].text == grid.header[*at].text) {
            let mend = "scrivere le due condizioni in una sola colonna";
            reading.complain(grid.header[*at].place, "due colonne della tabella chiedono la stessa cosa", mend);
            return None;
        }
    }
    Some(Layout { inputs, outputs: places })
}

fn size(reading: &mut Reading<'_>, grid: &Grid, inputs: usize) {
    let place = grid.header[0].place;
    if grid.rows.is_empty() || inputs == 0 {
        reading.complain(place, "tabella senza righe o senza condizioni", "scrivere almeno una riga e una condizione");
    } else if grid.rows.len() > MOST_ROWS || inputs > MOST_INPUTS {
        let message = format!("tabella troppo grande: al più {MOST_ROWS} righe e {MOST_INPUTS} condizioni");
        reading.complain(place, message, "dividerla in più regole, o usare una tabella di importi in CSV");
    }
}

fn input(reading: &mut Reading<'_>, header: &Cell, owner: Option<usize>) -> Option<Input> {
    match read_expression(&header.raw, owner, &mut reading.names) {
        Ok((expr, kind)) if kind != Kind::Any => {
            let allowed = reading.names.allowed(&expr);
            Some(Input { title: header.raw.clone(), expr, kind, allowed, may_be_absent: false })
        }
        Ok(_) => {
            let mend = "scrivere un dato, un parametro o una regola";
            reading.complain(header.place, "la colonna non chiede nulla", mend);
            None
        }
        Err(error) => {
            reading.complain(inside(header.place, error.place), error.message, error.mend);
            None
        }
    }
}

/// The place within a cell: cells are of one line.
fn inside(cell: Place, within: Option<Place>) -> Place {
    within.map_or(cell, |within| Place { column: cell.column + within.column - 1, ..cell })
}

fn values(
    reading: &mut Reading<'_>,
    columns: &[usize],
    outputs: &[Output<'_>],
    row: &[Cell],
    owner: Option<usize>,
) -> Option<Vec<Expr>> {
    let wanted = columns.iter().zip(outputs).map(|(at, output)| value(reading, row.get(*at)?, output, owner));
    wanted.collect::<Vec<_>>().into_iter().collect()
}

fn value(reading: &mut Reading<'_>, cell: &Cell, output: &Output<'_>, owner: Option<usize>) -> Option<Expr> {
    let wanted = Kind::from(output.unit);
    if let Some(literal) = cells::literal(&cell.raw, wanted, output.unit) {
        return Some(Expr::Const(literal));
    }
    match read_expression(&cell.raw, owner, &mut reading.names) {
        Ok((expr, kind)) if kind.unify(wanted).is_some() => Some(expr),
        Ok((_, kind)) => {
            let message = format!("la colonna `{}` è in {}, qui c'è: {kind}", output.name, output.unit);
            reading.complain(cell.place, message, "scrivere un valore nell'unità della regola");
            None
        }
        Err(error) => {
            reading.complain(inside(cell.place, error.place), error.message, error.mend);
            None
        }
    }
}
