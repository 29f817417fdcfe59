//! `content/registries.toml`: the registries as officials declare them, and the data that each holds.

mod datum;
mod file;

use std::sync::Arc;

use base::Translated;
use rules::Diagnostic;

pub use datum::{Datum, DatumKind, Shown};

/// A registry: who runs it, what it holds, how a mistake in it is corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registry {
    /// As forms name it: `anpr`, in `from = "anpr.figli"`.
    pub id: String,
    /// Its name, shared by all that it says.
    pub name: Arc<Translated>,
    /// The administration that runs it.
    pub body: Translated,
    /// What it holds, in a sentence.
    pub holds: Translated,
    /// What the office uses it for, as the end of "Serve per: …".
    pub purpose: Translated,
    /// Of whom it knows something.
    pub about: About,
    /// How a person has a mistake corrected.
    pub correction: Translated,
    /// What it knows, in the order of pages.
    pub data: Vec<Datum>,
}

/// Of whom a registry knows something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// Natural persons.
    #[default]
    People,
    /// Companies.
    Companies,
}

/// All declared registries, in the order of pages. None, where the file cannot be used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registries {
    all: Vec<Registry>,
    correction_service: String,
    rights_service: Option<String>,
}

impl Registries {
    /// Reads `registries.toml`; `file` is its name in messages.
    ///
    /// # Errors
    /// All that is wrong, each with line, column and how to mend it; a mistake of TOML or a missing key alone, because
    /// nothing can be said of the rest.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let declared = file::File::read(file, text)?;
        let correction_service = declared.correction_service.get_ref().clone();
        let rights_service = declared.rights_service.clone();
        Ok(Self { all: declared.into_registries(), correction_service, rights_service })
    }

    /// The registries in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Registry> {
        self.all.iter()
    }

    /// Whether none is declared.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The registry with an id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Registry> {
        self.all.iter().find(|registry| registry.id == id)
    }

    /// The datum `registry.key`.
    #[must_use]
    pub fn datum(&self, key: &str) -> Option<&Datum> {
        let (registry, _) = key.split_once('.')?;
        self.get(registry)?.data.iter().find(|datum| datum.key == key)
    }

    /// Of whom the registry of a key knows something; `None` where there is no such registry.
    #[must_use]
    pub fn about(&self, key: &str) -> Option<About> {
        let (registry, _) = key.split_once('.')?;
        Some(self.get(registry)?.about)
    }

    /// The slug of the service with which a person reports a mistake in a registry.
    #[must_use]
    pub fn correction_service(&self) -> &str {
        &self.correction_service
    }

    /// The slug of the service with which a person contests a reading of their data, or objects to a use, if there is one.
    #[must_use]
    pub fn rights_service(&self) -> Option<&str> {
        self.rights_service.as_deref()
    }

    /// Where a person asks for a correction: the form of [`Self::correction_service`], with registry, datum and value
    /// as the page shows them written in.
    #[must_use]
    pub fn correction_href(&self, registry: &str, datum: &str, value: &str) -> String {
        let query = web::query(&[("banca_dati", registry), ("dato", datum), ("valore", value)]);
        format!("/servizi/{}/domanda?{query}", self.correction_service)
    }
}
