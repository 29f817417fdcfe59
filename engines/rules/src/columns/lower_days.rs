//! Functions of days while a plan is made.

use crate::{
    Value,
    language::{Comparison, Function},
};

use super::{
    calendar::Age,
    column::YES,
    graph::{Lane, Op, Rounding},
    lower::Lowering,
    mistyped::{Made, Mistyped},
    value::{Col, Kind, Scaled, Val},
};

impl Lowering<'_> {
    /// Completed years or months: to the day of the plan, or to another.
    pub(super) fn age(&mut self, age: Age, values: &[Val]) -> Made<Val> {
        let born = self.day(&values[0])?;
        let today = Val::Known(Value::Date(self.on));
        let on = values.get(1).unwrap_or(&today);
        if born.is_none() || on.is_null() {
            return Ok(Val::Known(Value::Null));
        }
        let born = born.ok_or(Mistyped)?;
        let on_today = matches!((on, &today), (Val::Known(on), Val::Known(today)) if on == today);
        let on = self.day(on)?.ok_or(Mistyped)?;
        let data = if on_today {
            self.graph.unary(Lane::Int, born.data, |born| Op::Age(age, born))
        } else {
            self.graph.binary(Lane::Int, born.data, on.data, |born, on| Op::Elapsed(age, born, on))
        };
        let null = self.graph.either(born.null, on.null);
        // Of all the days of the calendar.
        let range = Scaled { scale: 0, low: -240_000, high: 240_000 };
        Ok(Val::Col(Col { kind: Kind::Number(range), data, null }))
    }

    pub(super) fn first_of_month(&mut self, day: &Val) -> Made<Val> {
        let Some(day) = self.day(day)? else { return Ok(Val::Known(Value::Null)) };
        let data = self.graph.unary(Lane::Int, day.data, Op::FirstOfMonth);
        Ok(Val::Col(Col { data, ..day }))
    }

    /// So many months or days later; a fraction of one has no day.
    pub(super) fn later(&mut self, function: Function, values: &[Val]) -> Made<Val> {
        let (Some(day), false) = (self.day(&values[0])?, values[1].is_null()) else {
            return Ok(Val::Known(Value::Null));
        };
        let whole = self.rounded(&values[1], 0, Rounding::Floor)?;
        let count = self.graph.column_of(&whole, &self.words)?;
        let null = self.graph.either(day.null, count.null);
        let fraction = self.compare(Comparison::NotEqual, &values[1], &whole)?;
        let fraction = self.graph.truth_of(&fraction)?;
        let fraction = self.graph.is_true(fraction);
        self.graph.fails_unless(null, fraction);
        if count.kind == Kind::Decimal {
            // What is whole and still no integer is beyond every calendar.
            let everywhere = self.graph.truth(YES);
            self.graph.fails_unless(null, everywhere);
            return Ok(Val::Known(Value::Null));
        }
        let months = function == Function::AddMonths;
        let count = self.graph.in_lane(count.data, Lane::Long);
        let (level, [start, count]) = self.graph.meet([day.data, count]);
        let (data, failed) = self.graph.failing(Op::Later { months, day: start, count }, Lane::Int, level);
        self.graph.fails_unless(null, failed);
        Ok(Val::Col(Col { kind: Kind::Day, data, null }))
    }

    /// `None` where there is no day for anybody.
    fn day(&mut self, value: &Val) -> Made<Option<Col>> {
        if value.is_null() {
            return Ok(None);
        }
        let col = self.graph.column_of(value, &self.words)?;
        if col.kind == Kind::Day { Ok(Some(col)) } else { Err(Mistyped) }
    }
}
