//! Gaps, overlaps and rows that nobody reaches, at every moment at which the table's parameters change.

use std::collections::BTreeSet;

use base::Date;
use rust_decimal::Decimal;

use crate::{
    Moment, Program, Value,
    diagnostic::Place,
    language::{Expr, is_whole},
    reading::Reading,
    unit::Kind,
    validity::in_force,
};

use super::{
    Bound, DecisionTable, Input, Piece, Policy, Test,
    cover::{Case, Cover, TooManyCases},
};

/// Tells what is wrong with the table of a rule that governs from the first to the last of `days`; each kind of mistake once.
pub(in crate::reading) fn check(
    reading: &mut Reading<'_>,
    rule: &str,
    table: &DecisionTable,
    days: (Date, Date),
    whole: &[bool],
) {
    let parameters = parameters(table);
    for moment in moments(&reading.program, &parameters, days) {
        let axes: Vec<Axis> =
            (0..table.inputs.len()).map(|column| Axis::of(&reading.program, table, column, (moment, whole))).collect();
        let cover = Cover {
            parts: axes.iter().map(|axis| axis.parts.len()).collect(),
            accepts: accepts(&reading.program, table, &axes, moment),
        };
        let when =
            if parameters.is_empty() { String::new() } else { format!(" (parametri in vigore il {})", moment.on) };
        let wrong = Findings { rule, table, axes: &axes, cover: &cover, when: &when }.all();
        if !wrong.is_empty() {
            wrong.into_iter().for_each(|(place, message, mend)| reading.complain(place, message, mend));
            return;
        }
    }
}

fn accepts(program: &Program, table: &DecisionTable, axes: &[Axis], moment: Moment) -> Vec<Vec<Vec<bool>>> {
    let accepted = |test: &Test, axis: &Axis| -> Vec<bool> {
        axis.parts.iter().map(|part| part.accepted(program, test, moment)).collect()
    };
    let row = |row: &super::Row| row.conditions.0.iter().zip(axes).map(|(test, axis)| accepted(test, axis)).collect();
    table.rows.iter().map(row).collect()
}

/// The parameters that bound conditions.
fn parameters(table: &DecisionTable) -> BTreeSet<usize> {
    let tests = table.rows.iter().flat_map(|row| &row.conditions.0);
    let ends = tests.flat_map(|test| test.pieces.iter().flat_map(Piece::ends));
    ends.filter_map(|end| if let Expr::Parameter(slot) = end { Some(*slot) } else { None }).collect()
}

/// One moment for each set of values that the parameters have while the table governs.
fn moments(program: &Program, parameters: &BTreeSet<usize>, (from, last): (Date, Date)) -> Vec<Moment> {
    let rows = || parameters.iter().flat_map(|slot| &program.parameters[*slot].rows).map(|row| row.validity);
    let mut days: BTreeSet<Date> = rows().map(|row| row.from).filter(|day| *day > from && *day <= last).collect();
    days.insert(from);
    let mut known: BTreeSet<Date> = rows().map(|row| row.known_from).filter(|day| *day > Date::MIN).collect();
    known.insert(Date::MAX);
    let mut seen: Vec<Vec<&Value>> = Vec::new();
    let mut distinct = Vec::new();
    for moment in days.iter().flat_map(|on| known.iter().map(|known| Moment { on: *on, known: *known })) {
        let all = parameters.iter().map(|slot| parameter(program, *slot, moment)).collect::<Option<Vec<_>>>();
        if let Some(values) = all.filter(|values| !seen.contains(values)) {
            seen.push(values);
            distinct.push(moment);
        }
    }
    distinct
}

fn parameter(program: &Program, slot: usize, moment: Moment) -> Option<&Value> {
    let rows = &program.parameters[slot].rows;
    in_force(rows.iter().map(|row| row.validity), moment).map(|at| &rows[at].value)
}

