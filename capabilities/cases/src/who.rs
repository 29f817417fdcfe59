//! Who is at the counter, as this room needs it.

use acts::Actor;
use identity::Person;
use web::{Failure, Visit};

/// The citizen who is logged in.
pub struct Applicant {
    /// Fiscal code.
    pub fiscal_code: String,
    /// Given name and surname.
    pub name: String,
    /// As the one who does an act.
    pub actor: Actor,
}

/// The citizen who is logged in; others are led to the login and back.
///
/// # Errors
/// [`Failure::Unauthenticated`] when nobody is.
pub fn citizen(visit: &Visit) -> Result<Applicant, Failure> {
    let person = Person::of(visit).ok_or(Failure::Unauthenticated)?;
    let actor = person.actor();
    Ok(Applicant { fiscal_code: person.fiscal_code.to_string(), name: person.name.to_string(), actor })
}
