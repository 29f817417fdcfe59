use std::{path::PathBuf, sync::Arc};

use async_trait::async_trait;
use base::Date;
use database::Tx;
use jiff::SignedDuration;

use serde_json::{Map, Value};
use web::{Failure, Visit};

use crate::{Declared, Demonstration, Person, Wire};

/// How people prove who they are. Begin with [`Settings::new`] and change what differs.
pub struct Settings {
    /// Folder of our keys; those that are missing are made at the first start.
    pub keys: PathBuf,
    /// The first day of certificates that are made.
    pub today: Date,
    /// Who we are in the federations; without it nobody comes in but through the demonstration.
    pub declared: Option<Declared>,
    /// What services ask for.
    pub demands: Arc<dyn Demands>,
    /// What other rooms hold, for the copy that a person takes along.
    pub holdings: Option<Arc<dyn Holdings>>,
    /// The service with which a person contests a reading of their data: its name in addresses, if there is one.
    pub objections: Option<String>,
    /// How far the clocks of a provider and ours may differ.
    pub skew: SignedDuration,
    /// How other machines are asked; over the network when absent.
    pub wire: Option<Arc<dyn Wire>>,
    /// The demonstration identity provider; refused in production.
    pub demonstration: Option<Demonstration>,
}

/// What pages ask of who opens them. Services declare it, and this room does not know services.
pub trait Demands: Send + Sync {
    /// What the page at this local path asks for, if it is a service's.
    fn of(&self, path: &str) -> Option<Demand>;
}

/// What other rooms hold of a person. This room does not know them.
#[async_trait]
pub trait Holdings: Send + Sync {
    /// By what it is, as the file for the person says it.
    ///
    /// # Errors
    /// What the database refuses.
    async fn of(&self, tx: &mut Tx, visit: &Visit, person: &Person) -> Result<Map<String, Value>, Failure>;
}

/// What a service asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// Its name in addresses.
    pub service: String,
    /// The least level of e-ID, 1 to 3.
    pub level: u8,
}

/// Nothing asks for anything of its own.
struct Nothing;

impl Demands for Nothing {
    fn of(&self, _: &str) -> Option<Demand> {
        None
    }
}

impl Settings {
    /// No federation yet, keys in `keys`, clocks that agree within two minutes.
    #[must_use]
    pub fn new(keys: impl Into<PathBuf>, today: Date) -> Self {
        Self {
            keys: keys.into(),
            today,
            declared: None,
            demands: Arc::new(Nothing),
            objections: None,
            holdings: None,
            skew: SignedDuration::from_mins(2),
            wire: None,
            demonstration: None,
        }
    }
}
