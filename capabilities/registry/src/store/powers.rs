//! Decrees by which courts appointed somebody.

use base::Date;
use database::{Error, Result, Row, Tx, params};
use population::DecreeKind;

use crate::powers::Decree;

const KINDS: [(DecreeKind, &str); 2] =
    [(DecreeKind::Guardian, "guardian"), (DecreeKind::Administrator, "administrator")];

pub(crate) async fn record(tx: &mut Tx, decree: &Decree) -> Result<()> {
    let sql = "INSERT INTO registry_decrees (id, kind, represented, representative, number, court, from_day, until_day) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
               ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, represented = excluded.represented, \
                 representative = excluded.representative, number = excluded.number, court = excluded.court, \
                 from_day = excluded.from_day, until_day = excluded.until_day";
    let kind = KINDS.iter().find(|(kind, _)| *kind == decree.kind).map_or("", |(_, key)| key);
    let Decree { id, represented, representative, number, court, from, until, .. } = decree;
    let values = params![id, kind, represented, representative, number, court, *from, *until];
    tx.execute(sql, values).await.map(drop)
}

pub(crate) async fn by_representative(tx: &mut Tx, representative: &str, on: Date) -> Result<Vec<Decree>> {
    let sql = "SELECT id, kind, represented, representative, number, court, from_day, until_day FROM registry_decrees \
               WHERE representative = $1 AND from_day <= $2 AND (until_day IS NULL OR until_day >= $2) ORDER BY id";
    tx.rows(sql, params![representative, on]).await?.iter().map(decree).collect()
}

pub(crate) async fn by_represented(tx: &mut Tx, represented: &str, on: Date) -> Result<Vec<Decree>> {
    let sql = "SELECT id, kind, represented, representative, number, court, from_day, until_day FROM registry_decrees \
               WHERE represented = $1 AND from_day <= $2 AND (until_day IS NULL OR until_day >= $2) ORDER BY id";
    tx.rows(sql, params![represented, on]).await?.iter().map(decree).collect()
}

fn decree(row: &Row) -> Result<Decree> {
    let key = row.text("kind")?;
    let kind = KINDS.iter().find(|(_, known)| *known == key).map(|(kind, _)| *kind);
    Ok(Decree {
        id: row.text("id")?,
        kind: kind.ok_or_else(|| Error::Column("kind", format!("`{key}` is no decree")))?,
        represented: row.parsed("represented")?,
        representative: row.parsed("representative")?,
        number: row.text("number")?,
        court: row.text("court")?,
        from: row.date("from_day")?,
        until: row.opt_parsed("until_day")?,
    })
}
