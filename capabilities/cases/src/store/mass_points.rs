//! Points of the law that whoever confirms a mass decision has read.

use std::collections::BTreeMap;

use base::Uuid;
use database::{Error, Param, Result, Row, Tx, params};
use rules::Unverified;
use sha2::{Digest, Sha256};

/// A point of the law that the sources leave uncertain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What it is.
    pub point: Unverified,
    /// On how many of the cases it bears.
    pub cases: i64,
}

/// Adds the points on which these outcomes rest, each as often as it comes.
///
/// # Errors
/// What the database refuses.
pub async fn add_points(tx: &mut Tx, mass: Uuid, found: &[Unverified]) -> Result<()> {
    let mut counted: BTreeMap<String, (&Unverified, i64)> = BTreeMap::new();
    for point in found {
        let key = hex::encode(&Sha256::digest(format!("{}\n{}", point.name, point.text))[..16]);
        counted.entry(key).or_insert((point, 0)).1 += 1;
    }
    let row = |(key, (point, cases)): (&String, &(&Unverified, i64))| -> Vec<Param> {
        params![mass, key, serde_json::json!(point).to_string(), *cases].to_vec()
    };
    let rows: Vec<_> = counted.iter().map(row).collect();
    let more = "ON CONFLICT (mass, point) DO UPDATE SET cases = mass_points.cases + excluded.cases";
    tx.insert_all("INSERT INTO mass_points (mass, point, content, cases)", &rows, more).await
}

/// All of them, those on which most cases rest first.
///
/// # Errors
/// What the database refuses.
pub async fn points(tx: &mut Tx, mass: Uuid) -> Result<Vec<Point>> {
    let sql = "SELECT content, cases FROM mass_points WHERE mass = $1 ORDER BY cases DESC, point";
    tx.rows(sql, params![mass]).await?.iter().map(point).collect()
}

fn point(row: &Row) -> Result<Point> {
    let content = serde_json::from_str(&row.text("content")?);
    let point = content.map_err(|error| Error::Column("content", error.to_string()))?;
    Ok(Point { point, cases: row.int("cases")? })
}
