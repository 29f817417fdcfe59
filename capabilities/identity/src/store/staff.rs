use base::{FiscalCode, Timestamp, Uuid};
use database::{Error, Result, Row, Tx, params};

use crate::{Account, AccountDeed, NewStaff, Officer};

pub(crate) async fn put(tx: &mut Tx, new: &NewStaff, hash: &str, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO identity_staff (id, name, office, roles, password_hash, disabled, created_at)
               VALUES ($1, $2, $3, $4, $5, 0, $6)
               ON CONFLICT (id) DO UPDATE SET name = excluded.name, office = excluded.office, roles = excluded.roles,
               password_hash = excluded.password_hash, provider_subject = NULL, disabled = 0";
    let roles = serde_json::json!(new.roles).to_string();
    tx.execute(sql, params![&new.id, &new.name, &new.office, roles, hash, now]).await.map(drop)
}

/// An official whose account is not disabled.
pub(crate) async fn active(tx: &mut Tx, id: &str) -> Result<Option<Officer>> {
    let sql = "SELECT id, name, office, roles, fiscal_code FROM identity_staff WHERE id = $1 AND disabled = 0";
    tx.row(sql, params![id]).await?.map(|row| officer(&row)).transpose()
}

/// The officials of an office whose accounts are not disabled, by name.
pub(crate) async fn of_office(tx: &mut Tx, office: &str) -> Result<Vec<Officer>> {
    let sql = "SELECT id, name, office, roles, fiscal_code FROM identity_staff
               WHERE office = $1 AND disabled = 0 ORDER BY name, id";
    tx.rows(sql, params![office]).await?.iter().map(officer).collect()
}

/// All accounts, or those of an office, by identifier.
pub(crate) async fn accounts(tx: &mut Tx, office: Option<&str>) -> Result<Vec<Account>> {
    let sql = "SELECT id, name, office, roles, fiscal_code, disabled, last_login_at, provider_subject,
                 (SELECT count(*) FROM identity_totp WHERE staff = identity_staff.id)
               + (SELECT count(*) FROM identity_passkeys WHERE staff = identity_staff.id) AS second
               FROM identity_staff WHERE office = $1 OR $1 = '' ORDER BY id";
    let account = |row: &Row| {
        let (disabled, second) = (row.int("disabled")? != 0, row.int("second")? != 0);
        let elsewhere = row.opt_text("provider_subject")?.is_some();
        let last_login_at = row.opt_parsed("last_login_at")?;
        Ok(Account { officer: officer(row)?, disabled, second, elsewhere, last_login_at })
    };
    tx.rows(sql, params![office.unwrap_or_default()]).await?.iter().map(account).collect()
}

/// Notes what was done to an account.
pub(crate) async fn note_deed(tx: &mut Tx, id: Uuid, staff: &str, deed: &AccountDeed) -> Result<()> {
    let sql = "INSERT INTO identity_staff_deeds (id, staff, deed, done_by, done_at) VALUES ($1, $2, $3, $4, $5)";
    tx.execute(sql, params![id, staff, &deed.what, &deed.by, deed.at]).await.map(drop)
}

/// What was done to an account, latest first.
pub(crate) async fn deeds(tx: &mut Tx, staff: &str) -> Result<Vec<AccountDeed>> {
    let sql = "SELECT deed, done_by, done_at FROM identity_staff_deeds WHERE staff = $1 ORDER BY done_at DESC, id DESC";
    let deed =
        |row: &Row| Ok(AccountDeed { what: row.text("deed")?, by: row.text("done_by")?, at: row.instant("done_at")? });
    tx.rows(sql, params![staff]).await?.iter().map(deed).collect()
}

/// `false` when there is no such account, or it was disabled.
pub(crate) async fn disable(tx: &mut Tx, id: &str) -> Result<bool> {
    Ok(tx.execute("UPDATE identity_staff SET disabled = 1 WHERE id = $1 AND disabled = 0", params![id]).await? == 1)
}

fn officer(row: &Row) -> Result<Officer> {
    let roles = row.text("roles")?;
    let roles = serde_json::from_str(&roles).map_err(|error| Error::Column("roles", error.to_string()))?;
    let (id, name, office) = (row.text("id")?, row.text("name")?, row.text("office")?);
    let fiscal_code = row.opt_parsed("fiscal_code")?;
    Ok(Officer { id, name, office, roles, stands_in: Vec::new(), fiscal_code, level: 0 })
}

pub(crate) async fn password_hash(tx: &mut Tx, id: &str) -> Result<Option<String>> {
    let sql = "SELECT password_hash FROM identity_staff WHERE id = $1 AND disabled = 0 AND password_hash <> ''";
    tx.row(sql, params![id]).await?.map(|row| row.text("password_hash")).transpose()
}

/// Whether an account, which is not disabled, has this password still; until the transaction ends nobody gives it another one.
pub(crate) async fn keeps_password(tx: &mut Tx, id: &str, hash: &str) -> Result<bool> {
    let sql = "UPDATE identity_staff SET password_hash = $2 WHERE id = $1 AND password_hash = $2 AND disabled = 0";
    Ok(tx.execute(sql, params![id, hash]).await? == 1)
}

pub(crate) async fn put_password(tx: &mut Tx, id: &str, hash: &str) -> Result<()> {
    tx.execute("UPDATE identity_staff SET password_hash = $2 WHERE id = $1", params![id, hash]).await.map(drop)
}

pub(crate) async fn note_login(tx: &mut Tx, id: &str, now: Timestamp) -> Result<()> {
    tx.execute("UPDATE identity_staff SET last_login_at = $2 WHERE id = $1", params![id, now]).await.map(drop)
}

pub(crate) async fn note_fiscal_code(tx: &mut Tx, id: &str, code: Option<&FiscalCode>) -> Result<bool> {
    let code = code.map(FiscalCode::as_str);
    Ok(tx.execute("UPDATE identity_staff SET fiscal_code = $2 WHERE id = $1", params![id, code]).await? == 1)
}

/// The account that a subject of the provider has already, if it is another one.
pub(crate) async fn held_by_another(tx: &mut Tx, id: &str, subject: &str) -> Result<Option<String>> {
    let sql = "SELECT id FROM identity_staff WHERE provider_subject = $1 AND id <> $2";
    tx.row(sql, params![subject, id]).await?.map(|row| row.text("id")).transpose()
}

/// Without a password, for whom the provider names next by this account, or for `subject` alone. `false`: there is none.
pub(crate) async fn hand_over(tx: &mut Tx, id: &str, subject: Option<&str>) -> Result<bool> {
    let sql = "UPDATE identity_staff SET password_hash = '', provider_subject = $2, fiscal_code = NULL, disabled = 0 WHERE id = $1";
    Ok(tx.execute(sql, params![id, subject]).await? == 1)
}

/// Accounts with one of these fiscal codes.
pub(crate) async fn among(tx: &mut Tx, codes: &[&str]) -> Result<Vec<String>> {
    let rows = tx.rows_in("SELECT id FROM identity_staff WHERE fiscal_code IN", codes, "").await?;
    rows.iter().map(|row| row.text("id")).collect()
}
