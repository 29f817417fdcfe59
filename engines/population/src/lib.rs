#![doc = include_str!("../README.md")]

mod births;
mod dates;
mod economy;
mod family;
mod isee;
mod margins;
mod model;
mod people;
mod rng;
mod sample;
mod tables;
mod welfare;
mod work;
mod world;

pub use model::{
    Account, Bereavement, Citizenship, Company, CompanyForm, CompanyOffice, CompanyRole, Disability, DisabilityDegree,
    Employer, Gap, Household, IseeAttestation, IseeKind, Job, JobEnd, JobKind, Member, MissingDatum, ParentalRole,
    Permit, PermitKind, Person, Place, Relation, Residence, Signature, Study, StudyLevel, YearIncome,
};
pub use sample::{DecreeKind, SampleCompany, SampleDecree, SampleError, SampleFamily, SamplePerson, SampleWorld};
pub use world::{World, WorldError};
