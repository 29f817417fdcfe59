//! Amount tables as they govern at a moment, in the scale of what is looked up.

use rust_decimal::Decimal;

use crate::program::TableVersion;

use super::{
    column::scaled,
    value::{Scaled, floor_at},
};

/// The bounds of a table, found in a few steps without branches.
#[derive(Debug, Clone)]
pub(super) struct Brackets {
    pub table: usize,
    pub scale: Option<u32>,
    decimals: Vec<Decimal>,
    /// Rising, and one more that is above everything.
    bounds: Vec<i64>,
    grid: Option<Grid>,
}

/// Equal cells over the bounds, so narrow that none holds two: one step finds the bracket.
#[derive(Debug, Clone)]
struct Grid {
    shift: u32,
    /// How many bounds lie below each cell; the last cell is everything above.
    below: Vec<u32>,
}

const MOST_CELLS: i64 = 1 << 13;

impl Brackets {
    pub fn new(table: usize, scale: Option<u32>, version: &TableVersion) -> Self {
        let saturated = |bound: &Decimal| {
            let floor = floor_at(*bound, scale.unwrap_or(0));
            // Below every key, or above every key, is where it stays.
            i64::try_from(floor).unwrap_or(if floor < 0 { i64::MIN } else { i64::MAX })
        };
        let mut bounds: Vec<i64> = version.bounds.iter().map(saturated).collect();
        let grid = Grid::over(&bounds);
        bounds.push(i64::MAX);
        Self { table, scale, decimals: version.bounds.clone(), bounds, grid }
    }

    /// Places of the brackets `(above, up to]` of scaled numbers.
    pub fn find(&self, keys: &[i64], places: &mut [i32]) {
        let last = self.bounds.len() - 1;
        match &self.grid {
            Some(grid) => {
                let (first, top) = (self.bounds[0], grid.below.len() - 1);
                for (place, key) in places.iter_mut().zip(keys) {
                    let cell = key.saturating_sub(first) >> grid.shift;
                    let cell = usize::try_from(cell.max(0)).unwrap_or(0).min(top);
                    let below = grid.below[cell];
                    *place = below.cast_signed() + i32::from(self.bounds[below as usize] < *key);
                }
            }
            None => {
                for (place, key) in places.iter_mut().zip(keys) {
                    let found = self.bounds[..last].partition_point(|bound| bound < key);
                    *place = i32::try_from(found).unwrap_or(i32::MAX);
                }
            }
        }
    }

    /// Places of the brackets of numbers without a fixed scale.
    pub fn find_decimals(&self, keys: &[Decimal], places: &mut [i32]) {
        for (place, key) in places.iter_mut().zip(keys) {
            let found = self.decimals.partition_point(|bound| bound < key);
            *place = i32::try_from(found).unwrap_or(i32::MAX);
        }
    }
}

impl Grid {
    fn over(bounds: &[i64]) -> Option<Self> {
        let (first, last) = (*bounds.first()?, *bounds.last()?);
        let narrowest = bounds.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).min().unwrap_or(1);
        let shift = narrowest.checked_ilog2()?;
        let cells = (last.checked_sub(first)? >> shift) + 1;
        if cells > MOST_CELLS {
            return None;
        }
        let start = |cell: i64| first + (cell << shift);
        let below = |cell: i64| u32::try_from(bounds.partition_point(|bound| *bound < start(cell))).ok();
        // One cell more: everything above the last bound.
        Some(Self { shift, below: (0..=cells).map(below).collect::<Option<_>>()? })
    }
}

/// A column of amounts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Amounts {
    table: usize,
    column: usize,
    /// `None`: 64 bits do not hold every amount.
    pub range: Option<Scaled>,
    pub decimals: Vec<Decimal>,
    pub longs: Vec<i64>,
    pub ints: Vec<i32>,
}

impl Amounts {
    pub fn new(table: usize, column: usize, version: &TableVersion) -> Self {
        let decimals: Vec<Decimal> = version.rows.iter().map(|row| row[column]).collect();
        let scale = decimals.iter().map(|amount| amount.normalize().scale()).max().unwrap_or(0);
        let longs: Option<Vec<i64>> = decimals.iter().map(|amount| scaled(*amount, scale)).collect();
        let longs = longs.unwrap_or_default();
        let ends = longs.iter().min().zip(longs.iter().max());
        let range = ends.map(|(low, high)| Scaled { scale, low: (*low).into(), high: (*high).into() });
        let ints = longs.iter().filter_map(|amount| i32::try_from(*amount).ok()).collect();
        Self { table, column, range, decimals, longs, ints }
    }
}
