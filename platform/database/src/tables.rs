use crate::{Result, Tx, params};

/// The names of all tables, in alphabetical order.
///
/// # Errors
/// What the engine refuses.
pub async fn tables(tx: &mut Tx) -> Result<Vec<String>> {
    let sql = if tx.is_postgres() {
        // A table that operators have partitioned is one table.
        "SELECT CAST(relname AS TEXT) AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace \
         AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1"
    } else {
        // What begins with sqlite_ is the engine's own.
        "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name"
    };
    tx.rows(sql, params![]).await?.iter().map(|row| row.text("name")).collect()
}
