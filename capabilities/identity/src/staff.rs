use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use base::{Chance, Clock, FiscalCode, Timestamp};
use database::Tx;
use tokio::sync::Semaphore;

use crate::{Officer, store};

/// Shorter passwords are refused (ASVS 5.0, 6.2.1 asks for eight at least; officials see everybody's data).
const SHORTEST: usize = 12;
/// A longer one would only cost time.
const LONGEST: usize = 200;

/// An official's local account.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// What the official types: lower case letters, digits, dots.
    pub id: String,
    /// Name and surname.
    pub name: String,
    /// Identifier of the office.
    pub office: String,
    /// What the official may do.
    pub roles: Vec<String>,
    /// The first password, 12 to 200 characters.
    pub password: String,
}

/// An official's account, for who manages them.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose it is.
    pub officer: Officer,
    /// Whether it lets nobody in.
    pub disabled: bool,
    /// Whether it has a second proof.
    pub second: bool,
    /// Whether the administration's own provider lets its official in, and no password here.
    pub elsewhere: bool,
    /// When it was last used.
    pub last_login_at: Option<Timestamp>,
}

/// Why an account cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The identifier or the password is not as [`NewStaff`] says.
    #[error("{0}")]
    Unfit(&'static str),
    /// The password cannot be hashed.
    #[error("the password cannot be hashed: {0}")]
    Hash(String),
    /// What the database says.
    #[error(transparent)]
    Database(#[from] database::Error),
}

/// Makes an account, or brings name, office, roles and password of an existing one up to date (and enables it): whoever was in it, or
/// on its threshold, is out.
///
/// # Errors
/// [`StaffError`].
pub async fn create_staff(tx: &mut Tx, chance: &dyn Chance, now: Timestamp, new: NewStaff) -> Result<(), StaffError> {
    if !fit_id(&new.id) {
        return Err(StaffError::Unfit("an identifier has 1 to 60 lower case letters, digits, dots, hyphens, _ and @"));
    }
    if !fit_password(&new.password) {
        return Err(StaffError::Unfit("a password has 12 to 200 characters"));
    }
    let hash = hashed(chance, &new.password).await?;
    store::staff::put(tx, &new, &hash, now).await?;
    // Nothing of an earlier account of this name opens the new one. The account first: who is just coming in with the password before
    // waits for it, or is found.
    web::sessions::end_all(tx, &new.id).await?;
    Ok(store::factors::reset(tx, &new.id).await?)
}

/// All accounts, by identifier.
///
/// # Errors
/// What the database refuses.
pub async fn accounts(tx: &mut Tx) -> database::Result<Vec<Account>> {
    store::staff::accounts(tx, None).await
}

/// The accounts of an office, by identifier.
///
/// # Errors
/// What the database refuses.
pub async fn accounts_of(tx: &mut Tx, office: &str) -> database::Result<Vec<Account>> {
    store::staff::accounts(tx, Some(office)).await
}

/// What was done to an official's account from the page of the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDeed {
    /// What: [`CLOSED`](AccountDeed::CLOSED) or [`RESET`](AccountDeed::RESET).
    pub what: String,
    /// Who did it, by name.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl AccountDeed {
    /// The account lets nobody in any more.
    pub const CLOSED: &'static str = "closed";
    /// The second proof is forgotten: the official sets up another.
    pub const RESET: &'static str = "reset";
}

