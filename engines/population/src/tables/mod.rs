//! Names of places and people. The numbers beside them are weights.

pub(crate) mod communities;
pub(crate) mod names;
pub(crate) mod places;
