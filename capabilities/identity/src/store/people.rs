use base::{Language, PersonName, Timestamp};
use database::{Result, Tx, params};

use crate::saml::Claims;

/// What the office knows of a person who logs in, beside the registries.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) first_login_at: Option<Timestamp>,
    /// The login before the present one.
    pub(crate) previous_login_at: Option<Timestamp>,
    pub(crate) email: Option<String>,
    pub(crate) language: Option<Language>,
}

/// Notes a login; the name follows the provider's.
pub(crate) async fn note_login(tx: &mut Tx, claims: &Claims, now: Timestamp) -> Result<()> {
    let sql = "INSERT INTO identity_people (fiscal_code, given_name, surname, first_login_at, last_login_at)
               VALUES ($1, $2, $3, $4, $4)
               ON CONFLICT (fiscal_code) DO UPDATE SET given_name = excluded.given_name, surname = excluded.surname,
               previous_login_at = identity_people.last_login_at, last_login_at = excluded.last_login_at";
    let name = &claims.name;
    tx.execute(sql, params![&claims.fiscal_code, &name.given, &name.surname, now]).await.map(drop)
}

/// The name by which a person is known from a login before.
pub(crate) async fn name_of(tx: &mut Tx, fiscal_code: &str) -> Result<Option<PersonName>> {
    let sql = "SELECT given_name, surname FROM identity_people WHERE fiscal_code = $1";
    let Some(row) = tx.row(sql, params![fiscal_code]).await? else { return Ok(None) };
    Ok(Some(PersonName { given: row.text("given_name")?, surname: row.text("surname")? }))
}

pub(crate) async fn account(tx: &mut Tx, fiscal_code: &str) -> Result<Account> {
    let sql = "SELECT first_login_at, previous_login_at, email, language FROM identity_people WHERE fiscal_code = $1";
    let Some(row) = tx.row(sql, params![fiscal_code]).await? else { return Ok(Account::default()) };
    Ok(Account {
        first_login_at: Some(row.instant("first_login_at")?),
        previous_login_at: row.opt_parsed("previous_login_at")?,
        email: row.opt_text("email")?,
        language: row.opt_text("language")?.and_then(|tag| Language::from_tag(&tag)),
    })
}

pub(crate) async fn save_contacts(
    tx: &mut Tx,
    fiscal_code: &str,
    email: Option<&str>,
    language: Language,
) -> Result<()> {
    let sql = "UPDATE identity_people SET email = $2, language = $3 WHERE fiscal_code = $1";
    tx.execute(sql, params![fiscal_code, email, language.tag()]).await.map(drop)
}