/// Does something to the account of a colleague of the same office ([`AccountDeed::CLOSED`], [`AccountDeed::RESET`]), for who
/// runs the office, and notes it. `false`: it is nobody's there, or one's own, or closed already.
///
/// # Errors
/// What the database refuses.
pub async fn manage(
    tx: &mut Tx,
    (clock, chance): (&dyn Clock, &dyn Chance),
    by: &Officer,
    (id, what): (&str, &'static str),
) -> database::Result<bool> {
    let there = store::staff::active(tx, id).await?;
    if there.is_none_or(|there| there.office != by.office || there.id == by.id) {
        return Ok(false);
    }
    let done = match what {
        AccountDeed::CLOSED => disable_staff(tx, id).await?,
        _ => reset_second_factor(tx, id).await?,
    };
    let deed = AccountDeed { what: what.to_owned(), by: format!("{} ({})", by.name, by.id), at: clock.now() };
    store::staff::note_deed(tx, base::new_id(clock, chance), id, &deed).await?;
    Ok(done)
}

/// What was done to an account from the page of the office, latest first.
///
/// # Errors
/// What the database refuses.
pub async fn deeds_on(tx: &mut Tx, id: &str) -> database::Result<Vec<AccountDeed>> {
    store::staff::deeds(tx, id).await
}

/// Lets an official in no more: what is open ends at once, and second proofs are forgotten. `false` when there is no such
/// account, or it was disabled.
///
/// # Errors
/// What the database refuses.
pub async fn disable_staff(tx: &mut Tx, id: &str) -> database::Result<bool> {
    let there = store::staff::disable(tx, id).await?;
    web::sessions::end_all(tx, id).await?;
    store::factors::reset(tx, id).await?;
    Ok(there)
}

/// Forgets app, passkeys and recovery codes of an official, and ends what is open. `false` when there is no such account.
///
/// # Errors
/// What the database refuses.
pub async fn reset_second_factor(tx: &mut Tx, id: &str) -> database::Result<bool> {
    web::sessions::end_all(tx, id).await?;
    store::factors::reset(tx, id).await?;
    Ok(store::staff::active(tx, id).await?.is_some())
}

/// Leaves an account to the administration's own provider: its password and second proofs are forgotten, what is open ends, and a
/// disabled one opens again. The next whom the provider calls by this identifier has it, or, if `subject` names it (issuer,
/// blank, the provider's name of the official), that one alone. Whose cases were its holder's own is forgotten: it may be somebody else
/// now. `false`: there is no such account.
///
/// # Errors
/// [`StaffError::Unfit`]: the subject has another account; otherwise what the database refuses.
pub async fn hand_over(tx: &mut Tx, id: &str, subject: Option<&str>) -> Result<bool, StaffError> {
    if let Some(subject) = subject
        && store::staff::held_by_another(tx, id, subject).await?.is_some()
    {
        return Err(StaffError::Unfit("this official of the provider has another account: disable that one first"));
    }
    let there = store::staff::hand_over(tx, id, subject).await?;
    web::sessions::end_all(tx, id).await?;
    store::factors::reset(tx, id).await?;
    Ok(there)
}

/// Notes, or forgets, whose cases are an official's own. `false`: there is no such account.
///
/// # Errors
/// What the database refuses.
pub async fn note_fiscal_code(tx: &mut Tx, id: &str, code: Option<&FiscalCode>) -> database::Result<bool> {
    store::staff::note_fiscal_code(tx, id, code).await
}

/// Whether an identifier is one that people can type and pages can show.
pub(crate) fn fit_id(id: &str) -> bool {
    let fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_@".contains(c);
    (1..=60).contains(&id.len()) && id.chars().all(fit)
}

/// Whether a password is neither too short nor too long.
pub(crate) fn fit_password(password: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&password.chars().count())
}

/// Each hash takes 19 MiB: so many at a time, the others wait.
static PLACES: Semaphore = Semaphore::const_new(8);

/// What tables keep of a password.
pub(crate) async fn hashed(chance: &dyn Chance, password: &str) -> Result<String, StaffError> {
    let (salt, password) = (chance.bytes::<16>(), password.to_owned());
    // Held by the work, as below.
    let place = PLACES.acquire().await;
    let work = move || {
        let _place = place;
        hash(&password, &salt)
    };
    let hash = tokio::task::spawn_blocking(work).await;
    hash.map_err(|error| StaffError::Hash(error.to_string()))?
}

fn hash(password: &str, salt: &[u8]) -> Result<String, StaffError> {
    let hashed = Argon2::default().hash_password_with_salt(password.as_bytes(), salt);
    hashed.map(|hash| hash.to_string()).map_err(|error| StaffError::Hash(error.to_string()))
}

/// Whether `password` belongs to `hash`. Without an account the same work is done in vain, so that the time of the
/// answer does not tell which accounts exist.
pub(crate) async fn verify(password: String, hash: Option<String>) -> bool {
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c3BvcnRlbGxvbm9ib2R5$aG4yV2VzS2p4bWZqVHdOb2JvZHlIYXNUaGlzMTIzNDU";
    let work = move || {
        let known = hash.is_some() && password.chars().count() <= LONGEST;
        let text = hash.unwrap_or_else(|| NOBODY.to_owned());
        let Ok(parsed) = PasswordHash::new(&text) else { return false };
        let typed: String = password.chars().take(LONGEST).collect();
        Argon2::default().verify_password(typed.as_bytes(), &parsed).is_ok() && known
    };
    // Held by the work, which goes on when nobody waits for its answer any more.
    let place = PLACES.acquire().await;
    let work = move || {
        let _place = place;
        work()
    };
    tokio::task::spawn_blocking(work).await.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_opens() {
        let hash = hash("dodici-caratteri", &[7; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$"));
        assert!(verify("dodici-caratteri".to_owned(), Some(hash.clone())).await);
        assert!(!verify("dodici-caratterI".to_owned(), Some(hash)).await);
        assert!(!verify("dodici-caratteri".to_owned(), None).await);
    }

    #[test]
    fn who_has_no_account_costs_the_same_work() {
        let own = hash("dodici-caratteri", &[7; 16]).unwrap();
        let params = |text: &str| text.split('$').nth(3).map(ToOwned::to_owned);
        assert_eq!(params(&own).as_deref(), Some("m=19456,t=2,p=1"));
    }
}
