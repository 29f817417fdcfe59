//! Loops over lanes, written so that the compiler makes vector instructions of them.

use rust_decimal::Decimal;

use crate::language::Comparison;

use super::{
    column::{NO, UNKNOWN, YES},
    graph::Rounding,
};

/// YES or NO.
#[inline]
pub(super) fn byte(truth: bool) -> u8 {
    u8::from(truth) * YES
}

#[inline]
pub(super) fn map<A: Copy, T>(out: &mut [T], values: &[A], function: impl Fn(A) -> T) {
    for (out, value) in out.iter_mut().zip(values) {
        *out = function(*value);
    }
}

#[inline]
pub(super) fn zip<A: Copy, B: Copy, T>(out: &mut [T], left: &[A], right: &[B], function: impl Fn(A, B) -> T) {
    for ((out, left), right) in out.iter_mut().zip(left).zip(right) {
        *out = function(*left, *right);
    }
}

pub(super) fn compare<T: Copy + PartialOrd>(comparison: Comparison, out: &mut [u8], left: &[T], right: &[T]) {
    match comparison {
        Comparison::Equal => zip(out, left, right, |a, b| byte(a == b)),
        Comparison::NotEqual => zip(out, left, right, |a, b| byte(a != b)),
        Comparison::Less => zip(out, left, right, |a, b| byte(a < b)),
        Comparison::LessOrEqual => zip(out, left, right, |a, b| byte(a <= b)),
        Comparison::Greater => zip(out, left, right, |a, b| byte(a > b)),
        Comparison::GreaterOrEqual => zip(out, left, right, |a, b| byte(a >= b)),
    }
}

pub(super) fn compare_const<T: Copy + PartialOrd>(comparison: Comparison, out: &mut [u8], values: &[T], bound: T) {
    match comparison {
        Comparison::Equal => map(out, values, |a| byte(a == bound)),
        Comparison::NotEqual => map(out, values, |a| byte(a != bound)),
        Comparison::Less => map(out, values, |a| byte(a < bound)),
        Comparison::LessOrEqual => map(out, values, |a| byte(a <= bound)),
        Comparison::Greater => map(out, values, |a| byte(a > bound)),
        Comparison::GreaterOrEqual => map(out, values, |a| byte(a >= bound)),
    }
}

pub(super) fn is_unknown(out: &mut [u8], values: &[u8]) {
    map(out, values, |value| byte(value == UNKNOWN));
}

pub(super) fn is_true(out: &mut [u8], values: &[u8]) {
    map(out, values, |value| value & YES);
}

pub(super) fn unknown_if(out: &mut [u8], values: &[u8], null: &[u8]) {
    zip(out, values, null, |value, null| if null == YES { UNKNOWN } else { value });
}

/// YES in the lanes that failed.
pub(super) fn failed(out: &mut [u8], failures: &[usize]) {
    out.fill(NO);
    for lane in failures {
        if let Some(byte) = out.get_mut(*lane) {
            *byte = YES;
        }
    }
}

pub(super) fn select<T: Copy>(out: &mut [T], condition: &[u8], then: &[T], otherwise: &[T]) {
    for (((out, condition), then), otherwise) in out.iter_mut().zip(condition).zip(then).zip(otherwise) {
        *out = if *condition == YES { *then } else { *otherwise };
    }
}

pub(super) fn keep<T: Copy + Default>(out: &mut [T], condition: &[u8], then: &[T]) {
    zip(out, condition, then, |condition, then| if condition == YES { then } else { T::default() });
}

/// The household's value for each of its members.
pub(super) fn spread<T: Copy + Default>(out: &mut [T], values: &[T], parents: &[u32]) {
    map(out, parents, |parent| values.get(parent as usize).copied().unwrap_or_default());
}

/// The household, within the block, of each member.
pub(super) fn parents(out: &mut [u32], offsets: &[u32]) {
    out.fill(0);
    let Some((first, rest)) = offsets.split_first() else { return };
    // Where a household begins, the number of all those after it goes up by one.
    for start in rest {
        if let Some(member) = out.get_mut((start - first) as usize) {
            *member += 1;
        }
    }
    let mut household = 0;
    for member in out {
        household += *member;
        *member = household;
    }
}

/// How a running total starts and goes on, and the difference of two.
pub(super) struct Running<A, T> {
    zero: T,
    add: fn(T, A) -> T,
    subtract: fn(T, T) -> T,
}

/// How many are YES.
pub(super) const COUNTED: Running<u8, i32> =
    Running { zero: 0, add: |total, value| total + i32::from(value == YES), subtract: i32::wrapping_sub };
pub(super) const ADDED: Running<i32, i32> = Running { zero: 0, add: i32::wrapping_add, subtract: i32::wrapping_sub };
pub(super) const ADDED_LONGS: Running<i64, i64> =
    Running { zero: 0, add: i64::wrapping_add, subtract: i64::wrapping_sub };

