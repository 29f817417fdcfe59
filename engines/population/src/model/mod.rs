//! The nouns of a world: what the registries of a country hold about people who do not exist.

mod company;
mod household;
mod person;
mod records;

pub use company::{Company, CompanyForm, CompanyOffice, CompanyRole, Signature};
pub use household::{Gap, Household, Member, MissingDatum, Relation};
pub use person::{Citizenship, ParentalRole, Permit, PermitKind, Person, Place, Residence};
pub use records::{
    Account, Bereavement, Disability, DisabilityDegree, Employer, IseeAttestation, IseeKind, Job, JobEnd, JobKind,
    Study, StudyLevel, YearIncome,
};
