//! Functions and aggregates while a plan is made.

use rust_decimal::Decimal;

use crate::{
    Expr, Value,
    language::{Aggregate, Arithmetic, Comparison, Function},
};

use super::{
    calendar::Age,
    column::{NO, YES},
    graph::{Id, Lane, Level, Op, Rounding},
    lower::Lowering,
    mistyped::{Made, Mistyped},
    value::{Col, Kind, Scaled, Val},
};

/// Households with more members than this are set apart, so that sums of ordinary amounts need no check.
pub(super) const MOST_MEMBERS: i64 = 4_096;

impl Lowering<'_> {
    pub(super) fn call(&mut self, function: Function, arguments: &[Expr]) -> Made<Val> {
        if function == Function::Coalesce {
            return self.coalesce(arguments);
        }
        let values = arguments.iter().map(|argument| self.value(argument)).collect::<Made<Vec<Val>>>()?;
        let all: Vec<&Val> = values.iter().collect();
        if let Some(known) = self.fold(&all, |constants| Expr::Call(function, constants))? {
            return Ok(known);
        }
        match function {
            Function::Coalesce => Err(Mistyped),
            Function::NullIf => self.null_if(&values[0], &values[1]),
            Function::Least => self.extreme_of(false, values),
            Function::Greatest => self.extreme_of(true, values),
            Function::Abs => self.absolute(&values[0]),
            Function::Floor => self.rounded(&values[0], 0, Rounding::Floor),
            Function::Ceil => self.rounded(&values[0], 0, Rounding::Ceil),
            Function::Years => self.age(Age::Years, &values),
            Function::Months => self.age(Age::Months, &values),
            Function::AddMonths | Function::AddDays => self.later(function, &values),
            Function::FirstOfMonth => self.first_of_month(&values[0]),
        }
    }

    fn null_if(&mut self, value: &Val, other: &Val) -> Made<Val> {
        let same = self.compare(Comparison::Equal, value, other)?;
        let same = self.graph.truth_of(&same)?;
        let same = self.graph.is_true(same);
        self.choose(same, &Val::Known(Value::Null), value)
    }

    fn extreme_of(&mut self, greatest: bool, values: Vec<Val>) -> Made<Val> {
        let mut best = Val::Known(Value::Null);
        for value in values {
            if value.is_null() {
                continue;
            }
            best = if best.is_null() { value } else { self.better(greatest, &best, &value)? };
        }
        Ok(best)
    }

    fn better(&mut self, greatest: bool, best: &Val, value: &Val) -> Made<Val> {
        let (no_best, no_value) = (self.graph.null_of(best), self.graph.null_of(value));
        if no_best.is_none() && no_value.is_none() {
            let (one, other) = self.alike(best, value)?;
            if let (Kind::Number(a), Kind::Number(b)) = (one.kind, other.kind) {
                let lane = self.graph.lane(one.data);
                let (range, op): (_, fn(Id, Id) -> Op) = if greatest {
                    (Scaled { low: a.low.max(b.low), high: a.high.max(b.high), ..a }, Op::Greatest)
                } else {
                    (Scaled { low: a.low.min(b.low), high: a.high.min(b.high), ..a }, Op::Least)
                };
                let data = self.graph.binary(lane, one.data, other.data, op);
                return Ok(Val::Col(Col { kind: Kind::Number(range), data, null: None }));
            }
        }
        let comparison = if greatest { Comparison::Greater } else { Comparison::Less };
        let beats = self.compare(comparison, value, best)?;
        let beats = self.graph.truth_of(&beats)?;
        let mut taken = self.graph.is_true(beats);
        if let Some(no_best) = no_best {
            taken = self.graph.or(taken, no_best);
        }
        if let Some(no_value) = no_value {
            let there = self.graph.not(no_value);
            taken = self.graph.and(taken, there);
        }
        self.choose(taken, value, best)
    }

    pub(super) fn aggregate(
        &mut self,
        function: Aggregate,
        relation: usize,
        operand: Option<&Expr>,
        filter: Option<&Expr>,
    ) -> Made<Val> {
        let level = Level::Members(relation);
        let (include, value) = self.of_members(relation, |lowering| lowering.included(operand, filter))?;
        let count = match self.graph.known_truth(include) {
            Some(NO) if function == Aggregate::Count => return Ok(Val::Known(Value::Dec(Decimal::ZERO))),
            Some(NO) => return Ok(Val::Known(Value::Null)),
            Some(_) => self.graph.add(Op::Members(relation), Lane::Int, Level::Household),
            None => {
                let include = self.graph.at(include, level);
                self.graph.add(Op::Count { include, relation }, Lane::Int, Level::Household)
            }
        };
        let range = Scaled { scale: 0, low: 0, high: MOST_MEMBERS.into() };
        let count = Col { kind: Kind::Number(range), data: count, null: None };
        if function == Aggregate::Count {
            return Ok(Val::Col(count));
        }
        match function {
            Aggregate::Sum => self.sum(relation, &value, include, count),
            Aggregate::Avg => {
                let sum = self.sum(relation, &value, include, count)?;
                let one = Val::Known(Value::Dec(Decimal::ONE));
                let divisor = self.extreme_of(true, vec![Val::Col(count), one])?;
                self.arithmetic(Arithmetic::Divide, &sum, &divisor)
            }
            Aggregate::Max | Aggregate::BoolOr => self.extreme(true, relation, &value, include, count),
            Aggregate::Min | Aggregate::BoolAnd => self.extreme(false, relation, &value, include, count),
            _ => Err(Mistyped),
        }
    }

    /// Whom an aggregate counts, and the value of each.
    fn included(&mut self, operand: Option<&Expr>, filter: Option<&Expr>) -> Made<(Id, Val)> {
        let filter = match filter {
            Some(filter) => self.truth(filter)?,
            None => self.graph.truth(YES),
        };
        let filter = self.graph.is_true(filter);
        let value = self.only_where(filter, |lowering| {
            operand.map_or(Ok(Val::Known(Value::Bool(true))), |operand| lowering.value(operand))
        })?;
        let include = match self.graph.null_of(&value) {
            None => filter,
            Some(null) => {
                let there = self.graph.not(null);
                self.graph.and(filter, there)
            }
        };
        Ok((include, value))
    }

    fn none(&mut self, count: Col) -> Id {
        self.graph.unary(Lane::Truth, count.data, |count| Op::CompareConst(Comparison::Equal, count, 0))
    }

    fn sum(&mut self, relation: usize, value: &Val, include: Id, count: Col) -> Made<Val> {
        let level = Level::Members(relation);
        let none = self.none(count);
        if let Val::Known(_) = value {
            let product = self.arithmetic(Arithmetic::Multiply, &Val::Col(count), value)?;
            return self.choose(none, &Val::Known(Value::Null), &product);
        }
        let col = self.graph.column_of(value, &self.words)?;
        let (kind, data) = match col.kind {
            Kind::Number(range) => {
                let most = i128::from(MOST_MEMBERS);
                let total = Scaled { low: (range.low * most).min(0), high: (range.high * most).max(0), ..range };
                let zero = self.graph.constant(0, self.graph.lane(col.data));
                let kept = self.graph.select(include, col.data, zero);
                let kept = self.graph.in_lane(kept, total.lane());
                let kept = self.graph.at(kept, level);
                let op = Op::Sum { value: kept, relation, checked: !total.fits() };
                (Kind::Number(total.clamped()), self.graph.checked(op, self.graph.lane(kept), Level::Household))
            }
            Kind::Decimal => {
                let (value, include) = (self.graph.at(col.data, level), self.graph.at(include, level));
                let op = Op::SumDecimal { value, include, relation };
                (Kind::Decimal, self.graph.checked(op, Lane::Decimal, Level::Household))
            }
            _ => return Err(Mistyped),
        };
        Ok(Val::Col(Col { kind, data, null: Some(none) }))
    }

    fn extreme(&mut self, greatest: bool, relation: usize, value: &Val, include: Id, count: Col) -> Made<Val> {
        let none = self.none(count);
        if let Val::Known(_) = value {
            return self.choose(none, &Val::Known(Value::Null), value);
        }
        let level = Level::Members(relation);
        let col = self.graph.column_of(value, &self.words)?;
        let lane = self.graph.lane(col.data);
        let (value, include) = (self.graph.at(col.data, level), self.graph.at(include, level));
        let data = self.graph.add(Op::Extreme { greatest, value, include, relation }, lane, Level::Household);
        if col.kind == Kind::Truth {
            let truth = self.graph.unknown_if(data, Some(none));
            return Ok(self.graph.truth_value(truth));
        }
        let kind = match col.kind {
            Kind::Number(range) => Kind::Number(range.union(Scaled::of(0, range.scale))),
            other => other,
        };
        Ok(Val::Col(Col { kind, data, null: Some(none) }))
    }
}
