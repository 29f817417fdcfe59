//! Pages of the person who is logged in: profile, who looked at my data, logout.

mod copy;
mod identities;
mod logout;
mod profile;
mod reads;

pub(crate) use copy::{about as about_copy, download as download_copy};
pub(crate) use identities::{PLACE as IDENTITIES, answer as answer_identity, asks, list as identities};
pub(crate) use logout::{ask_logout, at_provider, logged_out, logout};
pub(crate) use profile::{end_others, leave_others, profile, save_profile};
pub(crate) use reads::reads;
