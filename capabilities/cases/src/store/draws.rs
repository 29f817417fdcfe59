use base::Timestamp;
use database::{Result, Tx, params};

/// The key of the lots of a window, once there is one.
///
/// # Errors
/// What the database refuses.
pub async fn draw_key(tx: &mut Tx, service: &str, opens: Timestamp) -> Result<Option<String>> {
    let sql = "SELECT secret FROM case_draws WHERE service = $1 AND opens = $2";
    tx.row(sql, params![service, opens]).await?.map(|row| row.text("secret")).transpose()
}

/// Keeps a key, if there is none yet.
///
/// # Errors
/// What the database refuses.
pub async fn keep_draw_key(tx: &mut Tx, service: &str, opens: Timestamp, secret: &str) -> Result<()> {
    let sql =
        "INSERT INTO case_draws (service, opens, secret) VALUES ($1, $2, $3) ON CONFLICT (service, opens) DO NOTHING";
    tx.execute(sql, params![service, opens, secret]).await.map(drop)
}
