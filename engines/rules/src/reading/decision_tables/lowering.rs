//! From a table to one expression for each rule that it defines.

use rust_decimal::Decimal;

use crate::{
    Value,
    language::{Arithmetic, Comparison, Expr, Function},
};

use super::{Bound, DecisionTable, Input, Piece, Policy, Row, Test};

/// The expression of the rule in column `output`.
pub(in crate::reading) fn lower(table: &DecisionTable, output: usize) -> Expr {
    let fits: Vec<Option<Expr>> = table.rows.iter().map(|row| row_fits(&table.inputs, row)).collect();
    match table.policy {
        Policy::Unique | Policy::Any => choice(table, output, fits, |_| false),
        Policy::First => choice(table, output, fits, |row| unknown_stops(table, row)),
        Policy::Sum => total(added(table, fits, |row| row.outputs[output].clone())),
        Policy::Count => total(added(table, fits, |_| number(Decimal::ONE))),
        Policy::Min => extreme(table, output, &fits, Function::Least),
        Policy::Max => extreme(table, output, &fits, Function::Greatest),
    }
}

/// `CASE WHEN row THEN value …`. Where `stops`, a row of which it is not known whether it fits leaves the value unknown,
/// instead of letting a later row decide.
fn choice(table: &DecisionTable, output: usize, fits: Vec<Option<Expr>>, stops: impl Fn(usize) -> bool) -> Expr {
    let mut branches = Vec::new();
    for (at, (row, fits)) in table.rows.iter().zip(fits).enumerate() {
        let value = row.outputs[output].clone();
        let Some(fits) = fits else {
            if branches.is_empty() {
                return value;
            }
            return Expr::Case(branches, Some(Box::new(value)));
        };
        let unknown = stops(at).then(|| Expr::IsNull(Box::new(fits.clone())));
        branches.push((fits, value));
        branches.extend(unknown.map(|unknown| (unknown, Expr::Const(Value::Null))));
    }
    Expr::Case(branches, None)
}

/// Whether a later row may fit although a value that this row asks for is not known.
fn unknown_stops(table: &DecisionTable, at: usize) -> bool {
    let asked = |column: &usize| !table.rows[at].conditions.0[*column].is_any() && !table.inputs[*column].may_be_absent;
    let later = &table.rows[at + 1..];
    (0..table.inputs.len()).filter(asked).any(|column| later.iter().any(|row| row.conditions.0[column].is_any()))
}

/// Each row's value where it fits and 0 where it does not; unknown where that is not known.
fn added(table: &DecisionTable, fits: Vec<Option<Expr>>, value: impl Fn(&Row) -> Expr) -> Vec<Expr> {
    let term = |(row, fits): (&Row, Option<Expr>)| match fits {
        None => value(row),
        Some(fits) => {
            let otherwise = (Expr::Not(Box::new(fits.clone())), number(Decimal::ZERO));
            Expr::Case(vec![(fits, value(row)), otherwise], None)
        }
    };
    table.rows.iter().zip(fits).map(term).collect()
}

/// The sum as a balanced tree, so that its depth stays small.
fn total(mut terms: Vec<Expr>) -> Expr {
    while terms.len() > 1 {
        let mut sums = Vec::with_capacity(terms.len().div_ceil(2));
        let mut rest = terms.into_iter();
        while let Some(left) = rest.next() {
            sums.push(match rest.next() {
                Some(right) => Expr::Arithmetic(Arithmetic::Add, Box::new(left), Box::new(right)),
                None => left,
            });
        }
        terms = sums;
    }
    terms.pop().unwrap_or_else(|| number(Decimal::ZERO))
}

fn extreme(table: &DecisionTable, output: usize, fits: &[Option<Expr>], function: Function) -> Expr {
    let candidate = |(row, fits): (&Row, &Option<Expr>)| match fits {
        None => row.outputs[output].clone(),
        Some(fits) => Expr::Case(vec![(fits.clone(), row.outputs[output].clone())], None),
    };
    let best = Expr::Call(function, table.rows.iter().zip(fits).map(candidate).collect());
    let unknown: Vec<(Expr, Expr)> =
        fits.iter().flatten().map(|fits| (Expr::IsNull(Box::new(fits.clone())), Expr::Const(Value::Null))).collect();
    if unknown.is_empty() { best } else { Expr::Case(unknown, Some(Box::new(best))) }
}

fn number(number: Decimal) -> Expr {
    Expr::Const(Value::Dec(number))
}

/// `None`: the row asks nothing.
fn row_fits(inputs: &[Input], row: &Row) -> Option<Expr> {
    let tests = inputs.iter().zip(&row.conditions.0).filter_map(|(input, test)| cell_fits(input, test));
    tests.reduce(|left, right| Expr::And(Box::new(left), Box::new(right)))
}

fn cell_fits(input: &Input, test: &Test) -> Option<Expr> {
    let there = || Expr::Not(Box::new(Expr::IsNull(Box::new(input.expr.clone()))));
    let pieces: Vec<&Piece> = test.pieces.iter().filter(|piece| !matches!(piece, Piece::Absent)).collect();
    let absent = pieces.len() < test.pieces.len();
    let of_values = alternatives(input, &pieces);
    let present = match (of_values, test.negated) {
        (None, false) => return absent.then(|| Expr::IsNull(Box::new(input.expr.clone()))),
        (None, true) => return Some(there()),
        (Some(fits), negated) => {
            let fits = if negated { Expr::Not(Box::new(fits)) } else { fits };
            if input.may_be_absent { Expr::And(Box::new(there()), Box::new(fits)) } else { fits }
        }
    };
    if absent && !test.negated {
        let missing = Expr::IsNull(Box::new(input.expr.clone()));
        return Some(Expr::Or(Box::new(missing), Box::new(present)));
    }
    Some(present)
}

fn alternatives(input: &Input, pieces: &[&Piece]) -> Option<Expr> {
    let values: Vec<Expr> = pieces
        .iter()
        .filter_map(|piece| if let Piece::Value(value) = piece { Some(value.clone()) } else { None })
        .collect();
    if values.len() > 1 && values.len() == pieces.len() {
        return Some(Expr::InList(Box::new(input.expr.clone()), values));
    }
    let each = pieces.iter().filter_map(|piece| piece_fits(&input.expr, piece));
    each.reduce(|left, right| Expr::Or(Box::new(left), Box::new(right)))
}

fn piece_fits(subject: &Expr, piece: &Piece) -> Option<Expr> {
    let compare = |comparison, end: &Expr| Expr::Compare(comparison, Box::new(subject.clone()), Box::new(end.clone()));
    match piece {
        Piece::Absent => None,
        Piece::Value(Expr::Const(Value::Bool(truth))) => {
            Some(if *truth { subject.clone() } else { Expr::Not(Box::new(subject.clone())) })
        }
        Piece::Value(value) => Some(compare(Comparison::Equal, value)),
        Piece::Other(value) => Some(compare(Comparison::NotEqual, value)),
        Piece::Range(low, high) => {
            let low = match low {
                Bound::Unbounded => None,
                Bound::Open(end) => Some(compare(Comparison::Greater, end)),
                Bound::Closed(end) => Some(compare(Comparison::GreaterOrEqual, end)),
            };
            let high = match high {
                Bound::Unbounded => None,
                Bound::Open(end) => Some(compare(Comparison::Less, end)),
                Bound::Closed(end) => Some(compare(Comparison::LessOrEqual, end)),
            };
            low.into_iter().chain(high).reduce(|low, high| Expr::And(Box::new(low), Box::new(high)))
        }
    }
}
