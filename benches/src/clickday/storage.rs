//! What storing alone takes: the rows that the applications left, taken out and written once more into the same tables
//! and indexes, durable as before, 64 applications to a unit of work, with no HTTP, no forms, no law. Drafts, which are
//! gone by then, are not among them.

use std::time::{Duration, Instant};

use anyhow::ensure;
use benches::figures::Times;
use database::{Database, params};

use benches::world::SERVICE;

/// The tables that an application is written to, in an order that references allow, each with a column that finds its
/// rows and with what leads from a row (`t`) to its case (`h`).
const TABLES: [(&str, &str, &str); 5] = [
    ("acts", "position", "JOIN held h ON h.id = t.case_id"),
    ("act_contents", "position", "JOIN acts a ON a.position = t.position JOIN held h ON h.id = a.case_id"),
    ("cases", "id", "JOIN held h ON h.id = t.id"),
    ("submissions", "case_id", "JOIN held h ON h.id = t.case_id"),
    ("protocol_entries", "case_id", "JOIN held h ON h.id = t.case_id"),
];

/// As many as the program's own units of work hold at most.
const TOGETHER: i64 = 64;

/// Applications stored a second, and how long a unit of them took. The rows are the same afterwards.
pub async fn alone(url: &str) -> anyhow::Result<(f64, Times)> {
    let database = Database::open(url).await?;
    let (held, first, last) = take_out(&database).await?;
    let (mut times, began) = (Vec::new(), Instant::now());
    for from in (first..=last).step_by(usize::try_from(TOGETHER)?) {
        let at = Instant::now();
        put_back(&database, from, (from + TOGETHER - 1).min(last)).await?;
        times.push(at.elapsed());
    }
    let took = began.elapsed();
    let mut tx = database.read().await?;
    let stored = tx.number("SELECT count(*) AS n FROM cases WHERE service = $1", params![SERVICE]).await?;
    drop(tx);
    database.close().await;
    ensure!(stored == held, "{stored} applications were written again, not {held}");
    Ok((rate(stored, took), Times::new(times, took)))
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn rate(stored: i64, took: Duration) -> f64 {
    stored as f64 / took.as_secs_f64()
}

/// Puts the rows aside; gives how many applications they are, and the first and the last of their protocol numbers.
async fn take_out(database: &Database) -> anyhow::Result<(i64, i64, i64)> {
    let mut tx = database.begin().await?;
    let held = "CREATE TABLE held AS SELECT id, protocol_number AS number FROM cases WHERE service =";
    tx.execute(&format!("{held} '{SERVICE}'"), params![]).await?;
    tx.execute("CREATE UNIQUE INDEX held_number ON held (number)", params![]).await?;
    tx.execute("CREATE UNIQUE INDEX held_id ON held (id)", params![]).await?;
    for (table, key, case) in TABLES {
        tx.execute(&format!("CREATE TABLE held_{table} AS SELECT t.* FROM {table} t {case}"), params![]).await?;
        tx.execute(&format!("CREATE INDEX held_{table}_{key} ON held_{table} ({key})"), params![]).await?;
    }
    for (table, key, _) in TABLES.into_iter().rev() {
        let gone = format!("DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM held_{table})");
        tx.execute(&gone, params![]).await?;
    }
    let held = tx.number("SELECT count(*) AS n FROM held", params![]).await?;
    let first = tx.number("SELECT min(number) AS n FROM held", params![]).await?;
    let last = tx.number("SELECT max(number) AS n FROM held", params![]).await?;
    tx.commit().await?;
    Ok((held, first, last))
}

async fn put_back(database: &Database, from: i64, to: i64) -> anyhow::Result<()> {
    let mut tx = database.begin().await?;
    for (table, _, case) in TABLES {
        let sql = format!(
            "INSERT INTO {table} SELECT t.* FROM held_{table} t {case} WHERE h.number BETWEEN $1 AND $2 ORDER BY h.number"
        );
        tx.execute(&sql, params![from, to]).await?;
    }
    Ok(tx.commit().await?)
}
