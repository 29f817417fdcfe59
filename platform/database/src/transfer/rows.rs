//! All rows of a table, a few at a time, whatever their number and size.

use sha2::{Digest, Sha256};

use super::tables::{Kind, Table};
use crate::{Param, Result, Row, Tx, params};

/// How much of a table is held in memory at most, unless one row is larger.
const BATCH_BYTES: i64 = 32 << 20;
const BATCH_ROWS: i64 = 1000;

/// What a table holds, said in a way that does not depend on the engine nor on the order of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many rows.
    pub rows: u64,
    /// The sum of the SHA-256 digests of all rows, modulo 2^256. A row is the sequence of its columns by name, each as
    /// kind, length and bytes.
    pub digest: [u8; 32],
}

impl Tally {
    fn add(&mut self, row: &[Param]) {
        self.rows += 1;
        let mut carry = 0;
        for (sum, byte) in self.digest.iter_mut().zip(digest(row)).rev() {
            let total = u16::from(*sum) + u16::from(byte) + carry;
            [_, *sum] = total.to_be_bytes();
            carry = total >> 8;
        }
    }
}

fn digest(row: &[Param]) -> [u8; 32] {
    let mut hash = Sha256::new();
    let mut put = |kind: u8, bytes: &[u8]| {
        hash.update([kind]);
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    for value in row {
        match value {
            Param::Text(Some(text)) => put(1, text.as_bytes()),
            Param::Int(Some(number)) => put(2, &number.to_be_bytes()),
            Param::Blob(Some(bytes)) => put(3, bytes),
            Param::Text(None) | Param::Int(None) | Param::Blob(None) => put(0, &[]),
        }
    }
    hash.finalize().into()
}

/// Reads a table from its first row to its last, a batch at a time.
pub(super) struct Reader<'a> {
    table: &'a Table,
    batch: i64,
    cursor: String,
    /// The last row that was read, as SQLite numbers it; PostgreSQL keeps the cursor.
    last: i64,
    done: bool,
    /// What was read so far.
    pub tally: Tally,
}

impl<'a> Reader<'a> {
    pub async fn open(tx: &mut Tx, table: &'a Table) -> Result<Self> {
        let batch = (BATCH_BYTES / widest(tx, table).await?.max(1)).clamp(1, BATCH_ROWS);
        // A name for each table: what columns a prepared FETCH gives is remembered by its text.
        let cursor = format!("\"rows of {}\"", table.name);
        if tx.is_postgres() {
            let (columns, name) = (names(table), &table.name);
            tx.script(&format!("DECLARE {cursor} NO SCROLL CURSOR FOR SELECT {columns} FROM \"{name}\"")).await?;
        }
        Ok(Self { table, batch, cursor, last: i64::MIN, done: false, tally: Tally::default() })
    }

    /// The next rows; none at the end.
    pub async fn next(&mut self, tx: &mut Tx) -> Result<Vec<Vec<Param>>> {
        if self.done {
            return Ok(Vec::new());
        }
        let found = self.fetch(tx).await?;
        self.done = i64::try_from(found.len()).unwrap_or(i64::MAX) < self.batch;
        if self.done && tx.is_postgres() {
            tx.script(&format!("CLOSE {}", self.cursor)).await?;
        }
        let mut rows = Vec::with_capacity(found.len());
        for row in &found {
            let values = self.values(row)?;
            self.tally.add(&values);
            rows.push(values);
        }
        Ok(rows)
    }

    async fn fetch(&mut self, tx: &mut Tx) -> Result<Vec<Row>> {
        if tx.is_postgres() {
            return tx.rows(&format!("FETCH {} FROM {}", self.batch, self.cursor), params![]).await;
        }
        let (names, name) = (names(self.table), &self.table.name);
        let sql =
            format!("SELECT {names}, rowid AS row_place FROM \"{name}\" WHERE rowid > $1 ORDER BY rowid LIMIT $2");
        let found = tx.rows(&sql, params![self.last, self.batch]).await?;
        if let Some(row) = found.last() {
            self.last = row.int("row_place")?;
        }
        Ok(found)
    }

    fn values(&self, row: &Row) -> Result<Vec<Param>> {
        let columns = self.table.columns.iter().enumerate();
        columns
            .map(|(place, (name, kind))| {
                let value = match kind {
                    Kind::Text => row.at(place).map(Param::Text),
                    Kind::Int => row.at(place).map(Param::Int),
                    Kind::Blob => row.at(place).map(Param::Blob),
                };
                value.map_err(|error| {
                    crate::Error::Unfit(format!(
                        "la tabella {} ha un valore che non so leggere in {name}: {error}",
                        self.table.name
                    ))
                })
            })
            .collect()
    }
}

/// The bytes of the largest row.
async fn widest(tx: &mut Tx, table: &Table) -> Result<i64> {
    let of = |(name, kind): &(String, Kind)| match kind {
        Kind::Int => "8".to_owned(),
        Kind::Text | Kind::Blob => format!("coalesce(octet_length(\"{name}\"), 0)"),
    };
    let sum = table.columns.iter().map(of).collect::<Vec<_>>().join(" + ");
    tx.number(&format!("SELECT CAST(max({sum}) AS BIGINT) AS n FROM \"{}\"", table.name), params![]).await
}

/// Adds rows.
pub(super) async fn insert(tx: &mut Tx, table: &Table, rows: &[Vec<Param>]) -> Result<()> {
    tx.insert_all(&format!("INSERT INTO \"{}\" ({})", table.name, names(table)), rows, "").await
}

fn names(table: &Table) -> String {
    table.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tally_depends_on_every_value_and_on_no_order() {
        let row = |id: &str, n: Option<i64>| vec![Param::Text(Some(id.to_owned())), Param::Int(n)];
        let tally = |rows: &[Vec<Param>]| {
            let mut tally = Tally::default();
            rows.iter().for_each(|row| tally.add(row));
            tally
        };
        let both = tally(&[row("a", Some(1)), row("b", None)]);
        assert_eq!(both, tally(&[row("b", None), row("a", Some(1))]));
        for other in [
            vec![row("a", Some(1))],
            vec![row("a", Some(2)), row("b", None)],
            vec![row("a", None), row("b", Some(1))],
            vec![row("ab", Some(1)), row("", None)],
            vec![row("a", Some(1)), row("b", None), row("b", None)],
        ] {
            assert_ne!(both, tally(&other), "{other:?}");
        }
        // A sum that carried nothing would forget pairs: twice the same row is not no row.
        assert_ne!(tally(&[row("a", None), row("a", None)]).digest, Tally::default().digest);
    }
}
