//! Arithmetic, comparison and rounding while a plan is made.

use rust_decimal::Decimal;

use crate::{
    Expr, Value,
    language::{Arithmetic, Comparison, Function},
};

use super::{
    column::{NO, YES},
    graph::{Id, Lane, Op, Rounding},
    lower::Lowering,
    mistyped::{Made, Mistyped},
    value::{Col, Kind, Scaled, Val},
};

/// A number rounded to at most so many digits is computed with as an integer again.
pub(super) const DIGITS_OF_INTEGERS: u32 = 9;
/// The greatest integer that comes from a number without a fixed scale; beyond it a household is set apart.
pub(super) const GREATEST_FROM_DECIMAL: i64 = 1 << 53;

impl Lowering<'_> {
    pub(super) fn arithmetic(&mut self, operation: Arithmetic, left: &Val, right: &Val) -> Made<Val> {
        let build = |mut both: Vec<Expr>| {
            let right = Box::new(both.remove(1));
            Expr::Arithmetic(operation, Box::new(both.remove(0)), right)
        };
        if let Some(known) = self.fold(&[left, right], build)? {
            return Ok(known);
        }
        if left.is_null() || right.is_null() {
            return Ok(Val::Known(Value::Null));
        }
        let (a, b) = (self.graph.column_of(left, &self.words)?, self.graph.column_of(right, &self.words)?);
        let null = self.graph.either(a.null, b.null);
        let col = match (operation, a.kind, b.kind) {
            (Arithmetic::Subtract, Kind::Day, Kind::Day) => self.days_between(a, b),
            (Arithmetic::Multiply, Kind::Number(one), Kind::Number(other)) => self.product(a, one, b, other),
            (Arithmetic::Divide, Kind::Number(one), Kind::Number(other)) => match inverse(right) {
                Some((factor, scale)) if one.scale + scale <= Decimal::MAX_SCALE => {
                    let (data, range) = self.graph.times(a.data, one, factor);
                    Some(Col { kind: Kind::Number(Scaled { scale: one.scale + scale, ..range }), data, null: None })
                }
                _ => self.ratio(a, one, b, other),
            },
            (Arithmetic::Multiply | Arithmetic::Divide, Kind::Decimal, _) if is_one(right) => Some(a),
            (Arithmetic::Add | Arithmetic::Subtract, Kind::Number(_), Kind::Number(_)) => {
                self.total(operation, a, b)?
            }
            (_, Kind::Number(_) | Kind::Decimal, Kind::Number(_) | Kind::Decimal) => None,
            _ => return Err(Mistyped),
        };
        let col = col.unwrap_or_else(|| self.in_decimals(operation, a, b, null));
        Ok(Val::Col(Col { null, ..col }))
    }

    fn in_decimals(&mut self, operation: Arithmetic, a: Col, b: Col, skip: Option<Id>) -> Col {
        let (left, right) = (self.graph.decimal_of(a), self.graph.decimal_of(b));
        let (level, data) = match skip {
            None => {
                let (level, [left, right]) = self.graph.meet([left, right]);
                (level, Op::Decimal { operation, left, right, skip: None })
            }
            Some(skip) => {
                let (level, [left, right, skip]) = self.graph.meet([left, right, skip]);
                (level, Op::Decimal { operation, left, right, skip: Some(skip) })
            }
        };
        let data = self.graph.checked(data, Lane::Decimal, level);
        Col { kind: Kind::Decimal, data, null: None }
    }

    fn days_between(&mut self, a: Col, b: Col) -> Option<Col> {
        // A day that is NULL is far outside the calendar: the difference wraps there, and nobody looks at it.
        let data =
            self.graph.binary(Lane::Int, a.data, b.data, |left, right| Op::Subtract { left, right, checked: false });
        let range = Scaled { scale: 0, low: i128::from(i32::MIN), high: i128::from(i32::MAX) };
        Some(Col { kind: Kind::Number(range), data, null: None })
    }

    fn product(&mut self, a: Col, one: Scaled, b: Col, other: Scaled) -> Option<Col> {
        let scale = one.scale + other.scale;
        if scale > Decimal::MAX_SCALE {
            return None;
        }
        let factor = |graph: &super::graph::Graph, col: Col| match graph.node(col.data).op {
            Op::Const(value) => Some(value),
            _ => None,
        };
        let (data, range) = if let Some(factor) = factor(&self.graph, b) {
            self.graph.times(a.data, one, factor)
        } else if let Some(factor) = factor(&self.graph, a) {
            self.graph.times(b.data, other, factor)
        } else {
            let ends = [one.low * other.low, one.low * other.high, one.high * other.low, one.high * other.high];
            let low = ends.into_iter().min().unwrap_or_default();
            let range = Scaled { scale, low, high: ends.into_iter().max().unwrap_or_default() };
            let checked = !range.fits();
            let (left, right, lane) = self.graph.same_lane(a.data, b.data, range.lane());
            let data = self.graph.binary(lane, left, right, |left, right| Op::Multiply { left, right, checked });
            (data, range.clamped())
        };
        Some(Col { kind: Kind::Number(Scaled { scale, ..range }), data, null: None })
    }

    fn total(&mut self, operation: Arithmetic, a: Col, b: Col) -> Made<Option<Col>> {
        let (a, b) = self.aligned(a, b)?;
        let (Kind::Number(one), Kind::Number(other)) = (a.kind, b.kind) else { return Ok(None) };
        let zero = |graph: &super::graph::Graph, col: Col| graph.node(col.data).op == Op::Const(0);
        if zero(&self.graph, b) {
            return Ok(Some(a));
        }
        if operation == Arithmetic::Add && zero(&self.graph, a) {
            return Ok(Some(b));
        }
        let range = match operation {
            Arithmetic::Add => Scaled { scale: one.scale, low: one.low + other.low, high: one.high + other.high },
            _ => Scaled { scale: one.scale, low: one.low - other.high, high: one.high - other.low },
        };
        let checked = !range.fits();
        let (left, right, lane) = self.graph.same_lane(a.data, b.data, range.lane());
        let data = self.graph.binary(lane, left, right, |left, right| match operation {
            Arithmetic::Add => Op::Add { left, right, checked },
            _ => Op::Subtract { left, right, checked },
        });
        Ok(Some(Col { kind: Kind::Number(range.clamped()), data, null: None }))
    }

    pub(super) fn negated(&mut self, value: &Val) -> Made<Val> {
        if let Some(known) = self.fold(&[value], |mut one| Expr::Negate(Box::new(one.remove(0))))? {
            return Ok(known);
        }
        let col = self.graph.column_of(value, &self.words)?;
        let zero = Val::Known(Value::Dec(Decimal::ZERO));
        match col.kind {
            Kind::Number(range) => {
                let (data, range) = self.graph.times(col.data, range, -1);
                Ok(Val::Col(Col { kind: Kind::Number(range), data, ..col }))
            }
            Kind::Decimal => self.arithmetic(Arithmetic::Subtract, &zero, value),
            _ => Err(Mistyped),
        }
    }

    pub(super) fn absolute(&mut self, value: &Val) -> Made<Val> {
        let col = self.graph.column_of(value, &self.words)?;
        match col.kind {
            Kind::Number(range) => {
                let data = self.graph.unary(self.graph.lane(col.data), col.data, Op::Abs);
                let high = range.low.abs().max(range.high.abs());
                // The smallest integer of a lane has no opposite there.
                let data = if high > i128::from(i32::MAX) && self.graph.lane(data) == Lane::Int {
                    let wide = self.graph.in_lane(col.data, Lane::Long);
                    self.graph.unary(Lane::Long, wide, Op::Abs)
                } else {
                    data
                };
                Ok(Val::Col(Col { kind: Kind::Number(Scaled { low: 0, high, ..range }), data, ..col }))
            }
            Kind::Decimal => {
                let data = self.graph.unary(Lane::Decimal, col.data, Op::Abs);
                Ok(Val::Col(Col { data, ..col }))
            }
            _ => Err(Mistyped),
        }
    }

    pub(super) fn rounded(&mut self, value: &Val, digits: u32, rounding: Rounding) -> Made<Val> {
        let build = |mut one: Vec<Expr>| match rounding {
            Rounding::HalfAway => Expr::Round(Box::new(one.remove(0)), digits),
            Rounding::Floor => Expr::Call(Function::Floor, one),
            Rounding::Ceil => Expr::Call(Function::Ceil, one),
        };
        if let Some(known) = self.fold(&[value], build)? {
            return Ok(known);
        }
        let col = self.graph.column_of(value, &self.words)?;
        match col.kind {
            Kind::Number(range) if range.scale <= digits => Ok(value.clone()),
            Kind::Number(range) => {
                let lost = range.scale - digits;
                let wide = if lost > 9 { self.graph.in_lane(col.data, Lane::Long) } else { col.data };
                let data =
                    self.graph.unary(self.graph.lane(wide), wide, |value| Op::Shrink { value, digits: lost, rounding });
                let factor = 10i128.pow(lost);
                let range = Scaled { scale: digits, low: range.low / factor - 1, high: range.high / factor + 1 };
                Ok(Val::Col(Col { kind: Kind::Number(range), data, ..col }))
            }
            Kind::Decimal => {
                if let Some(exact) = self.rounded_quotient(&col, digits, rounding) {
                    return Ok(Val::Col(exact));
                }
                let rounded = self.graph.unary(Lane::Decimal, col.data, |value| Op::Round { value, digits, rounding });
                if digits > DIGITS_OF_INTEGERS {
                    return Ok(Val::Col(Col { data: rounded, ..col }));
                }
                let data = self.graph.unary(Lane::Long, rounded, |value| Op::FromDecimal { value, scale: digits });
                let greatest = i128::from(GREATEST_FROM_DECIMAL);
                let range = Scaled { scale: digits, low: -greatest, high: greatest };
                Ok(Val::Col(Col { kind: Kind::Number(range), data, ..col }))
            }
            _ => Err(Mistyped),
        }
    }

    pub(super) fn compare(&mut self, comparison: Comparison, left: &Val, right: &Val) -> Made<Val> {
        let build = |mut both: Vec<Expr>| {
            let right = Box::new(both.remove(1));
            Expr::Compare(comparison, Box::new(both.remove(0)), right)
        };
        if let Some(known) = self.fold(&[left, right], build)? {
            return Ok(known);
        }
        if left.is_null() || right.is_null() {
            return Ok(Val::Known(Value::Null));
        }
        if let Val::Known(_) = left {
            return self.compare(comparison.mirrored(), right, left);
        }
        let a = self.graph.column_of(left, &self.words)?;
        if let (Kind::Number(range), Val::Known(bound)) = (a.kind, right) {
            let bound = bound.as_decimal().ok_or(Mistyped)?;
            let truth = self.compare_with(comparison, a.data, range, bound);
            let truth = self.graph.unknown_if(truth, a.null);
            return Ok(self.graph.truth_value(truth));
        }
        let b = self.graph.column_of(right, &self.words)?;
        let null = {
            let (one, other) = (self.graph.null_of(left), self.graph.null_of(right));
            self.graph.either(one, other)
        };
        if !matches!(right, Val::Known(_)) {
            self.told_apart(&a);
            self.told_apart(&b);
        }
        let (a, b) = self.aligned(a, b)?;
        let truth = match self.graph.node(b.data).op {
            Op::Const(bound) => self.graph.unary(Lane::Truth, a.data, |data| Op::CompareConst(comparison, data, bound)),
            _ => self.graph.binary(Lane::Truth, a.data, b.data, |left, right| Op::Compare(comparison, left, right)),
        };
        let truth = self.graph.unknown_if(truth, null);
        Ok(self.graph.truth_value(truth))
    }

    /// With a constant; an age turns into the days of birth that have it.
    fn compare_with(&mut self, comparison: Comparison, data: Id, range: Scaled, bound: Decimal) -> Id {
        let Op::Age(age, born) = self.graph.node(data).op else {
            return self.graph.compare_number(comparison, data, range, bound);
        };
        let on = self.on;
        let floor = i64::try_from(super::value::floor_at(bound, 0)).unwrap_or(if bound.is_sign_negative() {
            i64::MIN / 2
        } else {
            i64::MAX / 2
        });
        let at_least = |lowering: &mut Self, count: i64| match age.latest_birth(count, on) {
            i32::MAX => lowering.graph.truth(YES),
            i32::MIN => lowering.graph.truth(NO),
            latest => lowering
                .graph
                .unary(Lane::Truth, born, |born| Op::CompareConst(Comparison::LessOrEqual, born, latest.into())),
        };
        let whole = bound.is_integer();
        match comparison {
            Comparison::Greater => at_least(self, floor + 1),
            Comparison::GreaterOrEqual => at_least(self, if whole { floor } else { floor + 1 }),
            Comparison::LessOrEqual => {
                let more = at_least(self, floor + 1);
                self.graph.not(more)
            }
            Comparison::Less => {
                let enough = at_least(self, if whole { floor } else { floor + 1 });
                self.graph.not(enough)
            }
            Comparison::Equal if !whole => self.graph.truth(NO),
            Comparison::NotEqual if !whole => self.graph.truth(YES),
            Comparison::Equal | Comparison::NotEqual => {
                let (enough, more) = (at_least(self, floor), at_least(self, floor + 1));
                let not_more = self.graph.not(more);
                let equal = self.graph.and(enough, not_more);
                if comparison == Comparison::Equal { equal } else { self.graph.not(equal) }
            }
        }
    }
}

/// Neither a product nor a quotient by one differs from what it was.
fn is_one(value: &Val) -> bool {
    matches!(value, Val::Known(one) if one.as_decimal() == Some(Decimal::ONE))
}

/// One divided by a constant, where that is exact: by 2, by 12.5, by 100; not by 12.
fn inverse(divisor: &Val) -> Option<(i64, u32)> {
    let Val::Known(number) = divisor else { return None };
    let number = number.as_decimal().filter(|number| !number.is_zero())?;
    let inverse = Decimal::ONE.checked_div(number)?;
    (inverse.checked_mul(number)? == Decimal::ONE && inverse.normalize().scale() <= DIGITS_OF_INTEGERS)
        .then(|| super::value::integer(inverse))?
}