fn value<'p>(program: &'p Program, end: &'p Expr, moment: Moment) -> Option<&'p Value> {
    match end {
        Expr::Const(value) => Some(value),
        Expr::Parameter(slot) => parameter(program, *slot, moment),
        _ => None,
    }
}

/// A column cut into parts.
struct Axis {
    parts: Vec<Part>,
}

/// Values that no condition of the column tells apart.
enum Part {
    Absent,
    Point(Value),
    /// Between two points, both left out; open where there is none. `whole`: only whole numbers or days count.
    Between {
        low: Option<Value>,
        high: Option<Value>,
        whole: bool,
    },
    /// Any text that is not written in the column.
    OtherText,
}

impl Axis {
    fn of(program: &Program, table: &DecisionTable, column: usize, (moment, whole): (Moment, &[bool])) -> Self {
        let input = &table.inputs[column];
        let tests = table.rows.iter().map(|row| &row.conditions.0[column]);
        let ends = tests.flat_map(|test| test.pieces.iter().flat_map(Piece::ends));
        let written: Vec<Value> = ends.filter_map(|end| value(program, end, moment).cloned()).collect();
        let mut parts = match input.kind {
            Kind::Bool => vec![Part::Point(Value::Bool(true)), Part::Point(Value::Bool(false))],
            Kind::Text => texts(input, &written),
            _ => ordered(written, input.kind == Kind::Date || is_whole(&input.expr, program, whole)),
        };
        parts.extend(input.may_be_absent.then_some(Part::Absent));
        Self { parts }
    }
}

fn texts(input: &Input, written: &[Value]) -> Vec<Part> {
    if !input.allowed.is_empty() {
        return input.allowed.iter().map(|text| Part::Point(Value::Text(text.clone()))).collect();
    }
    let named: BTreeSet<&str> = written.iter().filter_map(Value::as_text).collect();
    let points = named.into_iter().map(|text| Part::Point(Value::from(text)));
    points.chain([Part::OtherText]).collect()
}

fn ordered(mut points: Vec<Value>, whole: bool) -> Vec<Part> {
    points.sort_by(compare);
    points.dedup();
    let mut parts = Vec::with_capacity(points.len() * 2 + 1);
    let mut low = None;
    for point in points {
        parts.push(Part::Between { low, high: Some(point.clone()), whole });
        parts.push(Part::Point(point.clone()));
        low = Some(point);
    }
    parts.push(Part::Between { low, high: None, whole });
    parts.retain(|part| !part.is_empty(whole));
    parts
}

fn compare(left: &Value, right: &Value) -> std::cmp::Ordering {
    match (left, right) {
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        _ => left.as_decimal().cmp(&right.as_decimal()),
    }
}

impl Part {
    fn is_empty(&self, whole: bool) -> bool {
        match self {
            Self::Point(Value::Dec(number)) => whole && !number.is_integer(),
            Self::Between { .. } => self.example().is_none(),
            _ => false,
        }
    }

    /// A value that belongs to it.
    fn example(&self) -> Option<Value> {
        let Self::Between { low, high, whole } = self else {
            return if let Self::Point(value) = self { Some(value.clone()) } else { None };
        };
        match (low, high) {
            (None, None) => Some(Value::Dec(Decimal::ZERO)),
            (Some(Value::Date(day)), high) => {
                let next = Value::Date(day.tomorrow().ok()?);
                high.as_ref().is_none_or(|high| compare(&next, high).is_lt()).then_some(next)
            }
            (None, Some(Value::Date(day))) => day.yesterday().ok().map(Value::Date),
            (low, high) => {
                let (low, high) = (low.as_ref().and_then(Value::as_decimal), high.as_ref().and_then(Value::as_decimal));
                between(low, high, *whole).map(Value::Dec)
            }
        }
    }

    fn shown(&self, title: &str) -> String {
        match self {
            Self::Absent => format!("`{title}` che manca"),
            Self::OtherText => format!("`{title}` = un testo diverso da quelli scritti"),
            Self::Between { low: None, high: None, .. } => format!("`{title}` qualsiasi"),
            _ => format!("`{title}` = {}", self.example().map_or_else(String::new, |value| plain(&value))),
        }
    }

