//! Quotients while a plan is made: decimals as the other evaluator has them, or, where they are rounded at once, integers.

use rust_decimal::Decimal;

use super::{
    graph::{Id, Lane, Op, Rounding},
    lower::Lowering,
    lower_numbers::{DIGITS_OF_INTEGERS, GREATEST_FROM_DECIMAL},
    value::{Col, Kind, Scaled},
};

/// A quotient of scaled numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quotient {
    left: (Id, Scaled),
    right: (Id, Scaled),
}

/// The greatest quotient that decimals hold with all its digits before the point.
const GREATEST_RATIO: i128 = 10_i128.pow(28);
/// Below it dividend and divisor, times ten to the digits of the result, have an exact rounded quotient.
const GREATEST_TERM: i128 = 10_i128.pow(26);

impl Lowering<'_> {
    /// `None` if the quotient may be greater than decimals are.
    pub(super) fn ratio(&mut self, a: Col, one: Scaled, b: Col, other: Scaled) -> Option<Col> {
        let most = one.greatest().checked_mul(10i128.checked_pow(other.scale)?)?;
        if most / 10i128.checked_pow(one.scale)? >= GREATEST_RATIO {
            return None;
        }
        let zero = self.graph.compare_number(crate::language::Comparison::Equal, b.data, other, Decimal::ZERO);
        let null = self.graph.either(a.null, b.null);
        self.graph.fails_unless(null, zero);
        let (left, right) = (self.graph.decimal_of(a), self.graph.decimal_of(b));
        let data = self.graph.binary(Lane::Decimal, left, right, Op::Ratio);
        self.quotients.insert(data, Quotient { left: (a.data, one), right: (b.data, other) });
        Some(Col { kind: Kind::Decimal, data, null: None })
    }

    /// A quotient rounded to `digits`, as an integer of that scale; `None` if it is none, or if its digits are too many.
    ///
    /// The other evaluator rounds twice: to 28 digits, then to `n` of them. Both give the same: a quotient P/Q that is
    /// not half way between two results is at least 1/(2·Q·10ⁿ) away from there, and the first rounding moves it by
    /// less as long as P·10ⁿ and Q·10ⁿ are below 10²⁶; and one that is half way has few enough digits to be exact.
    pub(super) fn rounded_quotient(&mut self, of: &Col, digits: u32, rounding: Rounding) -> Option<Col> {
        let Quotient { left: (left, one), right: (right, other) } = *self.quotients.get(&of.data)?;
        if digits > DIGITS_OF_INTEGERS {
            return None;
        }
        let (up, down) = (other.scale + digits, one.scale);
        let powers = (up.saturating_sub(down), down.saturating_sub(up));
        let dividend = one.greatest().checked_mul(10i128.checked_pow(powers.0)?)?;
        let divisor = other.greatest().checked_mul(10i128.checked_pow(powers.1)?)?;
        if dividend >= GREATEST_TERM || divisor.checked_mul(10i128.pow(digits))? >= GREATEST_TERM {
            return None;
        }
        let high = dividend.min(GREATEST_FROM_DECIMAL.into());
        let (left, right) = (self.graph.in_lane(left, Lane::Long), self.graph.in_lane(right, Lane::Long));
        let data =
            self.graph.binary(Lane::Long, left, right, |left, right| Op::Quotient { left, right, powers, rounding });
        Some(Col { kind: Kind::Number(Scaled { scale: digits, low: -high, high }), data, null: of.null })
    }
}

impl Scaled {
    /// The greatest distance from zero.
    fn greatest(&self) -> i128 {
        self.low.abs().max(self.high.abs())
    }
}
