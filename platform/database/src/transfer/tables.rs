//! Which tables a database has, as both engines can tell it.

use crate::{Error, Result, Tx, params};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Int,
    Blob,
}

/// A table, without what only its engine knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub name: String,
    /// In the order of their names: engines may keep them in another one.
    pub columns: Vec<(String, Kind)>,
    /// The tables that its rows point to.
    needs: Vec<String>,
}

/// All tables, each behind those that it needs.
pub(super) async fn of(tx: &mut Tx) -> Result<Vec<Table>> {
    let mut tables = Vec::new();
    for name in crate::tables::tables(tx).await? {
        let (columns, needs) = (columns(tx, &name).await?, needs(tx, &name).await?);
        tables.push(Table { name, columns, needs });
    }
    Ok(in_order(tables))
}

async fn columns(tx: &mut Tx, table: &str) -> Result<Vec<(String, Kind)>> {
    let sql = if tx.is_postgres() {
        "SELECT CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS type FROM information_schema.columns \
         WHERE table_schema = current_schema() AND table_name = $1"
    } else {
        "SELECT name, type FROM pragma_table_info($1)"
    };
    let mut columns = Vec::new();
    for row in tx.rows(sql, params![table]).await? {
        let (name, kind) = (row.text("name")?, row.text("type")?);
        let kind = match kind.to_uppercase().as_str() {
            "TEXT" => Kind::Text,
            "BIGINT" => Kind::Int,
            "BLOB" | "BYTEA" => Kind::Blob,
            _ => {
                return Err(Error::Unfit(format!("la colonna {table}.{name} è di un tipo che non so copiare: {kind}")));
            }
        };
        columns.push((name, kind));
    }
    columns.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(columns)
}

async fn needs(tx: &mut Tx, table: &str) -> Result<Vec<String>> {
    let sql = if tx.is_postgres() {
        "SELECT CAST(there.relname AS TEXT) AS name FROM pg_constraint \
         JOIN pg_class here ON here.oid = conrelid JOIN pg_class there ON there.oid = confrelid \
         WHERE contype = 'f' AND here.relnamespace = current_schema()::regnamespace AND here.relname = $1"
    } else {
        "SELECT \"table\" AS name FROM pragma_foreign_key_list($1)"
    };
    let rows = tx.rows(sql, params![table]).await?;
    let mut needs = rows.iter().map(|row| row.text("name")).collect::<Result<Vec<_>>>()?;
    needs.sort_unstable();
    needs.dedup();
    Ok(needs)
}

fn in_order(mut waiting: Vec<Table>) -> Vec<Table> {
    let mut ordered: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let there = |name: &String, of: &Table| *name == of.name || ordered.iter().any(|table| table.name == *name);
        // Tables that need one another in a circle would have no order; the engine then refuses the first row.
        let free = waiting.iter().position(|table| table.needs.iter().all(|name| there(name, table))).unwrap_or(0);
        ordered.push(waiting.remove(free));
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_comes_behind_those_that_it_needs() {
        let table = |name: &str, needs: &[&str]| Table {
            name: name.to_owned(),
            columns: Vec::new(),
            needs: needs.iter().map(|&name| name.to_owned()).collect(),
        };
        let tables = vec![table("a", &["c"]), table("b", &["b"]), table("c", &["d"]), table("d", &[])];
        let names: Vec<_> = in_order(tables).into_iter().map(|table| table.name).collect();
        assert_eq!(names, ["b", "d", "c", "a"]);
    }
}
