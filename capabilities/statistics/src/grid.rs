//! Figures of groups as a grid, in which nothing is said of fewer than three households.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::summary::{Cost, Figures};

/// Households of whom a figure must speak at least; a figure of fewer would tell of single ones.
pub const LEAST: u64 = 3;

/// What a column tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Households.
    Households,
    /// Households entitled by the law in force.
    Entitled,
    /// What it costs in a month, or once.
    Cost,
    /// Households entitled by the draft.
    DraftEntitled,
    /// What the draft costs in a month, or once.
    DraftCost,
    /// Households that get more by the draft.
    Winners,
    /// Households that get less by the draft.
    Losers,
    /// Households entitled by the law in force that did not ask.
    Unclaimed,
}

/// A figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Households of whom it tells: of a difference, those whom it makes.
    rows: u64,
    /// `None` where it is not told.
    pub value: Option<Decimal>,
}

/// Groups by measures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The columns.
    pub measures: Vec<Measure>,
    /// The groups: name, and a figure for each measure.
    pub groups: Vec<(String, Vec<Cell>)>,
}

impl Measure {
    /// Its name in JSON and in the words of pages.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Households => "households",
            Self::Entitled => "entitled",
            Self::Cost => "cost",
            Self::DraftEntitled => "draft_entitled",
            Self::DraftCost => "draft_cost",
            Self::Winners => "winners",
            Self::Losers => "losers",
            Self::Unclaimed => "unclaimed",
        }
    }

    /// Whether it is an amount; otherwise it is a number of households.
    #[must_use]
    pub fn is_cost(self) -> bool {
        matches!(self, Self::Cost | Self::DraftCost)
    }
}

impl Grid {
    /// Groups that together are everybody, with what can be told of them.
    #[must_use]
    pub fn new(groups: &[(String, &Figures)]) -> Self {
        let first = groups.first().map(|(_, figures)| cells(figures)).unwrap_or_default();
        let measures: Vec<Measure> = first.into_iter().map(|(measure, _)| measure).collect();
        let own = |figures: &Figures| cells(figures).into_iter().map(|(_, cell)| cell).collect();
        let mut grid =
            Self { measures, groups: groups.iter().map(|(name, figures)| (name.clone(), own(figures))).collect() };
        for column in 0..grid.measures.len() {
            grid.withhold(column);
        }
        grid
    }

    fn withhold(&mut self, column: usize) {
        let rows: Vec<u64> = self.groups.iter().map(|(_, cells)| cells[column].rows).collect();
        for (place, hidden) in withheld(&rows).into_iter().enumerate() {
            if hidden {
                self.groups[place].1[column].value = None;
            }
        }
    }

    /// Whether something is not told.
    #[must_use]
    pub fn withholds(&self) -> bool {
        self.groups.iter().flat_map(|(_, cells)| cells).any(|cell| cell.value.is_none())
    }

    /// The groups as JSON; `null` for what is not told.
    #[must_use]
    pub fn json(&self) -> Value {
        let group = |(name, cells): &(String, Vec<Cell>)| {
            let mut object = Map::from_iter([("name".to_owned(), json!(name))]);
            let figures = self.measures.iter().zip(cells);
            object.extend(figures.map(|(measure, cell)| (measure.key().to_owned(), json!(cell.value))));
            Value::Object(object)
        };
        Value::Array(self.groups.iter().map(group).collect())
    }
}

fn cells(figures: &Figures) -> Vec<(Measure, Cell)> {
    let told = |rows, value| Cell { rows, value: Some(value) };
    let cost = |rows, cost: Cost| Cell { rows, value: cost.month.or(cost.once) };
    let paid = |cost: Cost| cost.month.or(cost.once).is_some();
    let mut cells = vec![
        (Measure::Households, told(figures.rows, figures.households)),
        (Measure::Entitled, told(figures.law.rows, figures.law.households)),
    ];
    if paid(figures.law.cost) {
        cells.push((Measure::Cost, cost(figures.law.rows, figures.law.cost)));
    }
    if let (Some(draft), Some(change)) = (&figures.draft, &figures.change) {
        // Beside what the law gives, what the draft gives tells of those whom it changes something for.
        let moved = change.winners.rows + change.losers.rows;
        let fewest = if moved == 0 { draft.rows } else { moved.min(draft.rows.max(1)) };
        cells.push((Measure::DraftEntitled, told(fewest, draft.households)));
        if paid(draft.cost) {
            cells.push((Measure::DraftCost, cost(fewest, draft.cost)));
        }
        cells.push((Measure::Winners, told(change.winners.rows, change.winners.households)));
        cells.push((Measure::Losers, told(change.losers.rows, change.losers.households)));
    }
    if let Some(unclaimed) = figures.unclaimed {
        cells.push((Measure::Unclaimed, told(unclaimed.rows, unclaimed.households)));
    }
    cells
}

/// Which figures of a column are not told: those of one or two households, and, since the total of the column is known,
/// as many of the smallest others as it takes for those not told to be of three households in two groups at least.
fn withheld(rows: &[u64]) -> Vec<bool> {
    let mut hidden: Vec<bool> = rows.iter().map(|rows| (1..LEAST).contains(rows)).collect();
    loop {
        let places: Vec<usize> = (0..rows.len()).filter(|place| hidden[*place]).collect();
        let together: u64 = places.iter().map(|place| rows[*place]).sum();
        if places.is_empty() || (places.len() > 1 && together >= LEAST) {
            return hidden;
        }
        let others = (0..rows.len()).filter(|place| !hidden[*place] && rows[*place] > 0);
        match others.min_by_key(|place| rows[*place]) {
            Some(smallest) => hidden[smallest] = true,
            None => return hidden,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_figure_of_few_is_not_told_nor_found_by_subtraction() {
        assert_eq!(withheld(&[0, 3, 50]), [false, false, false]);
        assert_eq!(withheld(&[1, 9, 50]), [true, true, false], "50 and the total would tell it");
        assert_eq!(withheld(&[1, 2, 50]), [true, true, false]);
        assert_eq!(withheld(&[1, 1, 7, 50]), [true, true, true, false]);
        assert_eq!(withheld(&[2]), [true]);
    }

    proptest! {
        #[test]
        fn what_is_withheld_is_of_three_households_in_two_groups(rows in prop::collection::vec(0u64..9, 0..12)) {
            let hidden = withheld(&rows);
            let told = |wanted| rows.iter().zip(&hidden).filter(move |(_, hidden)| **hidden == wanted).map(|(rows, _)| *rows);
            prop_assert!(told(false).all(|rows| rows == 0 || rows >= LEAST));
            let of_few: Vec<u64> = told(true).collect();
            let all_of_them = rows.iter().sum::<u64>() < LEAST || told(false).all(|rows| rows == 0);
            prop_assert!(of_few.is_empty() || all_of_them || (of_few.len() > 1 && of_few.iter().sum::<u64>() >= LEAST));
        }
    }
}
