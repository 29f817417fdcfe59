//! Which cases the rows of a table fit: exact, because each column is cut into the finitely many parts between which
//! its conditions distinguish.

use std::collections::HashSet;

/// For each row and column, which parts of the column it accepts.
pub(super) struct Cover {
    /// How many parts each column has.
    pub parts: Vec<usize>,
    /// Row, column, part.
    pub accepts: Vec<Vec<Vec<bool>>>,
}

/// A case: one part for each column.
pub(super) type Case = Vec<usize>;

/// More steps than any table of a law needs; beyond, the answer is not known.
const MOST_STEPS: usize = 50_000;

/// The table distinguishes too many cases for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooManyCases;

impl Cover {
    /// A case that none of `rows` fits, within the cases that `frame` fits (any case if `None`).
    pub fn hole(&self, rows: &[usize], frame: Option<usize>) -> Result<Option<Case>, TooManyCases> {
        let mut search = Search { cover: self, frame, covered: HashSet::new(), steps: 0, path: Vec::new() };
        Ok(search.find(rows.to_vec())?.then_some(search.path))
    }

    /// A case that both rows fit.
    pub fn shared(&self, one: usize, other: usize) -> Option<Case> {
        let both = |column: usize| {
            (0..self.parts[column]).find(|part| self.accepts[one][column][*part] && self.accepts[other][column][*part])
        };
        (0..self.parts.len()).map(both).collect()
    }

    /// The column of which a row accepts nothing.
    pub fn never(&self, row: usize) -> Option<usize> {
        (0..self.parts.len()).find(|column| !self.accepts[row][*column].contains(&true))
    }

    fn accepts_all(&self, row: usize, from: usize) -> bool {
        self.accepts[row][from..].iter().all(|column| !column.contains(&false))
    }
}

struct Search<'c> {
    cover: &'c Cover,
    frame: Option<usize>,
    /// Columns decided and rows still fitting, from which every case is covered.
    covered: HashSet<(usize, Vec<usize>)>,
    steps: usize,
    path: Case,
}

impl Search<'_> {
    /// Extends the path to a case that none of `rows` fits. Depth is the number of columns.
    fn find(&mut self, rows: Vec<usize>) -> Result<bool, TooManyCases> {
        let column = self.path.len();
        if rows.iter().any(|row| self.cover.accepts_all(*row, column)) {
            return Ok(false);
        }
        if column == self.cover.parts.len() {
            return Ok(rows.is_empty());
        }
        let key = (column, rows);
        if self.covered.contains(&key) {
            return Ok(false);
        }
        for part in 0..self.cover.parts[column] {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                return Err(TooManyCases);
            }
            if self.frame.is_some_and(|frame| !self.cover.accepts[frame][column][part]) {
                continue;
            }
            let left = key.1.iter().copied().filter(|row| self.cover.accepts[*row][column][part]).collect();
            self.path.push(part);
            if self.find(left)? {
                return Ok(true);
            }
            self.path.pop();
        }
        self.covered.insert(key);
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two columns of three and two parts.
    fn cover(rows: &[(&[usize], &[usize])]) -> Cover {
        let row = |(first, second): &(&[usize], &[usize])| {
            vec![
                (0..3).map(|part| first.contains(&part)).collect(),
                (0..2).map(|part| second.contains(&part)).collect(),
            ]
        };
        Cover { parts: vec![3, 2], accepts: rows.iter().map(row).collect() }
    }

    #[test]
    fn a_hole_is_found_where_it_is() {
        let table = cover(&[(&[0, 1], &[0, 1]), (&[2], &[0])]);
        assert_eq!(table.hole(&[0, 1], None), Ok(Some(vec![2, 1])));
        assert_eq!(table.hole(&[0, 1], Some(1)), Ok(None));
        let whole = cover(&[(&[0, 1], &[0, 1]), (&[2], &[0]), (&[0, 1, 2], &[1])]);
        assert_eq!(whole.hole(&[0, 1, 2], None), Ok(None));
        assert_eq!((whole.shared(0, 1), whole.shared(0, 2)), (None, Some(vec![0, 1])));
    }
}
