//! Pages of the person who is logged in: profile, who looked at my data, logout.

mod logout;
mod profile;
mod reads;

pub(crate) use logout::{ask_logout, at_provider, logged_out, logout};
pub(crate) use profile::{profile, save_profile};
pub(crate) use reads::reads;
