//! All SQL of this crate.

pub(crate) mod absences;
pub(crate) mod employees;
pub(crate) mod factors;
pub(crate) mod guesses;
pub(crate) mod identities;
pub(crate) mod listings;
pub(crate) mod logins;
pub(crate) mod logouts;
pub(crate) mod passkeys;
pub(crate) mod people;
pub(crate) mod reads;
pub(crate) mod refusals;
pub(crate) mod staff;
pub(crate) mod staff_logins;
pub(crate) mod strays;
