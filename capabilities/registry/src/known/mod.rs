//! What registries know of a person, as forms and pages want it: by `registry.key`, each value with its source.

mod applicant;
mod career;
mod children;
mod disability;
mod family;
mod history;
mod teller;

use base::Date;
use database::{Result, Tx};
use forms::Known;
use rules::Moment;

use crate::{declared::Registries, store};
use family::Family;
use teller::Teller;
pub(crate) use teller::Told;

/// All that the registries know of a person on a day. Two queries, whatever the size of the household.
///
/// Nothing for a person whom the register of residents does not know.
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
    let residents = store::household_of(tx, fiscal_code, moment.known).await?;
    let Some(me) = residents.iter().find(|resident| resident.person.fiscal_code.as_str() == fiscal_code) else {
        return Ok(Known::default());
    };
    let entries = store::entries_of(tx, &me.household, moment.known).await?;
    let family = Family { me, residents: &residents, entries: &entries, moment };
    let teller = Teller { registries, moment };
    let mut lists = history::lists(&family, &teller);
    lists.insert("anpr.figli".to_owned(), children::list(&family, &teller));
    lists.insert("inps-invalidita.persone".to_owned(), disability::list(&family, &teller));
    let mut values = applicant::values(&family, &teller);
    career::tell(&family, &teller, &mut values);
    Ok(Known { values, lists })
}
