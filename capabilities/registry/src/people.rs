use base::{FiscalCode, fold};
use database::{Result, Tx};
use population::Person;

use crate::store;

/// Most words of a search that are looked at.
const MOST_WORDS: usize = 6;

/// Who has this fiscal code, if the register of residents knows.
///
/// # Errors
/// What the database refused.
pub async fn person(tx: &mut Tx, fiscal_code: &FiscalCode) -> Result<Option<Person>> {
    Ok(store::resident_by_code(tx, fiscal_code.as_str()).await?.map(|resident| resident.person))
}

/// People by surname, each of whose names or fiscal code begins with one of the `words`, in any order and without regard
/// to accents and capitals. Nobody for a search without words.
///
/// It reads the whole register: for demonstrations, not for the counter.
///
/// # Errors
/// What the database refused.
pub async fn find_people(tx: &mut Tx, words: &str, limit: u16) -> Result<Vec<Person>> {
    let folded = fold(words);
    let beginnings: Vec<&str> = folded.split_whitespace().take(MOST_WORDS).collect();
    if beginnings.is_empty() {
        return Ok(Vec::new());
    }
    let found = store::search(tx, &beginnings, i64::from(limit)).await?;
    Ok(found.into_iter().map(|resident| resident.person).collect())
}

/// What a search looks through: surname, given name, fiscal code, each after a space.
pub(crate) fn search_text(person: &Person) -> String {
    format!(
        " {} {} {}",
        fold(&person.name.surname),
        fold(&person.name.given),
        person.fiscal_code.as_str().to_lowercase()
    )
}

/// Given name and surname, as people say them.
pub(crate) fn full_name(person: &Person) -> String {
    person.name.to_string()
}
