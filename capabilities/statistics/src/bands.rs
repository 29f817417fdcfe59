//! Deciles of a number, in one pass, in bounded memory and in whatever order the households come.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::{
    sum::TooGreat,
    tally::{Judged, Tally},
};

/// Most distinct values that are kept apart; beyond, they are grouped ten by ten until they are fewer.
const MOST: usize = 16_384;
const DECILES: u32 = 10;

/// Households by a number of theirs. Equal or, where there are too many distinct ones, neighbouring values are kept
/// together, so a decile ends at the border of such a group. How wide groups are depends only on which values there are.
#[derive(Debug, Clone)]
pub struct Bands {
    /// Hundredths in a group.
    width: i64,
    /// By value divided by the width.
    groups: BTreeMap<i64, Tally>,
    /// Those without the number.
    without: Tally,
}

/// One decile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decile {
    /// From 1.
    pub place: u32,
    /// From this value (included).
    pub from: Decimal,
    /// To this value (excluded, except where groups hold one value).
    pub to: Decimal,
    /// Its households.
    pub tally: Tally,
}

impl Default for Bands {
    fn default() -> Self {
        Self { width: 1, groups: BTreeMap::new(), without: Tally::default() }
    }
}

impl Bands {
    /// One household more, with its number in hundredths.
    ///
    /// # Errors
    /// If a sum is beyond 38 digits.
    pub fn add(&mut self, number: Option<i64>, unit: &Judged) -> Result<(), TooGreat> {
        let Some(number) = number else { return self.without.add(unit) };
        self.groups.entry(number.div_euclid(self.width)).or_default().add(unit)?;
        while self.groups.len() > MOST {
            self.widen()?;
        }
        Ok(())
    }

    fn widen(&mut self) -> Result<(), TooGreat> {
        let Some(wider) = self.width.checked_mul(10) else { return Err(TooGreat) };
        self.width = wider;
        for (place, tally) in std::mem::take(&mut self.groups) {
            self.groups.entry(place.div_euclid(10)).or_default().merge(&tally)?;
        }
        Ok(())
    }

    /// How exact the borders are: 0.01 where every value is kept apart.
    #[must_use]
    pub fn grain(&self) -> Decimal {
        Decimal::new(self.width, 2)
    }

    /// The households without the number.
    #[must_use]
    pub fn without(&self) -> &Tally {
        &self.without
    }

    /// The deciles, from the lowest. A group stands in the decile in which its middle falls, so deciles are as equal as
    /// groups let them be; one in which no group falls is left out.
    ///
    /// # Errors
    /// If a sum is beyond 38 digits.
    pub fn deciles(&self) -> Result<Vec<Decile>, TooGreat> {
        let all: Decimal = self.groups.values().map(|tally| tally.households.weight.total()).sum();
        let mut below = Decimal::ZERO;
        let mut deciles: Vec<Decile> = Vec::new();
        for (place, tally) in &self.groups {
            let weight = tally.households.weight.total();
            let decile = decile_of(below + weight / Decimal::TWO, all);
            below += weight;
            let from = Decimal::new(place.saturating_mul(self.width), 2);
            let to = Decimal::new(place.saturating_add(1).saturating_mul(self.width), 2);
            match deciles.last_mut().filter(|last| last.place == decile) {
                Some(last) => {
                    last.to = to;
                    last.tally.merge(tally)?;
                }
                None => deciles.push(Decile { place: decile, from, to, tally: tally.clone() }),
            }
        }
        Ok(deciles)
    }
}

fn decile_of(middle: Decimal, all: Decimal) -> u32 {
    let share = middle.checked_div(all).unwrap_or_default() * Decimal::from(DECILES);
    u32::try_from(share.trunc()).unwrap_or_default().min(DECILES - 1) + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Verdict;

    fn bands(numbers: impl Iterator<Item = i64>) -> Bands {
        let mut bands = Bands::default();
        for number in numbers {
            let law = Verdict::Due(Decimal::new(number.rem_euclid(100), 2));
            let unit = Judged { weight: Decimal::ONE, people: Decimal::TWO, law, draft: None, applied: None };
            bands.add(Some(number), &unit).expect("it fits");
        }
        bands
    }

    #[test]
    fn however_many_values_there_are_and_in_whatever_order_the_deciles_are_the_same() {
        // From below zero, so that groups reach across it.
        let numbers = || (0..50_000).map(|place| place * 7 - 70_000);
        let (rising, falling) = (bands(numbers()), bands(numbers().rev()));
        assert!(rising.groups.len() <= MOST && rising.grain() == Decimal::new(100, 2), "{}", rising.grain());
        let deciles = rising.deciles().expect("they fit");
        assert_eq!(deciles, falling.deciles().expect("they fit"));
        assert_eq!(deciles.len(), 10);
        let rows = |decile: &Decile| decile.tally.households.rows;
        assert_eq!(deciles.iter().map(rows).sum::<u64>(), 50_000);
        assert!(deciles.iter().all(|decile| rows(decile).abs_diff(5_000) < 20), "a group is of 14 or 15 values");
        assert!(deciles.windows(2).all(|pair| pair[0].to <= pair[1].from));
        let together: Decimal = deciles.iter().map(|decile| decile.tally.law.cost.total()).sum();
        assert_eq!(together, numbers().map(|number| Decimal::new(number.rem_euclid(100), 2)).sum::<Decimal>());
    }

    #[test]
    fn values_that_are_few_are_kept_apart_and_equal_ones_together() {
        let deciles =
            bands([500, 100, 100, 100, 100, 100, 100, 100, 100, 900].into_iter()).deciles().expect("they fit");
        let told: Vec<(u32, Decimal, u64)> =
            deciles.iter().map(|decile| (decile.place, decile.from, decile.tally.households.rows)).collect();
        assert_eq!(told, [(5, Decimal::new(100, 2), 8), (9, Decimal::new(500, 2), 1), (10, Decimal::new(900, 2), 1)]);
    }
}
