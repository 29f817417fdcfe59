use crate::{Param, Result, Row, Tx};

/// How many rows a statement inserts: a few fixed shapes, so that each is prepared once however many rows there are.
const SHAPES: [usize; 4] = [256, 32, 4, 1];
/// What one statement may bind: SQLite stops at 32,766, PostgreSQL at 65,535.
const MOST_VALUES: usize = 30_000;

impl Tx {
    /// Inserts rows with few statements. `into` names table and columns, `INSERT INTO t (a, b)`; `ending` follows the
    /// rows, such as `ON CONFLICT DO NOTHING`. Every row has the same number of values.
    ///
    /// # Errors
    /// See [`Tx::execute`].
    pub async fn insert_all(&mut self, into: &str, rows: &[Vec<Param>], ending: &str) -> Result<()> {
        let columns = rows.first().map_or(1, Vec::len).max(1);
        let mut rest = rows;
        for shape in SHAPES.into_iter().filter(|shape| shape * columns <= MOST_VALUES) {
            if rest.len() < shape {
                continue;
            }
            let sql = format!("{into} VALUES {} {ending}", placeholders(shape, columns));
            while let Some((some, after)) = rest.split_at_checked(shape) {
                self.execute(&sql, &some.concat()).await?;
                rest = after;
            }
        }
        Ok(())
    }
}

/// How many values a list in a statement has at most.
const MOST_LISTED: usize = 64;

impl Tx {
    /// Rows of which a column is one of `values`: `begins` ends with `IN`, `ends` stands behind the list.
    ///
    /// # Errors
    /// See [`Tx::execute`].
    pub async fn rows_in(&mut self, begins: &str, values: &[&str], ends: &str) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        for some in values.chunks(MOST_LISTED) {
            let (list, values) = list(0, some);
            rows.extend(self.rows(&format!("{begins} {list} {ends}"), &values).await?);
        }
        Ok(rows)
    }

    /// Changes the rows of which a column is one of `values`: `begins` ends with `IN`, and `first` are the values of its
    /// own placeholders.
    ///
    /// # Errors
    /// See [`Tx::execute`].
    pub async fn execute_in(&mut self, begins: &str, first: &[Param], values: &[&str]) -> Result<()> {
        for some in values.chunks(MOST_LISTED) {
            let (list, values) = list(first.len(), some);
            self.execute(&format!("{begins} {list}"), &[first, &values].concat()).await?;
        }
        Ok(())
    }
}

/// `($1, $2)` with its values, for `IN`, behind so many placeholders. The last value is repeated up to the next of a few
/// lengths, so that there are few statements to prepare.
fn list(behind: usize, values: &[&str]) -> (String, Vec<Param>) {
    let length = values.len().next_power_of_two();
    let repeated = values.iter().chain(std::iter::repeat(values.last().unwrap_or(&"")));
    (row(behind, length), repeated.take(length).copied().map(Param::from).collect())
}

/// `($1, $2), ($3, $4)` for two rows of two columns.
fn placeholders(rows: usize, columns: usize) -> String {
    (0..rows).map(|before| row(before * columns, columns)).collect::<Vec<_>>().join(", ")
}

/// `($3, $4)` for two columns behind two placeholders.
fn row(behind: usize, columns: usize) -> String {
    let numbers: Vec<String> = (1..=columns).map(|column| format!("${}", behind + column)).collect();
    format!("({})", numbers.join(", "))
}
