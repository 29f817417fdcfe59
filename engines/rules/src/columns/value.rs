//! What an expression is while a plan is made: a constant, or a column with its kind and its NULLs.

use rust_decimal::Decimal;

use crate::{Value, language::Comparison};

use super::{
    calendar,
    column::{NO, UNKNOWN, YES, from_truth, scaled},
    graph::{Graph, Id, Lane, Op},
    mistyped::{Made, Mistyped},
    words::Words,
};

/// Scaled integers and between which they lie. Every lane holds one of these, NULL or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scaled {
    pub scale: u32,
    pub low: i128,
    pub high: i128,
}

impl Scaled {
    pub fn of(value: i64, scale: u32) -> Self {
        Self { scale, low: value.into(), high: value.into() }
    }

    /// Whether 64 bits hold every one.
    pub fn fits(&self) -> bool {
        self.low > i128::from(i64::MIN) && self.high <= i128::from(i64::MAX)
    }

    /// The lane that holds every one.
    pub fn lane(&self) -> Lane {
        if self.low >= i128::from(i32::MIN) && self.high <= i128::from(i32::MAX) { Lane::Int } else { Lane::Long }
    }

    /// What is left where those that do not fit are set apart.
    pub fn clamped(self) -> Self {
        let (low, high) = (-i128::from(i64::MAX), i128::from(i64::MAX));
        Self { low: self.low.clamp(low, high), high: self.high.clamp(low, high), ..self }
    }

    pub fn union(self, other: Self) -> Self {
        Self { scale: self.scale, low: self.low.min(other.low), high: self.high.max(other.high) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Truth,
    Day,
    /// `declared`: each code stands for one text; otherwise those that no rule names share codes.
    Text {
        declared: bool,
    },
    Number(Scaled),
    Decimal,
}

/// A column under construction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Col {
    pub kind: Kind,
    pub data: Id,
    /// YES where NULL. Truths carry it themselves.
    pub null: Option<Id>,
}

#[derive(Debug, Clone)]
pub(super) enum Val {
    Known(Value),
    Col(Col),
}

impl Val {
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Known(Value::Null))
    }
}

impl Graph {
    /// A constant as a column; NULL has no kind of its own and is none.
    pub fn column_of(&mut self, value: &Val, words: &Words) -> Made<Col> {
        let plain = |kind, data| Col { kind, data, null: None };
        Ok(match value {
            Val::Col(col) => *col,
            Val::Known(Value::Bool(truth)) => plain(Kind::Truth, self.truth(from_truth(Some(*truth)))),
            Val::Known(Value::Date(day)) => {
                plain(Kind::Day, self.constant(calendar::day_number(*day).into(), Lane::Int))
            }
            Val::Known(Value::Text(text)) => {
                let code = words.code(text).ok_or(Mistyped)?;
                plain(Kind::Text { declared: true }, self.constant(code.into(), Lane::Int))
            }
            Val::Known(number) => {
                let number = number.as_decimal().ok_or(Mistyped)?;
                match integer(number) {
                    Some((value, scale)) => {
                        let range = Scaled::of(value, scale);
                        plain(Kind::Number(range), self.constant(value, range.lane()))
                    }
                    None => plain(
                        Kind::Decimal,
                        self.add(Op::ConstDecimal(number), Lane::Decimal, super::graph::Level::Household),
                    ),
                }
            }
        })
    }

    /// Where a value is NULL; `None`: nowhere.
    pub fn null_of(&mut self, value: &Val) -> Option<Id> {
        let null = match value {
            Val::Known(Value::Null) => self.truth(YES),
            Val::Known(_) => return None,
            Val::Col(Col { kind: Kind::Truth, data, .. }) => self.is_unknown(*data),
            Val::Col(col) => col.null?,
        };
        (self.known_truth(null) != Some(NO)).then_some(null)
    }

    /// Where one of them is YES.
    pub fn either(&mut self, left: Option<Id>, right: Option<Id>) -> Option<Id> {
        match (left, right) {
            (Some(left), Some(right)) => Some(self.or(left, right)),
            (one, None) | (None, one) => one,
        }
    }

    /// A truth value as the byte column that it is.
    pub fn truth_of(&mut self, value: &Val) -> Made<Id> {
        match value {
            Val::Known(Value::Null) => Ok(self.truth(UNKNOWN)),
            Val::Known(Value::Bool(truth)) => Ok(self.truth(from_truth(Some(*truth)))),
            Val::Col(Col { kind: Kind::Truth, data, .. }) => Ok(*data),
            _ => Err(Mistyped),
        }
    }

    /// A byte column as a value.
    pub fn truth_value(&self, data: Id) -> Val {
        match self.known_truth(data) {
            Some(byte) => Val::Known(super::column::truth(byte).map_or(Value::Null, Value::Bool)),
            None => Val::Col(Col { kind: Kind::Truth, data, null: None }),
        }
    }

