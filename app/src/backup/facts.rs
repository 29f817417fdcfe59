//! What can be said of a book without showing anything of it: two books of which all of it is equal are the same book.

use std::path::Path;

use database::{Database, Tx};

use crate::told;

/// The facts of a SQLite file that nobody else uses; closed again afterwards.
pub async fn of_file(path: &Path) -> anyhow::Result<Vec<String>> {
    let url = format!("sqlite:{}", path.display());
    let database = Database::open(&url).await.map_err(|error| told::unusable(&url, &error))?;
    let facts = async { of(&mut database.read().await?).await };
    let facts = facts.await.map_err(|error| told::unusable(&url, &error));
    database.close().await;
    facts
}

/// The facts, one on each line: acts, last signed checkpoint, followers, every table.
pub async fn of(tx: &mut Tx) -> database::Result<Vec<String>> {
    let mut facts = vec![format!("acts {}", acts::count(tx).await?)];
    if let Some(signed) = notary::newest_checkpoint(tx).await? {
        facts.push(format!("checkpoint {} {}", signed.size, hex::encode(signed.root)));
    }
    for (name, next) in acts::cursors(tx).await? {
        facts.push(format!("follower {name} {next}"));
    }
    for (table, tally) in database::tallies(tx).await? {
        facts.push(format!("table {table} {} {}", tally.rows, hex::encode(tally.digest)));
    }
    Ok(facts)
}
