use base::Uuid;
use database::{Result, Tx, params};

/// Erases what the acts of a case before `seq` say, with their salts; gives how many that were. Place, kind, instant and
/// digest stay, and with them every proof: without the salt nobody can guess the content back from the digest. The one
/// way in which content leaves the book, and the act `seq` says why.
///
/// # Errors
/// What the database refuses.
pub async fn erase(tx: &mut Tx, case: Uuid, seq: i64) -> Result<u64> {
    let sql = "DELETE FROM act_contents WHERE position IN (SELECT position FROM acts WHERE case_id = $1 AND seq < $2)";
    tx.execute(sql, params![case, seq]).await
}

/// How many acts there are whose content was erased.
///
/// # Errors
/// What the database refuses.
pub async fn erased(tx: &mut Tx) -> Result<i64> {
    let kept = tx.number("SELECT count(*) AS n FROM act_contents", params![]).await?;
    Ok(super::count(tx).await? - kept)
}