    /// Scaled integers with more digits behind the point.
    pub fn rescaled(&mut self, data: Id, range: Scaled, scale: u32) -> Made<(Id, Scaled)> {
        let Some(factor) = 10i64.checked_pow(scale - range.scale) else { return Err(Mistyped) };
        let (data, wider) = self.times(data, range, factor);
        Ok((data, Scaled { scale, ..wider }))
    }

    /// Scaled integers times a constant; the scale stays.
    pub fn times(&mut self, data: Id, range: Scaled, factor: i64) -> (Id, Scaled) {
        let ends = [range.low * i128::from(factor), range.high * i128::from(factor)];
        let wider = Scaled { low: ends[0].min(ends[1]), high: ends[0].max(ends[1]), ..range };
        if factor == 1 {
            return (data, range);
        }
        if let Op::Const(value) = self.node(data).op
            && let Some(product) = value.checked_mul(factor)
        {
            return (self.constant(product, wider.lane()), wider);
        }
        let checked = !wider.fits();
        let lane = wider.lane();
        let data = self.in_lane(data, lane);
        (self.unary(self.lane(data), data, |value| Op::Times { value, factor, checked }), wider.clamped())
    }

    /// At least as wide as `lane`.
    pub fn in_lane(&mut self, id: Id, lane: Lane) -> Id {
        match (self.node(id).op, self.lane(id), lane) {
            (Op::Const(value), Lane::Int, Lane::Long) => self.constant(value, Lane::Long),
            (_, Lane::Int, Lane::Long) => self.unary(Lane::Long, id, Op::Widen),
            _ => id,
        }
    }

    /// Both in the wider of their lanes, and at least in `lane`.
    pub fn same_lane(&mut self, left: Id, right: Id, lane: Lane) -> (Id, Id, Lane) {
        let long = [self.lane(left), self.lane(right), lane].contains(&Lane::Long);
        let lane = if long { Lane::Long } else { Lane::Int };
        (self.in_lane(left, lane), self.in_lane(right, lane), lane)
    }

    pub fn decimal_of(&mut self, col: Col) -> Id {
        match col.kind {
            Kind::Number(range) => {
                if let Op::Const(value) = self.node(col.data).op
                    && let Some(number) = super::column::number(value, range.scale)
                {
                    return self.add(Op::ConstDecimal(number), Lane::Decimal, super::graph::Level::Household);
                }
                let wide = self.in_lane(col.data, Lane::Long);
                self.unary(Lane::Decimal, wide, |value| Op::ToDecimal { value, scale: range.scale })
            }
            _ => col.data,
        }
    }

    /// Whether a scaled column compares with a number, everywhere or by an integer of its scale.
    pub fn compare_number(&mut self, comparison: Comparison, data: Id, range: Scaled, bound: Decimal) -> Id {
        use Comparison as C;
        let floor = floor_at(bound, range.scale);
        let exact = scaled(bound, range.scale).is_some();
        // Between two integers of the scale: "below" and "not above" are the same.
        let comparison = match (comparison, exact) {
            (C::Equal, false) => return self.truth(NO),
            (C::NotEqual, false) => return self.truth(YES),
            (C::Less, false) => C::LessOrEqual,
            (C::GreaterOrEqual, false) => C::Greater,
            (same, _) => same,
        };
        let (always, never) = match comparison {
            C::Less => (range.high < floor, range.low >= floor),
            C::LessOrEqual => (range.high <= floor, range.low > floor),
            C::Greater => (range.low > floor, range.high <= floor),
            C::GreaterOrEqual => (range.low >= floor, range.high < floor),
            C::Equal => (false, floor < range.low || floor > range.high),
            C::NotEqual => (floor < range.low || floor > range.high, false),
        };
        match i64::try_from(floor) {
            Ok(bound) if !always && !never => {
                self.unary(Lane::Truth, data, |data| Op::CompareConst(comparison, data, bound))
            }
            _ => self.truth(if always { YES } else { NO }),
        }
    }
}

/// The greatest integer of that scale not above a number.
pub(super) fn floor_at(number: Decimal, scale: u32) -> i128 {
    let number = number.normalize();
    match number.scale().checked_sub(scale) {
        None => {
            let factor = 10i128.pow(scale - number.scale());
            number.mantissa().saturating_mul(factor)
        }
        Some(digits) => number.mantissa().div_euclid(10i128.pow(digits)),
    }
}

/// A number as an integer and its scale, if 64 bits hold it.
pub(super) fn integer(number: Decimal) -> Option<(i64, u32)> {
    let exact = number.normalize();
    let value = i64::try_from(exact.mantissa()).ok().filter(|value| *value != i64::MIN)?;
    Some((value, exact.scale()))
}