    fn accepted(&self, program: &Program, test: &Test, moment: Moment) -> bool {
        if test.is_any() {
            return true;
        }
        let fits = test.pieces.iter().any(|piece| self.fits(program, piece, moment));
        if !test.negated {
            return fits;
        }
        let mut values = test.pieces.iter().filter(|piece| !matches!(piece, Piece::Absent));
        !matches!(self, Self::Absent) && !values.any(|piece| self.fits(program, piece, moment))
    }

    fn fits(&self, program: &Program, piece: &Piece, moment: Moment) -> bool {
        let known = |end: &Expr| value(program, end, moment).cloned();
        match (piece, self) {
            (Piece::Absent, part) => matches!(part, Self::Absent),
            (_, Self::Absent) => false,
            (Piece::Value(end), Self::Point(point)) => known(end).as_ref() == Some(point),
            (Piece::Other(end), Self::Point(point)) => known(end).as_ref() != Some(point),
            (Piece::Value(_), _) => false,
            (Piece::Other(_), _) => true,
            (Piece::Range(low, high), part) => part.within(low, high, known),
        }
    }

    fn within(&self, low: &Bound, high: &Bound, known: impl Fn(&Expr) -> Option<Value>) -> bool {
        // Every end is a point of the column, so a part lies wholly on one side of it.
        let (first, last) = match self {
            Self::Point(point) => (Some(point), Some(point)),
            Self::Between { low, high, .. } => (low.as_ref(), high.as_ref()),
            _ => return false,
        };
        let open = matches!(self, Self::Between { .. });
        let above = match low {
            Bound::Unbounded => true,
            Bound::Closed(end) | Bound::Open(end) => known(end).zip(first).is_some_and(|(end, first)| {
                let order = compare(first, &end);
                order.is_gt() || (order.is_eq() && (open || matches!(low, Bound::Closed(_))))
            }),
        };
        let below = match high {
            Bound::Unbounded => true,
            Bound::Closed(end) | Bound::Open(end) => known(end).zip(last).is_some_and(|(end, last)| {
                let order = compare(last, &end);
                order.is_lt() || (order.is_eq() && (open || matches!(high, Bound::Closed(_))))
            }),
        };
        above && below
    }
}

/// A number between two, preferably one that a person would write.
fn between(low: Option<Decimal>, high: Option<Decimal>, whole: bool) -> Option<Decimal> {
    let fits = |number: &Decimal| low.is_none_or(|low| *number > low) && high.is_none_or(|high| *number < high);
    let above = low.map(|low| low.floor().saturating_add(Decimal::ONE));
    let below = high.map(|high| high.ceil().saturating_sub(Decimal::ONE));
    let round = above.or(below).filter(fits);
    if round.is_some() || whole {
        return round;
    }
    let cents = low.map(|low| low.saturating_add(Decimal::new(1, 2))).filter(fits);
    cents.or_else(|| low?.checked_add(high?)?.checked_div(Decimal::TWO).filter(fits))
}

/// As the author writes it, not as a person reads it.
fn plain(value: &Value) -> String {
    match value {
        Value::Dec(number) => number.normalize().to_string(),
        Value::Date(day) => day.to_string(),
        other => other.to_string(),
    }
}

/// Place, message, mend.
type Finding = (Place, String, String);

/// The checks of a table at one moment.
struct Findings<'t> {
    rule: &'t str,
    table: &'t DecisionTable,
    axes: &'t [Axis],
    cover: &'t Cover,
    when: &'t str,
}

