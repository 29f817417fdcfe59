//! The second proof of an official, beside the password: codes of an app, passkeys, and recovery codes for the day on
//! which both are lost. Nothing here knows pages or tables.

pub(crate) mod passkeys;
pub(crate) mod recovery;
pub(crate) mod totp;
mod vault;

use std::path::Path;

use web::Mode;

use crate::KeyError;
use passkeys::Site;
use vault::Vault;

/// What the officials' pages need to ask for a second proof.
pub(crate) struct Factors {
    pub(crate) vault: Vault,
    /// As passkeys know us.
    pub(crate) site: Site,
    /// Whether nobody comes in without one: everywhere but in a demonstration, whose passwords are published anyway.
    pub(crate) demanded: bool,
}

impl Factors {
    pub(crate) fn open(keys: &Path, pages: &web::Settings) -> Result<Self, KeyError> {
        let (vault, site) = (Vault::open_or_create(keys)?, Site::of(&pages.public_url));
        Ok(Self { vault, site, demanded: pages.mode == Mode::Production })
    }
}
