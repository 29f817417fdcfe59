//! Functions of days.

use base::Date;
use jiff::Span;
use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::{
    Value,
    language::{Expr, Function},
};

use super::{Fault, Run, run::Cell};

impl Run<'_> {
    /// A function of one day and, perhaps, of another or of a number. NULL gives NULL.
    pub(super) fn calendar(&mut self, function: Function, arguments: &[Expr], member: usize) -> Cell {
        let first = self.eval(&arguments[0], member)?;
        let second = match arguments.get(1) {
            Some(argument) => self.eval(argument, member)?,
            None => Value::Date(self.moment.on),
        };
        let value = match (first, second) {
            (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
            (Value::Date(day), Value::Date(other)) => Ok(between(function, day, other)),
            (Value::Date(day), Value::Dec(count)) => later(function, day, count),
            _ => Err(Fault::WrongType),
        };
        value.map_err(|fault| self.fault(fault))
    }
}

fn between(function: Function, day: Date, other: Date) -> Value {
    match function {
        Function::Years => Value::Dec(Decimal::from(base::age_on(day, other))),
        Function::Months => Value::Dec(Decimal::from(months(day, other))),
        _ => Value::Date(day.first_of_month()),
    }
}

/// Completed months from `born` to `day`; negative before.
fn months(born: Date, day: Date) -> i32 {
    let whole =
        (i32::from(day.year()) - i32::from(born.year())) * 12 + i32::from(day.month()) - i32::from(born.month());
    whole - i32::from(day.day() < born.day())
}

/// The calendar ends in the year 9999: beyond, the number was too great.
fn later(function: Function, day: Date, count: Decimal) -> Result<Value, Fault> {
    if !count.is_integer() {
        return Err(Fault::Fraction);
    }
    let count = count.to_i64().ok_or(Fault::Overflow)?;
    let span = match function {
        Function::AddMonths => Span::new().try_months(count),
        _ => Span::new().try_days(count),
    };
    span.and_then(|span| day.checked_add(span)).map(Value::Date).map_err(|_| Fault::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn completed_months() {
        assert_eq!(months(date(2025, 1, 31), date(2025, 2, 28)), 0);
        assert_eq!(months(date(2025, 1, 15), date(2026, 1, 15)), 12);
    }

    #[test]
    fn a_term_in_months_ends_on_the_same_day_or_on_the_last_one() {
        let after = |day, months: i64| later(Function::AddMonths, day, Decimal::from(months));
        assert_eq!(after(date(2025, 1, 31), 1), Ok(Value::Date(date(2025, 2, 28))));
        assert_eq!(after(date(2025, 3, 15), -12), Ok(Value::Date(date(2024, 3, 15))));
        assert_eq!(after(date(2025, 1, 31), 1_000_000), Err(Fault::Overflow));
        assert_eq!(later(Function::AddDays, date(2025, 1, 31), Decimal::new(15, 1)), Err(Fault::Fraction));
    }
}
