//! The documented sample people: declared in a text, turned into the same types as the generated ones.

mod build;
mod companies;
mod declared;
mod error;
mod records;
mod when;

use base::{Date, FiscalCode, Iban, Translated};

use crate::model::{Company, CompanyOffice, Household};
use declared::File;
pub use error::SampleError;

/// The sample families as they are on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleWorld {
    /// In the order of the text.
    pub families: Vec<SampleFamily>,
    /// By which courts appointed one of them to act for another.
    pub decrees: Vec<SampleDecree>,
    /// Companies that some of them represent.
    pub companies: Vec<SampleCompany>,
}

/// A company with those who represent it, or did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleCompany {
    /// What the registry of companies holds.
    pub company: Company,
    /// Who represents it, since when, until when.
    pub offices: Vec<CompanyOffice>,
}

/// What a court appoints to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecreeKind {
    /// Guardian, of somebody who may not act alone.
    Guardian,
    /// Amministratore di sostegno, beside somebody who needs help.
    Administrator,
}

/// A decree by which a court appoints one sample person to act for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleDecree {
    /// Stable handle.
    pub id: String,
    /// What it appoints to.
    pub kind: DecreeKind,
    /// Who is represented.
    pub represented: FiscalCode,
    /// Who represents.
    pub representative: FiscalCode,
    /// Its number.
    pub number: String,
    /// The court.
    pub court: String,
    /// Its first day.
    pub from: Date,
    /// Its last day, where it has one.
    pub until: Option<Date>,
}

/// A family with a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleFamily {
    /// Stable handle: `chiara`.
    pub id: String,
    /// The point of the story in a few words.
    pub title: Translated,
    /// Who they are.
    pub story: Translated,
    /// What to try as this person.
    pub to_try: Translated,
    /// The member who logs in.
    pub logs_in: FiscalCode,
    /// Valid bank coordinates to type where the story needs them.
    pub iban_to_type: Option<Iban>,
    /// Handles of all members.
    pub people: Vec<SamplePerson>,
    /// What the registries hold.
    pub household: Household,
}

/// A sample person's stable handle and the fiscal code that follows from the dates of this world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamplePerson {
    /// Unique in the sample world, and the same in every year.
    pub handle: String,
    /// Changes with `today`, because dates of birth do.
    pub fiscal_code: FiscalCode,
}

impl SampleWorld {
    /// Reads `persone.toml` as it is on `today`: ages are declared, dates of birth and fiscal codes follow from them,
    /// so that a child of four months has four months in every year.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line and how to mend it.
    pub fn parse(text: &str, today: Date) -> Result<Self, SampleError> {
        let file: File = toml::from_str(text).map_err(|error| SampleError::syntax(text, &error))?;
        let families = build::families(&file, today).map_err(|problem| problem.on_line_of(text))?;
        let mut world = Self { families, decrees: Vec::new(), companies: Vec::new() };
        world.decrees = build::decrees(&file, &world, today).map_err(|problem| problem.on_line_of(text))?;
        world.companies = companies::companies(&file, &world, today).map_err(|problem| problem.on_line_of(text))?;
        Ok(world)
    }

    /// The family in which somebody has this handle.
    #[must_use]
    pub fn family_of(&self, handle: &str) -> Option<&SampleFamily> {
        self.families.iter().find(|family| family.people.iter().any(|person| person.handle == handle))
    }

    /// The fiscal code behind a handle.
    #[must_use]
    pub fn fiscal_code(&self, handle: &str) -> Option<&FiscalCode> {
        let people = self.families.iter().flat_map(|family| &family.people);
        people.into_iter().find(|person| person.handle == handle).map(|person| &person.fiscal_code)
    }
}
