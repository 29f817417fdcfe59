//! Operations on values: exact, checked, with SQL's NULL.

use std::cmp::Ordering;

use base::Date;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::{
    Value,
    language::{Arithmetic, Comparison},
};

use super::Fault;

type Computed = Result<Value, Fault>;

pub(super) fn compute(operation: Arithmetic, left: &Value, right: &Value) -> Computed {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => Ok(Value::Null),
        (Value::Date(left), Value::Date(right)) if operation == Arithmetic::Subtract => {
            Ok(Value::Dec(Decimal::from(days(*right, *left))))
        }
        (Value::Dec(left), Value::Dec(right)) => numbers(operation, *left, *right),
        _ => Err(Fault::WrongType),
    }
}

fn numbers(operation: Arithmetic, left: Decimal, right: Decimal) -> Computed {
    let result = match operation {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Subtract => left.checked_sub(right),
        Arithmetic::Multiply => left.checked_mul(right),
        Arithmetic::Divide if right.is_zero() => return Err(Fault::DivisionByZero),
        Arithmetic::Divide => left.checked_div(right),
    };
    result.map(Value::Dec).ok_or(Fault::Overflow)
}

/// Days from `start` to `end`.
pub(super) fn days(start: Date, end: Date) -> i32 {
    start.duration_until(end).as_hours().checked_div(24).and_then(|days| i32::try_from(days).ok()).unwrap_or(0)
}

/// `None` where one side is NULL.
pub(super) fn order(left: &Value, right: &Value) -> Result<Option<Ordering>, Fault> {
    Ok(Some(match (left, right) {
        (Value::Null, _) | (_, Value::Null) => return Ok(None),
        (Value::Dec(left), Value::Dec(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        _ => return Err(Fault::WrongType),
    }))
}

pub(super) fn compare(comparison: Comparison, left: &Value, right: &Value) -> Computed {
    let Some(order) = order(left, right)? else { return Ok(Value::Null) };
    Ok(Value::Bool(match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }))
}

/// Three-valued truth: `None` is NULL.
pub(super) fn truth(value: &Value) -> Result<Option<bool>, Fault> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(truth) => Ok(Some(*truth)),
        _ => Err(Fault::WrongType),
    }
}

pub(super) fn from_truth(truth: Option<bool>) -> Value {
    truth.map_or(Value::Null, Value::Bool)
}

/// Applies `function` to a number; NULL stays NULL.
pub(super) fn on_number(value: &Value, function: impl Fn(Decimal) -> Decimal) -> Computed {
    match value {
        Value::Null => Ok(Value::Null),
        Value::Dec(number) => Ok(Value::Dec(function(*number))),
        _ => Err(Fault::WrongType),
    }
}

/// Half away from zero, as the law rounds amounts ("per eccesso se la cifra è 5").
pub(super) fn round(number: Decimal, digits: u32) -> Decimal {
    number.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn dec(text: &str) -> Value {
        Value::Dec(text.parse().unwrap())
    }

    #[test]
    fn decimals_are_exact_and_faults_are_named() {
        assert_eq!(compute(Arithmetic::Add, &dec("0.1"), &dec("0.2")), Ok(dec("0.3")));
        assert_eq!(compute(Arithmetic::Divide, &dec("1"), &dec("0.00")), Err(Fault::DivisionByZero));
        assert_eq!(
            compute(Arithmetic::Multiply, &dec("9000000000000000000000000000"), &dec("10000000000")),
            Err(Fault::Overflow)
        );
        assert_eq!(compute(Arithmetic::Divide, &Value::Null, &dec("0")), Ok(Value::Null));
    }

    #[test]
    fn rounding_is_half_away_from_zero() {
        for (number, digits, rounded) in
            [("2.345", 2, "2.35"), ("-2.345", 2, "-2.35"), ("0.5", 0, "1"), ("29.15", 1, "29.2")]
        {
            assert_eq!(Value::Dec(round(number.parse().unwrap(), digits)), dec(rounded));
        }
    }

    #[test]
    fn calendar_spans() {
        assert_eq!(days(date(2024, 2, 28), date(2024, 3, 1)), 2);
    }
}
