//! Deciles of a number, in one pass, in bounded memory and in whatever order the households come.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::{
    sum::TooGreat,
    tally::{Judged, Tally},
};

/// Most distinct values that are kept apart; beyond, they are grouped ten by ten until they are fewer.
const MOST: usize = 32_768;
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