/// For each household, the sum over its members: the difference of two running totals. Those may wrap; the sums of one
/// household fit, so their difference is exact. No loop of unforeseeable length is left.
#[inline(always)]
pub(super) fn sums<A: Copy, T: Copy>(
    out: &mut [T],
    values: &[A],
    offsets: &[u32],
    totals: &mut Vec<T>,
    running: Running<A, T>,
) {
    totals.clear();
    totals.push(running.zero);
    let mut total = running.zero;
    totals.extend(values.iter().map(|value| {
        total = (running.add)(total, *value);
        total
    }));
    let first = offsets.first().copied().unwrap_or(0);
    for (out, pair) in out.iter_mut().zip(offsets.windows(2)) {
        *out = (running.subtract)(totals[(pair[1] - first) as usize], totals[(pair[0] - first) as usize]);
    }
}

/// How many members each household has.
pub(super) fn sizes(out: &mut [i32], offsets: &[u32]) {
    for (out, pair) in out.iter_mut().zip(offsets.windows(2)) {
        *out = (pair[1] - pair[0]).cast_signed();
    }
}

/// A column of amounts at brackets.
pub(super) fn pick<T: Copy + Default>(out: &mut [T], places: &[i32], amounts: &[T]) {
    map(out, places, |place| amounts.get(place.cast_unsigned() as usize).copied().unwrap_or_default());
}

/// For each household, the greatest or smallest of its members that are included; zero over none.
pub(super) fn extremes<T: Copy + Default + PartialOrd>(
    out: &mut [T],
    greatest: bool,
    (values, include): (&[T], &[u8]),
    offsets: &[u32],
) {
    let first = offsets.first().copied().unwrap_or(0);
    for (out, pair) in out.iter_mut().zip(offsets.windows(2)) {
        let members = (pair[0] - first) as usize..(pair[1] - first) as usize;
        let included = members.filter(|member| include[*member] == YES).map(|member| values[member]);
        let better = |best: T, value: T| {
            let wins = if greatest { value > best } else { value < best };
            if wins { value } else { best }
        };
        *out = included.reduce(better).unwrap_or_default();
    }
}

/// By a power of ten.
pub(super) fn shrink_ints(out: &mut [i32], values: &[i32], digits: u32, rounding: Rounding) {
    let factor = 10i32.pow(digits);
    map(out, values, |value| {
        let (whole, rest) = (value / factor, value % factor);
        match rounding {
            Rounding::HalfAway => {
                whole + i32::from(2 * i64::from(rest) >= i64::from(factor))
                    - i32::from(-2 * i64::from(rest) >= i64::from(factor))
            }
            Rounding::Floor => whole - i32::from(rest < 0),
            Rounding::Ceil => whole + i32::from(rest > 0),
        }
    });
}

/// By a power of ten, at most ten to the 28th.
pub(super) fn shrink_longs(out: &mut [i64], values: &[i64], digits: u32, rounding: Rounding) {
    match digits {
        // A divisor that the compiler knows is a multiplication.
        1 => shrink_by::<10>(out, values, rounding),
        2 => shrink_by::<100>(out, values, rounding),
        3 => shrink_by::<1_000>(out, values, rounding),
        4 => shrink_by::<10_000>(out, values, rounding),
        _ => {
            let factor = 10i128.pow(digits);
            map(out, values, |value| {
                let (whole, rest) = (i128::from(value) / factor, i128::from(value) % factor);
                // Not beyond 64 bits: the quotient is smaller than what was divided.
                i64::try_from(whole + toward(rounding, 2 * rest >= factor, -2 * rest >= factor, rest.signum() as i64))
                    .unwrap_or(0)
            });
        }
    }
}

fn shrink_by<const FACTOR: i64>(out: &mut [i64], values: &[i64], rounding: Rounding) {
    map(out, values, |value| {
        let (whole, rest) = (value / FACTOR, value % FACTOR);
        match rounding {
            Rounding::HalfAway => whole + i64::from(2 * rest >= FACTOR) - i64::from(-2 * rest >= FACTOR),
            Rounding::Floor => whole - i64::from(rest < 0),
            Rounding::Ceil => whole + i64::from(rest > 0),
        }
    });
}

fn toward(rounding: Rounding, up: bool, down: bool, sign: i64) -> i128 {
    match rounding {
        Rounding::HalfAway => i128::from(up) - i128::from(down),
        Rounding::Floor => -i128::from(sign < 0),
        Rounding::Ceil => i128::from(sign > 0),
    }
}

pub(super) fn round_decimal(number: Decimal, digits: u32, rounding: Rounding) -> Decimal {
    match rounding {
        Rounding::HalfAway => {
            number.round_dp_with_strategy(digits, rust_decimal::RoundingStrategy::MidpointAwayFromZero)
        }
        Rounding::Floor => number.floor(),
        Rounding::Ceil => number.ceil(),
    }
}

/// A yes/no byte the other way round.
pub(super) fn not(out: &mut [u8], values: &[u8]) {
    map(out, values, |value| YES - value);
}

const _: () = assert!(NO < UNKNOWN && UNKNOWN < YES && YES & UNKNOWN == NO);
