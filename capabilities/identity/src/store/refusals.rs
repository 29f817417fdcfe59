use base::Timestamp;
use database::{Result, Tx, params};

/// How often somebody was refused in an hour, and for how many different things.
pub(crate) async fn of_hour(tx: &mut Tx, subject: &str, hour: Timestamp) -> Result<(i64, i64)> {
    let sql = "SELECT count(*) AS things, CAST(coalesce(sum(times), 0) AS BIGINT) AS times
               FROM identity_refusals WHERE subject = $1 AND at = $2";
    let row = tx.row(sql, params![subject, hour]).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.int("things")?, row.int("times")?)))
}

/// Counts one more refusal of an hour.
pub(crate) async fn count(tx: &mut Tx, subject: &str, asked: &str, hour: Timestamp) -> Result<()> {
    let sql = "UPDATE identity_refusals SET times = times + 1 WHERE subject = $1 AND at = $3 AND asked = $2";
    if tx.execute(sql, params![subject, asked, hour]).await? == 0 {
        let sql = "INSERT INTO identity_refusals (subject, asked, at) VALUES ($1, $2, $3)";
        tx.execute(sql, params![subject, asked, hour]).await?;
    }
    Ok(())
}

pub(crate) async fn since(tx: &mut Tx, subject: &str, since: Timestamp) -> Result<i64> {
    let sql = "SELECT CAST(coalesce(sum(times), 0) AS BIGINT) AS n
               FROM identity_refusals WHERE subject = $1 AND at >= $2";
    tx.number(sql, params![subject, since]).await
}
