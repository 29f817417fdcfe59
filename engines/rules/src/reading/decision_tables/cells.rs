//! What stands in a cell of conditions: `< 18`, `18..20`, `media, grave`, `non nessuna`, `sì`, `manca`, `-`.

use base::nearest;
use rust_decimal::Decimal;

use crate::{
    Unit, Value,
    diagnostic::{Place, saturate},
    language::Expr,
    reading::{Reading, document::Cell},
    unit::Kind,
};

use super::{Bound, Conditions, Input, Piece, Test};

const MEND: &str = "ammessi: `-`, `< 18`, `18..20`, `(15000..20000]`, elenchi `media, grave`, `non nessuna`, `sì`, `no`, `manca`; i limiti sono valori o parametri";

/// What a row asks; `None` if a cell cannot be read, which was told.
pub(super) fn conditions(
    reading: &mut Reading<'_>,
    inputs: &[Input],
    columns: &[usize],
    row: &[Cell],
) -> Option<Conditions> {
    let tests = inputs.iter().zip(columns).map(|(input, at)| test(reading, input, row.get(*at)?));
    tests.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>().map(Conditions)
}

fn test(reading: &mut Reading<'_>, input: &Input, cell: &Cell) -> Option<Test> {
    let text = cell.raw.as_str();
    if matches!(text, "-" | "–" | "—") {
        return Some(Test::default());
    }
    if text.is_empty() {
        reading.complain(cell.place, "cella vuota", "scrivere `-` se la condizione non conta");
        return None;
    }
    let (negated, list) = text.strip_prefix("non ").map_or((false, text), |list| (true, list));
    let mut pieces = Vec::new();
    for written in list.split(',') {
        let offset = written.as_ptr().addr() - text.as_ptr().addr();
        let lead = written.len() - written.trim_start().len();
        let skipped = text.get(..offset + lead).map_or(0, |before| before.chars().count());
        let place = Place { column: cell.place.column + saturate(skipped), ..cell.place };
        pieces.push(piece(reading, input, written.trim(), place)?);
    }
    Some(Test { pieces, negated })
}

fn piece(reading: &mut Reading<'_>, input: &Input, text: &str, place: Place) -> Option<Piece> {
    if text == "manca" {
        return Some(Piece::Absent);
    }
    let ordered = matches!(input.kind, Kind::Number(_) | Kind::Date);
    let mut end = |text: &str| end(reading, input, text.trim(), place);
    if let Some(rest) = text.strip_prefix("<>") {
        return end(rest).map(Piece::Other);
    }
    if ordered {
        if let Some((low, high)) = text.split_once("..") {
            return range(low.trim(), high.trim(), &mut end);
        }
        if let Some(rest) = text.strip_prefix("<=") {
            return Some(Piece::Range(Bound::Unbounded, Bound::Closed(end(rest)?)));
        }
        if let Some(rest) = text.strip_prefix('<') {
            return Some(Piece::Range(Bound::Unbounded, Bound::Open(end(rest)?)));
        }
        if let Some(rest) = text.strip_prefix(">=") {
            return Some(Piece::Range(Bound::Closed(end(rest)?), Bound::Unbounded));
        }
        if let Some(rest) = text.strip_prefix('>') {
            return Some(Piece::Range(Bound::Open(end(rest)?), Bound::Unbounded));
        }
    }
    end(text.strip_prefix('=').unwrap_or(text)).map(Piece::Value)
}

/// `18..20` and `[18..20]` hold both ends; a parenthesis leaves its end out.
fn range(low: &str, high: &str, end: &mut impl FnMut(&str) -> Option<Expr>) -> Option<Piece> {
    let low = match low.strip_prefix('(') {
        Some(open) => Bound::Open(end(open)?),
        None => Bound::Closed(end(low.strip_prefix('[').unwrap_or(low))?),
    };
    let high = match high.strip_suffix(')') {
        Some(open) => Bound::Open(end(open)?),
        None => Bound::Closed(end(high.strip_suffix(']').unwrap_or(high))?),
    };
    Some(Piece::Range(low, high))
}

/// A value, or the name of a parameter of the same type and unit.
fn end(reading: &mut Reading<'_>, input: &Input, text: &str, place: Place) -> Option<Expr> {
    let unit = if let Kind::Number(Some(unit)) = input.kind { unit } else { Unit::Number };
    let named = reading.names.of(None, text);
    // A parameter none of whose rows could be read: that was told.
    if named.as_ref().is_some_and(|meaning| meaning.expr == Expr::Const(Value::Null)) {
        return None;
    }
    if let Some(meaning) = named
        && matches!(meaning.expr, Expr::Parameter(_))
    {
        if meaning.kind.unify(input.kind).is_some() {
            return Some(meaning.expr);
        }
        let message = format!("`{text}` è in {}, la colonna `{}` in {}", meaning.kind, input.title, input.kind);
        reading.complain(place, message, "confrontare valori dello stesso tipo e della stessa unità");
        return None;
    }
    let Some(value) = literal(text, input.kind, unit) else {
        let message = format!("condizione non leggibile nella colonna `{}` ({}): `{text}`", input.title, input.kind);
        reading.complain(place, message, mend(reading, text));
        return None;
    };
    if let Value::Text(text) = &value
        && !input.allowed.is_empty()
        && !input.allowed.contains(text)
    {
        let mend = format!("valori ammessi: {}", input.allowed.join(", "));
        reading.complain(place, format!("il dato non può valere '{text}'"), mend);
        return None;
    }
    Some(Expr::Const(value))
}

fn mend(reading: &Reading<'_>, text: &str) -> String {
    let parameters = reading.program.parameters.iter().map(|parameter| parameter.name.as_str());
    nearest(text, parameters).map_or_else(|| MEND.to_owned(), |near| format!("forse si voleva `{near}`"))
}

/// A value as it is written in a cell, without SQL's marks: `sì`, `2026-03-01`, `50%`, `grave`.
pub(super) fn literal(text: &str, kind: Kind, unit: Unit) -> Option<Value> {
    match kind {
        Kind::Bool => match text {
            "sì" => Some(Value::Bool(true)),
            "no" => Some(Value::Bool(false)),
            _ => None,
        },
        Kind::Date => text.parse().ok().map(Value::Date),
        Kind::Text => {
            let quoted = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
            let bare = || text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-')).then_some(text);
            quoted.or_else(bare).filter(|text| !text.is_empty()).map(|text| Value::Text(text.replace("''", "'")))
        }
        Kind::Number(_) => match text.strip_suffix('%') {
            Some(share) if unit == Unit::Percent => {
                Decimal::from_str_exact(share.trim()).ok()?.checked_div(Decimal::ONE_HUNDRED).map(Value::Dec)
            }
            _ => Decimal::from_str_exact(text).ok().map(Value::Dec),
        },
        Kind::Any => None,
    }
}
