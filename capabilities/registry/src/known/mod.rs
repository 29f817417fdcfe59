//! What registries know of a person, as forms and pages want it: by `registry.key`, each value with its source.

mod applicant;
mod career;
mod children;
mod company;
mod disability;
mod family;
mod history;
mod teller;

use base::{Date, FiscalCode, VatNumber};
use database::{Result, Tx};
use forms::Known;
use population::Household;
use rules::Moment;

use crate::{
    declared::Registries,
    entry::{Entry, Resident, entries_of},
    store,
};
use family::Family;
use teller::Teller;
pub(crate) use teller::Told;

/// All that the registries know of a person on a day. Two queries, whatever the size of the household.
///
/// Nothing for a person whom the register of residents does not know. Of who has a fiscal code of eleven digits the
/// registry of companies is asked, and no other.
///
/// # Errors
/// What the database refused.
pub async fn known(tx: &mut Tx, registries: &Registries, fiscal_code: &str, today: Date) -> Result<Known> {
    known_at(tx, registries, fiscal_code, Moment::at(today)).await
}

/// [`known`] with the two times apart: what holds on one day (`on`), as it had been recorded by another (`known`).
///
/// # Errors
/// What the database refused.
pub async fn known_at(tx: &mut Tx, registries: &Registries, fiscal_code: &str, moment: Moment) -> Result<Known> {
    if let Ok(code) = fiscal_code.parse::<VatNumber>() {
        return company::known(tx, registries, &code, moment).await;
    }
    let residents = store::household_of(tx, fiscal_code, moment.known).await?;
    let entries = match residents.first() {
        Some(resident) => store::entries_of(tx, &resident.household, moment.known).await?,
        None => return Ok(Known::default()),
    };
    Ok(told(fiscal_code, &residents, &entries, moment, registries))
}

/// What [`known_at`] would answer for a member of a household that is in no database: for simulations, which so see
/// through the same registries as a person does. Where `registries` does not declare one, its id stands for its name.
#[must_use]
pub fn known_of(household: &Household, person: &FiscalCode, moment: Moment, registries: &Registries) -> Known {
    let (mut residents, mut entries) = entries_of(household, moment.known);
    residents.retain(|resident| resident.recorded_on <= moment.known);
    entries.retain(|entry| entry.recorded_on <= moment.known);
    entries.sort_by_key(|entry| entry.recorded_on);
    told(person.as_str(), &residents, &entries, moment, registries)
}

/// Entries stand in the order of their recording.
fn told(
    fiscal_code: &str,
    residents: &[Resident],
    entries: &[Entry],
    moment: Moment,
    registries: &Registries,
) -> Known {
    let Some(me) = residents.iter().find(|resident| resident.person.fiscal_code.as_str() == fiscal_code) else {
        return Known::default();
    };
    let family = Family { me, residents, entries, moment };
    let teller = Teller { registries, moment };
    let mut lists = history::lists(&family, &teller);
    lists.insert("anpr.figli".to_owned(), children::list(&family, &teller));
    lists.insert("inps-invalidita.persone".to_owned(), disability::list(&family, &teller));
    let mut values = applicant::values(&family, &teller);
    career::tell(&family, &teller, &mut values);
    Known { values, lists }
}
