use super::Tone;

/// A table with its caption.
#[derive(Debug, Clone)]
pub struct Table {
    /// What the table shows; read first by screen readers.
    pub caption: String,
    /// Headings of the columns.
    pub head: Vec<String>,
    /// Rows; the first cell of each names it.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Headings, each with whether its column holds numbers (by the first row): then it stands on the right too.
    pub(super) fn columns(&self) -> Vec<(&str, bool)> {
        let first = self.rows.first();
        let number = |column: usize| first.and_then(|row| row.get(column)).is_some_and(|cell| cell.number);
        self.head.iter().enumerate().map(|(column, head)| (head.as_str(), number(column))).collect()
    }
}

/// A cell of a [`Table`].
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// What is read.
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
    /// Shown as the badge of a state.
    pub badge: Option<Tone>,
    /// A number: aligned to the right.
    pub number: bool,
    /// In Italian, whatever the language of the page: what a register holds is not translated.
    pub italian: bool,
}

impl Cell {
    /// What stands in a register, in Italian.
    #[must_use]
    pub fn italian(text: impl Into<String>) -> Self {
        Self { text: text.into(), italian: true, ..Self::default() }
    }

    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A number or an amount.
    #[must_use]
    pub fn number(text: impl Into<String>) -> Self {
        Self { text: text.into(), number: true, ..Self::default() }
    }

    /// A link.
    #[must_use]
    pub fn link(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: Some(href.into()), ..Self::default() }
    }

    /// A state.
    #[must_use]
    pub fn badge(tone: Tone, text: impl Into<String>) -> Self {
        Self { text: text.into(), badge: Some(tone), ..Self::default() }
    }
}

/// Where one stands in a long list.
#[derive(Debug, Clone)]
pub struct Pagination {
    /// This page, from 1.
    pub current: usize,
    /// Number of pages.
    pub last: usize,
    /// Address of a page without its number: `/ufficio/pratiche?stato=aperta&pagina=`.
    pub prefix: String,
}

impl Pagination {
    /// First, last, and those around the present one; 0 stands for a gap.
    pub(super) fn numbers(&self) -> Vec<usize> {
        let near = |page: &usize| *page == 1 || *page == self.last || page.abs_diff(self.current) <= 1;
        let mut shown: Vec<usize> = Vec::new();
        for page in (1..=self.last).filter(near) {
            if shown.last().is_some_and(|last| page - last > 1) {
                shown.push(0);
            }
            shown.push(page);
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_show_the_ends_and_the_neighbours() {
        let numbers = |current, last| Pagination { current, last, prefix: String::new() }.numbers();
        assert_eq!(numbers(1, 3), [1, 2, 3]);
        assert_eq!(numbers(6, 12), [1, 0, 5, 6, 7, 0, 12]);
        assert_eq!(numbers(12, 12), [1, 0, 11, 12]);
    }
}
