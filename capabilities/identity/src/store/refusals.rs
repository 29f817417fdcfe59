use base::Timestamp;
use database::{Result, Tx, params};

pub(crate) async fn insert(tx: &mut Tx, subject: &str, asked: &str, at: Timestamp) -> Result<()> {
    let sql = "INSERT INTO identity_refusals (subject, asked, at) VALUES ($1, $2, $3)";
    tx.execute(sql, params![subject, asked, at]).await.map(drop)
}

pub(crate) async fn since(tx: &mut Tx, subject: &str, since: Timestamp) -> Result<i64> {
    let sql = "SELECT count(*) AS n FROM identity_refusals WHERE subject = $1 AND at >= $2";
    tx.number(sql, params![subject, since]).await
}
