use base::Timestamp;
use database::{Result, Tx, params};

/// The app of an official.
pub(crate) struct App {
    /// Sealed.
    pub(crate) secret: String,
    /// The step of the last code that was taken.
    pub(crate) last_step: i64,
    pub(crate) since: Timestamp,
}

/// Whether an official has a second proof: recovery codes alone are none.
pub(crate) async fn any(tx: &mut Tx, staff: &str) -> Result<bool> {
    let sql = "SELECT (SELECT count(*) FROM identity_totp WHERE staff = $1)
                    + (SELECT count(*) FROM identity_passkeys WHERE staff = $1) AS n";
    Ok(tx.number(sql, params![staff]).await? != 0)
}

pub(crate) async fn app(tx: &mut Tx, staff: &str) -> Result<Option<App>> {
    let sql = "SELECT secret, last_step, since FROM identity_totp WHERE staff = $1";
    let Some(row) = tx.row(sql, params![staff]).await? else { return Ok(None) };
    Ok(Some(App { secret: row.text("secret")?, last_step: row.int("last_step")?, since: row.instant("since")? }))
}

/// Whose apps there are, and their sealed secrets.
pub(crate) async fn apps(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    let rows = tx.rows("SELECT staff, secret FROM identity_totp ORDER BY staff", &[]).await?;
    rows.iter().map(|row| Ok((row.text("staff")?, row.text("secret")?))).collect()
}

/// Takes the place of the app before, if there was one.
pub(crate) async fn put_app(tx: &mut Tx, staff: &str, app: &App) -> Result<()> {
    let sql = "INSERT INTO identity_totp (staff, secret, last_step, since) VALUES ($1, $2, $3, $4)
               ON CONFLICT (staff) DO UPDATE
               SET secret = excluded.secret, last_step = excluded.last_step, since = excluded.since";
    tx.execute(sql, params![staff, &app.secret, app.last_step, app.since]).await.map(drop)
}

/// Notes that the code of `step` was used; `false` when it was before, or a later one.
pub(crate) async fn use_step(tx: &mut Tx, staff: &str, step: i64) -> Result<bool> {
    let sql = "UPDATE identity_totp SET last_step = $2 WHERE staff = $1 AND last_step < $2";
    Ok(tx.execute(sql, params![staff, step]).await? == 1)
}

pub(crate) async fn remove_app(tx: &mut Tx, staff: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM identity_totp WHERE staff = $1", params![staff]).await? == 1)
}

/// Takes the place of all recovery codes before.
pub(crate) async fn put_recovery(tx: &mut Tx, staff: &str, digests: &[String]) -> Result<()> {
    tx.execute("DELETE FROM identity_recovery WHERE staff = $1", params![staff]).await?;
    for digest in digests {
        let sql = "INSERT INTO identity_recovery (staff, digest) VALUES ($1, $2)";
        tx.execute(sql, params![staff, digest]).await?;
    }
    Ok(())
}

/// Uses up a recovery code; `false` when it is none, or was used.
pub(crate) async fn use_recovery(tx: &mut Tx, staff: &str, digest: &str) -> Result<bool> {
    let sql = "DELETE FROM identity_recovery WHERE staff = $1 AND digest = $2";
    Ok(tx.execute(sql, params![staff, digest]).await? == 1)
}

pub(crate) async fn recovery_left(tx: &mut Tx, staff: &str) -> Result<i64> {
    tx.number("SELECT count(*) AS n FROM identity_recovery WHERE staff = $1", params![staff]).await
}

/// Forgets app, passkeys and recovery codes.
pub(crate) async fn reset(tx: &mut Tx, staff: &str) -> Result<()> {
    tx.execute("DELETE FROM identity_totp WHERE staff = $1", params![staff]).await?;
    tx.execute("DELETE FROM identity_recovery WHERE staff = $1", params![staff]).await?;
    tx.execute("DELETE FROM identity_passkeys WHERE staff = $1", params![staff]).await.map(drop)
}
