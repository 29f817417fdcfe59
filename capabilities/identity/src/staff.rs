use argon2::{
    Argon2,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use base::{Chance, Timestamp};
use database::Tx;

use crate::store;

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

/// Makes an account, or brings name, office, roles and password of an existing one up to date (and enables it).
///
/// # Errors
/// [`StaffError`].
pub async fn create_staff(tx: &mut Tx, chance: &dyn Chance, now: Timestamp, new: NewStaff) -> Result<(), StaffError> {
    let fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.';
    if new.id.is_empty() || new.id.len() > 60 || !new.id.chars().all(fit) {
        return Err(StaffError::Unfit("an identifier has 1 to 60 lower case letters, digits and dots"));
    }
    if !(SHORTEST..=LONGEST).contains(&new.password.chars().count()) {
        return Err(StaffError::Unfit("a password has 12 to 200 characters"));
    }
    let salt = chance.bytes::<16>();
    let password = new.password.clone();
    let hash = tokio::task::spawn_blocking(move || hash(&password, &salt)).await;
    let hash = hash.map_err(|error| StaffError::Hash(error.to_string()))??;
    Ok(store::staff::put(tx, &new, &hash, now).await?)
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