impl Findings<'_> {
    fn all(&self) -> Vec<Finding> {
        let empty: Vec<Finding> = (0..self.table.rows.len()).filter_map(|row| self.impossible(row)).collect();
        if !empty.is_empty() {
            return empty;
        }
        let mut found = match self.table.policy {
            Policy::Unique => self.overlaps(),
            Policy::Any => self.disagreements(),
            Policy::First => self.hidden(),
            _ => Vec::new(),
        };
        if self.table.policy.is_complete() {
            found.extend(self.gap());
        }
        found
    }

    fn impossible(&self, row: usize) -> Option<Finding> {
        let column = self.cover.never(row)?;
        let title = &self.table.inputs[column].title;
        let message = format!("questa riga non vale mai: nessun valore di `{title}` la soddisfa{}", self.when);
        Some((self.table.rows[row].place, message, "correggere i limiti o togliere la riga".into()))
    }

    fn gap(&self) -> Option<Finding> {
        let rows: Vec<usize> = (0..self.table.rows.len()).collect();
        let mend = "aggiungere la riga che manca; oppure criterio «prima» e un'ultima riga di soli `-`";
        match self.cover.hole(&rows, None) {
            Ok(None) => None,
            Ok(Some(case)) => {
                let message =
                    format!("la tabella di `{}` non dice nulla per {}{}", self.rule, self.shown(&case), self.when);
                Some((self.table.place, message, mend.into()))
            }
            Err(TooManyCases) => Some(self.too_many()),
        }
    }

    fn too_many(&self) -> Finding {
        let message = format!("la tabella di `{}` distingue troppi casi per controllarla", self.rule);
        (self.table.place, message, "dividerla in più regole con meno condizioni ciascuna".into())
    }

    /// For each row, the first earlier one that fits a case that it fits too.
    fn pairs(&self, wrong: impl Fn(usize, usize) -> bool) -> Vec<(usize, usize, Case)> {
        let earlier = |row: usize| {
            (0..row)
                .filter(|other| wrong(*other, row))
                .find_map(|other| Some((other, row, self.cover.shared(other, row)?)))
        };
        (0..self.table.rows.len()).filter_map(earlier).collect()
    }

    fn overlaps(&self) -> Vec<Finding> {
        let told = |(other, row, case): (usize, usize, Case)| {
            let message = format!(
                "questa riga e quella alla riga {} del file valgono insieme per {}{}",
                self.table.rows[other].place.line,
                self.shown(&case),
                self.when
            );
            (self.table.rows[row].place, message, "separare le condizioni, o scegliere il criterio «prima»".to_owned())
        };
        self.pairs(|_, _| true).into_iter().map(told).collect()
    }

    fn disagreements(&self) -> Vec<Finding> {
        let told = |(other, row, case): (usize, usize, Case)| {
            let message = format!(
                "questa riga e quella alla riga {} del file danno valori diversi per {}{}",
                self.table.rows[other].place.line,
                self.shown(&case),
                self.when
            );
            (self.table.rows[row].place, message, "dare lo stesso valore, o separare le condizioni".to_owned())
        };
        let differ = |one: usize, other: usize| self.table.rows[one].outputs != self.table.rows[other].outputs;
        self.pairs(differ).into_iter().map(told).collect()
    }

    /// Rows that earlier ones cover wholly.
    fn hidden(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        for row in 1..self.table.rows.len() {
            let before: Vec<usize> = (0..row).collect();
            match self.cover.hole(&before, Some(row)) {
                Ok(Some(_)) => {}
                Ok(None) => {
                    let message = format!(
                        "a questa riga non si arriva mai: le righe precedenti valgono in ogni suo caso{}",
                        self.when
                    );
                    found.push((self.table.rows[row].place, message, "spostarla più in alto o toglierla".to_owned()));
                }
                Err(TooManyCases) => return vec![self.too_many()],
            }
        }
        found
    }

    fn shown(&self, case: &Case) -> String {
        let parts = case.iter().zip(self.axes).zip(&self.table.inputs);
        parts.map(|((part, axis), input)| axis.parts[*part].shown(&input.title)).collect::<Vec<_>>().join(", ")
    }
}
