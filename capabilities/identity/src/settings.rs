use std::path::PathBuf;

use jiff::SignedDuration;

use crate::{Certificate, Demonstration};

/// How people prove who they are. Begin with [`Settings::new`] and change what differs.
pub struct Settings {
    /// Folder of our keys: `sp.key`, `sp.crt` and, in demo mode, `idp.key`, `idp.crt`. Made at the first start.
    pub keys: PathBuf,
    /// The identity providers of the federation, in the order of the page.
    pub providers: Vec<Provider>,
    /// How far the clocks of a provider and ours may differ.
    pub skew: SignedDuration,
    /// The demonstration identity provider; refused in production.
    pub demonstration: Option<Demonstration>,
}

/// An identity provider, as its metadata describe it.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Short name in addresses and tables, e.g. `poste`.
    pub id: String,
    /// As people know it.
    pub name: String,
    /// Entity ID.
    pub entity_id: String,
    /// Where requests go (redirect binding).
    pub sign_on_url: String,
    /// The certificates that may sign its answers: two while a key is being replaced.
    pub certificates: Vec<Certificate>,
}

impl Settings {
    /// No provider yet, keys in `keys`, clocks that agree within two minutes.
    #[must_use]
    pub fn new(keys: impl Into<PathBuf>) -> Self {
        Self { keys: keys.into(), providers: Vec::new(), skew: SignedDuration::from_mins(2), demonstration: None }
    }
}
