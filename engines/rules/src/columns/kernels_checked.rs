//! Loops that may meet what a lane cannot hold: it becomes zero, and the lane is noted.

use std::ops::Range;

use rust_decimal::Decimal;

use crate::language::Arithmetic;

use super::{
    bind::BoundColumn,
    column::{NO_NUMBER, YES},
    graph::Rounding,
    lower::GREATEST_INPUT,
    lower_numbers::GREATEST_FROM_DECIMAL,
};

pub(super) fn map<A: Copy, T: Default>(
    out: &mut [T],
    values: &[A],
    function: impl Fn(A) -> Option<T>,
    failures: &mut Vec<usize>,
) {
    failures.clear();
    for (lane, (out, value)) in out.iter_mut().zip(values).enumerate() {
        *out = function(*value).unwrap_or_else(|| {
            failures.push(lane);
            T::default()
        });
    }
}

pub(super) fn zip<A: Copy, B: Copy, T: Default>(
    out: &mut [T],
    left: &[A],
    right: &[B],
    function: impl Fn(A, B) -> Option<T>,
    failures: &mut Vec<usize>,
) {
    failures.clear();
    for (lane, ((out, left), right)) in out.iter_mut().zip(left).zip(right).enumerate() {
        *out = function(*left, *right).unwrap_or_else(|| {
            failures.push(lane);
            T::default()
        });
    }
}

/// Numbers of the batch in the plan's scale; NULL is zero.
pub(super) fn numbers(column: &BoundColumn<'_>, rows: Range<usize>, out: &mut [i64], mut fail: impl FnMut(usize)) {
    let BoundColumn::Number { values, more_digits } = column else { return };
    let fits = |value: i64| (-GREATEST_INPUT..=GREATEST_INPUT).contains(&value);
    if *more_digits == 0 {
        let mut all = true;
        for (out, value) in out.iter_mut().zip(&values[rows.clone()]) {
            let there = *value != NO_NUMBER;
            *out = if there { *value } else { 0 };
            all &= fits(*out);
        }
        if all {
            return;
        }
    }
    let factor = 10i64.checked_pow(u32::try_from(more_digits.abs()).unwrap_or(u32::MAX));
    let rescaled = |value: i64| match (value, factor) {
        (NO_NUMBER | 0, _) => Some(0),
        (_, None) => None,
        (_, Some(factor)) if *more_digits < 0 => value.checked_mul(factor),
        (_, Some(factor)) => (value % factor == 0).then_some(value / factor),
    };
    for (lane, (out, value)) in out.iter_mut().zip(&values[rows]).enumerate() {
        *out = rescaled(*value).filter(|value| fits(*value)).unwrap_or_else(|| {
            fail(lane);
            0
        });
    }
}

/// A number as an integer of a scale that it has been rounded to.
pub(super) fn integer(number: Decimal, scale: u32) -> Option<i64> {
    let missing = scale.checked_sub(number.scale())?;
    let value = number.mantissa().checked_mul(10i128.pow(missing))?;
    i64::try_from(value).ok().filter(|value| (-GREATEST_FROM_DECIMAL..=GREATEST_FROM_DECIMAL).contains(value))
}

/// `left / right`, each times a power of ten, rounded; zero where the divisor is.
pub(super) fn quotient(left: i64, right: i64, powers: (u32, u32), rounding: Rounding) -> Option<i64> {
    let (left, right) = (i128::from(left) * 10i128.pow(powers.0), i128::from(right) * 10i128.pow(powers.1));
    if right == 0 {
        return Some(0);
    }
    let (whole, rest) = (left / right, left % right);
    let negative = (left < 0) != (right < 0);
    let further = match rounding {
        Rounding::HalfAway => 2 * rest.abs() >= right.abs(),
        Rounding::Floor => rest != 0 && negative,
        Rounding::Ceil => rest != 0 && !negative,
    };
    let away = if negative { -1 } else { 1 };
    let rounded = i64::try_from(whole + if further { away } else { 0 }).ok()?;
    (-GREATEST_FROM_DECIMAL..=GREATEST_FROM_DECIMAL).contains(&rounded).then_some(rounded)
}

/// For each household, the sum over its members.
pub(super) fn sums(out: &mut [i64], values: &[i64], offsets: &[u32], failures: &mut Vec<usize>) {
    failures.clear();
    let first = offsets.first().copied().unwrap_or(0);
    for (lane, (out, pair)) in out.iter_mut().zip(offsets.windows(2)).enumerate() {
        let members = &values[(pair[0] - first) as usize..(pair[1] - first) as usize];
        *out = members.iter().try_fold(0i64, |total, value| total.checked_add(*value)).unwrap_or_else(|| {
            failures.push(lane);
            0
        });
    }
}

/// With the rounding of the other evaluator.
pub(super) fn decimals(
    out: &mut [Decimal],
    operation: Arithmetic,
    (left, right): (&[Decimal], &[Decimal]),
    skip: Option<&[u8]>,
    failures: &mut Vec<usize>,
) {
    failures.clear();
    for (lane, ((out, left), right)) in out.iter_mut().zip(left).zip(right).enumerate() {
        if skip.is_some_and(|skip| skip[lane] == YES) {
            *out = Decimal::ZERO;
            continue;
        }
        let result = match operation {
            Arithmetic::Add => left.checked_add(*right),
            Arithmetic::Subtract => left.checked_sub(*right),
            Arithmetic::Multiply => left.checked_mul(*right),
            Arithmetic::Divide => left.checked_div(*right),
        };
        *out = result.unwrap_or_else(|| {
            failures.push(lane);
            Decimal::ZERO
        });
    }
}

/// For each household, the sum over its members that are included, in their order.
pub(super) fn decimal_sums(
    out: &mut [Decimal],
    (values, include): (&[Decimal], &[u8]),
    offsets: &[u32],
    failures: &mut Vec<usize>,
) {
    failures.clear();
    let first = offsets.first().copied().unwrap_or(0);
    for (lane, (out, pair)) in out.iter_mut().zip(offsets.windows(2)).enumerate() {
        let members = (pair[0] - first) as usize..(pair[1] - first) as usize;
        let included = members.filter(|member| include[*member] == YES).map(|member| values[member]);
        let total = included.map(Some).reduce(|total, value| total?.checked_add(value?));
        *out = total.unwrap_or(Some(Decimal::ZERO)).unwrap_or_else(|| {
            failures.push(lane);
            Decimal::ZERO
        });
    }
}
