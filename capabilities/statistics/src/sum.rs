//! Sums that are exact, and so the same in whatever order their terms come.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

/// Digits behind the point of most terms: amounts in cents, times weights of up to four digits.
const USUAL: u32 = 6;

/// The exact sum of decimals, each with a weight. Terms are added as integers of their scale; nothing rounds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sum {
    /// Terms of up to [`USUAL`] digits, in millionths.
    usual: i128,
    /// The others, by digits behind the point.
    finer: BTreeMap<u32, i128>,
}

/// A sum beyond 38 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("una somma supera le 38 cifre: controlla pesi e importi")]
pub struct TooGreat;

impl Sum {
    /// Adds `value` times `weight`.
    ///
    /// # Errors
    /// If 38 digits do not hold it.
    pub fn add(&mut self, value: Decimal, weight: Decimal) -> Result<(), TooGreat> {
        let product = value.mantissa().checked_mul(weight.mantissa()).ok_or(TooGreat)?;
        self.add_scaled(product, value.scale() + weight.scale())
    }

    /// Adds another sum.
    ///
    /// # Errors
    /// If 38 digits do not hold it.
    pub fn merge(&mut self, other: &Self) -> Result<(), TooGreat> {
        self.add_scaled(other.usual, USUAL)?;
        other.finer.iter().try_for_each(|(scale, value)| self.add_scaled(*value, *scale))
    }

    fn add_scaled(&mut self, value: i128, scale: u32) -> Result<(), TooGreat> {
        let raised = USUAL.checked_sub(scale).map(|digits| value.checked_mul(10i128.pow(digits)).ok_or(TooGreat));
        let (place, term) = match raised {
            Some(term) => (&mut self.usual, term?),
            None => (self.finer.entry(scale).or_default(), value),
        };
        *place = place.checked_add(term).ok_or(TooGreat)?;
        Ok(())
    }

    /// The sum as a decimal: exact up to 28 digits, rounded half away from zero beyond.
    #[must_use]
    pub fn total(&self) -> Decimal {
        let finer = self.finer.iter().map(|(scale, value)| decimal(*value, *scale));
        finer.fold(decimal(self.usual, USUAL), |sum, term| sum.saturating_add(term)).normalize()
    }
}

/// An integer of a scale, with as many digits as a decimal can have.
fn decimal(mut value: i128, mut scale: u32) -> Decimal {
    loop {
        match Decimal::try_from_i128_with_scale(value, scale) {
            Ok(number) => return number,
            Err(_) if scale == 0 => return if value < 0 { Decimal::MIN } else { Decimal::MAX },
            Err(_) => {
                value = value / 10 + (value % 10) / 5;
                scale -= 1;
            }
        }
    }
}

/// How many: rows of the population, and what they stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// Rows.
    pub rows: u64,
    /// The sum of their weights.
    pub weight: Sum,
}

impl Count {
    /// One more row.
    ///
    /// # Errors
    /// If the weights are too great.
    pub fn add(&mut self, weight: Decimal) -> Result<(), TooGreat> {
        self.rows += 1;
        self.weight.add(Decimal::ONE, weight)
    }

    /// The rows of another.
    ///
    /// # Errors
    /// If the weights are too great.
    pub fn merge(&mut self, other: &Self) -> Result<(), TooGreat> {
        self.rows += other.rows;
        self.weight.merge(&other.weight)
    }
}
