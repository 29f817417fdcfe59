//! What the schema's history says of transfers. A database that is marked is not served: no act is written into half a
//! book, and none into a book that goes on elsewhere.

use base::Timestamp;

use crate::{Database, Error, Migration, Result, Tx, migrations::CREATE_HISTORY, params, without_password};

/// The table of the history.
pub(super) const HISTORY: &str = "schema_history";
const UNFINISHED: &str = "transfer/unfinished";
const MOVED: &str = "transfer/moved";

/// Marks an empty target; `run` says who fills it.
pub(super) async fn begin(target: &Database, run: &str, now: Timestamp) -> Result<()> {
    let mut tx = target.begin().await?;
    tx.script(CREATE_HISTORY).await?;
    mark(&mut tx, UNFINISHED, run, now).await?;
    tx.commit().await
}

/// Takes the mark away that this run made.
pub(super) async fn finish(target: &Database, run: &str) -> Result<()> {
    let mut tx = target.begin().await?;
    let sql = "DELETE FROM schema_history WHERE name = $1 AND sql = $2";
    if tx.execute(sql, params![UNFINISHED, run]).await? != 1 {
        let why = "un altro trasferimento verso la stessa destinazione è cominciato nel frattempo: ripetine uno solo";
        return Err(Error::Unfit(why.to_owned()));
    }
    tx.commit().await
}

/// Marks a source whose book goes on at another address.
pub(super) async fn moved(source: &mut Tx, to: &str, now: Timestamp) -> Result<()> {
    source.execute("DELETE FROM schema_history WHERE name = $1", params![MOVED]).await?;
    mark(source, MOVED, &without_password(to), now).await
}

async fn mark(tx: &mut Tx, name: &str, text: &str, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO schema_history (name, sql, applied_at) VALUES ($1, $2, $3)";
    tx.execute(sql, params![name, text, now]).await.map(drop)
}

/// Whether a transfer to this database began and did not end.
pub(super) async fn unfinished(tx: &mut Tx) -> Result<bool> {
    Ok(marked(tx, UNFINISHED).await?.is_some())
}

/// # Errors
/// [`Error::Unfit`] for the target of a transfer that did not end.
pub(crate) async fn refuse_unfinished(tx: &mut Tx) -> Result<()> {
    if !unfinished(tx).await? {
        return Ok(());
    }
    let why = "un trasferimento verso questo database non è finito: ripeti «sportello migrate --from … --to …»";
    Err(Error::Unfit(why.to_owned()))
}

/// # Errors
/// [`Error::Unfit`] for the source of a transfer that ended.
pub(crate) async fn refuse_moved(tx: &mut Tx) -> Result<()> {
    match marked(tx, MOVED).await? {
        None => Ok(()),
        Some(to) => Err(Error::Unfit(format!("questo libro è stato trasferito: continua in {to}. Apri quello"))),
    }
}

/// A source that was closed may be copied again to where it was going: the last step may have been missing.
pub(super) async fn refuse_moved_elsewhere(tx: &mut Tx, to: &str) -> Result<()> {
    if marked(tx, MOVED).await?.is_some_and(|before| before == without_password(to)) {
        return Ok(());
    }
    refuse_moved(tx).await
}

/// The source must have the steps that this program knows, and no others.
pub(super) async fn refuse_other_version(tx: &mut Tx, steps: &[Migration]) -> Result<()> {
    let rows = tx.rows("SELECT name, sql FROM schema_history WHERE name <> $1", params![MOVED]).await?;
    let mut there = rows.iter().map(|row| Ok((row.text("name")?, row.text("sql")?))).collect::<Result<Vec<_>>>()?;
    let mut here: Vec<_> = steps.iter().map(|step| (step.name.to_owned(), step.sql.to_owned())).collect();
    there.sort_unstable();
    here.sort_unstable();
    if there == here {
        return Ok(());
    }
    let why =
        "lo schema è di un’altra versione del programma: prima esegui «sportello migrate --database …» con questa";
    Err(Error::Unfit(why.to_owned()))
}

/// The steps that were applied, without marks.
pub(crate) fn is_step(name: &str) -> bool {
    name != UNFINISHED && name != MOVED
}

async fn marked(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    if !crate::tables::tables(tx).await?.iter().any(|table| table == HISTORY) {
        return Ok(None);
    }
    let row = tx.row("SELECT sql FROM schema_history WHERE name = $1", params![name]).await?;
    row.map(|row| row.text("sql")).transpose()
}
