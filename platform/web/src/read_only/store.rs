use base::Timestamp;
use database::{Result, Tx, params};

const NAME: &str = "read-only";

pub(super) async fn since(tx: &mut Tx) -> Result<Option<Timestamp>> {
    let row = tx.row("SELECT since FROM web_switches WHERE name = $1", params![NAME]).await?;
    row.map(|row| row.instant("since")).transpose()
}

pub(super) async fn switch_on(tx: &mut Tx, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO web_switches (name, since) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    tx.execute(sql, params![NAME, now]).await.map(drop)
}

pub(super) async fn switch_off(tx: &mut Tx) -> Result<()> {
    tx.execute("DELETE FROM web_switches WHERE name = $1", params![NAME]).await.map(drop)
}
