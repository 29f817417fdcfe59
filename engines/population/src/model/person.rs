use base::{Date, FiscalCode, PersonName, Sex};
use serde::{Deserialize, Serialize};

/// A municipality, or a foreign country of birth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Belfiore code: `H501` is Rome, `Z129` Romania.
    pub code: String,
    /// Name in Italian.
    pub name: String,
}

/// What the register of residents (ANPR) and the tax registry hold about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Unique in a world; an omocode where another person has the same plain code.
    pub fiscal_code: FiscalCode,
    /// Surname and given name, accents included.
    pub name: PersonName,
    /// Day of birth, never after the world's `today`.
    pub born: Date,
    /// As recorded at birth.
    pub sex: Sex,
    /// Where the person was born.
    pub birthplace: Place,
    /// Citizenship, and the permit that goes with it.
    pub citizenship: Citizenship,
    /// Where the person lives.
    pub residence: Residence,
    /// First day of residence in Italy, without a break since (art. 3 d.lgs. 230/2021 asks for two years).
    pub resident_in_italy_since: Date,
    /// Whether the person pays income tax in Italy (art. 3 c. 1 b d.lgs. 230/2021); true of children too.
    pub taxed_in_italy: bool,
    /// Mother or father of the children of the household; `None` for everybody else.
    pub parent: Option<ParentalRole>,
}

/// Whose citizen a person is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citizenship {
    /// ISO 3166-1 alpha-2: `IT`, `RO`, `MA`.
    pub country: String,
    /// Citizens of the European Union, Italians included, need no permit.
    pub european_union: bool,
    /// The residence permit of citizens of other countries.
    pub permit: Option<Permit>,
}

/// A residence permit (d.lgs. 286/1998).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permit {
    /// What it was given for.
    pub kind: PermitKind,
    /// Last day of validity; `None` when it does not expire.
    pub valid_to: Option<Date>,
}

/// What a permit was given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PermitKind {
    /// EU long-term residence.
    LongTerm,
    /// Single permit, work for more than six months.
    Work,
    /// Family reasons.
    Family,
    /// International protection.
    Protection,
    /// Study: does not open the assegno unico.
    Study,
}

/// An address and the day since which it is the person's residence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residence {
    /// The municipality.
    pub municipality: Place,
    /// Two letters: `RM`.
    pub province: String,
    /// Region, in Italian.
    pub region: String,
    /// Street and number; streets are invented.
    pub address: String,
    /// Postal code, five digits (the general one of the municipality).
    pub cap: String,
    /// First day at this address.
    pub since: Date,
}

/// A parent's role towards the children of the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParentalRole {
    /// Madre.
    Mother,
    /// Padre.
    Father,
}
