use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use axum::{extract::FromRequestParts, http::request::Parts};
use base::{Timestamp, Translated};
use database::Tx;
use identity::{Officer, Power};
use rules::Diagnostic;
use web::{Failure, Visit};

use crate::{Offer, Office, Service, store};

/// What can be asked, now and at the time of any older case. Cheap to clone: all clones see the same offer.
#[derive(Debug, Clone)]
pub struct Catalogue(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    offer: RwLock<Arc<Offer>>,
    pinned: RwLock<HashMap<(String, String), Arc<Service>>>,
}

/// Why a version that a case is pinned to cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PinError {
    /// It was offered once and can no longer be read: a newer program must go on reading older folders.
    #[error("{slug}@{version} can no longer be read: {}", first(.told))]
    Unreadable {
        /// The service.
        slug: String,
        /// The version.
        version: String,
        /// What is wrong with it.
        told: Vec<Diagnostic>,
    },
    /// The database refused.
    #[error(transparent)]
    Database(#[from] database::Error),
}

impl From<PinError> for Failure {
    fn from(error: PinError) -> Self {
        match error {
            PinError::Database(error) => error.into(),
            unreadable @ PinError::Unreadable { .. } => Self::internal(unreadable),
        }
    }
}

fn first(told: &[Diagnostic]) -> String {
    told.first().map_or_else(String::new, |one| format!("{}:{}: {}", one.file, one.line, one.message))
}

impl Catalogue {
    /// A catalogue of this offer.
    #[must_use]
    pub fn new(offer: Offer) -> Self {
        Self(Arc::new(Shared { offer: RwLock::new(Arc::new(offer)), pinned: RwLock::default() }))
    }

    /// What is offered now. Hold it for one request, so that all of it sees one offer.
    #[must_use]
    pub fn offer(&self) -> Arc<Offer> {
        Arc::clone(&self.0.offer.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The service as it is offered now; `None` if there is none in order.
    #[must_use]
    pub fn service(&self, slug: &str) -> Option<Arc<Service>> {
        self.offer().services.get(slug).cloned()
    }

    /// Puts another offer in the place of the present one, for all clones at once. Publish it before: a case must
    /// never be made with a version that is not stored.
    pub fn replace(&self, offer: Offer) {
        *self.0.offer.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(offer);
    }

    /// Stores the present version of every service; tells how many were new.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn publish_all(&self, tx: &mut Tx, now: Timestamp) -> database::Result<usize> {
        let mut fresh = 0;
        for service in self.offer().services.values() {
            fresh += usize::from(publish(tx, service, now).await?);
        }
        Ok(fresh)
    }

    /// The office with this id.
    #[must_use]
    pub fn office(&self, id: &str) -> Option<Office> {
        self.offer().offices.get(id).cloned()
    }

    /// Whether an official may do something in the own office, as `content/roles.toml` says.
    #[must_use]
    pub fn allows(&self, officer: &Officer, power: Power) -> bool {
        self.offer().policy.allows(officer, power)
    }

    /// Who makes this request, an official who may do this: what extractors of officials' pages begin with.
    ///
    /// # Errors
    /// [`Failure::Unauthenticated`] where nobody is at work, [`Failure::Forbidden`] for who may not.
    pub async fn at_work(&self, parts: &mut Parts, power: Power) -> Result<(Officer, Visit), Failure> {
        let officer = Officer::from_request_parts(parts, &()).await?;
        self.demand(&officer, power)?;
        Ok((officer, Visit::from_request_parts(parts, &()).await?))
    }

    /// Refuses who may not.
    ///
    /// # Errors
    /// [`Failure::Forbidden`].
    pub fn demand(&self, officer: &Officer, power: Power) -> Result<(), Failure> {
        if self.allows(officer, power) { Ok(()) } else { Err(Failure::Forbidden) }
    }

    /// The names of a service as it is offered now; the one that an act keeps where it is no longer offered.
    #[must_use]
    pub fn service_name(&self, slug: &str, kept: &str) -> Translated {
        self.service(slug).map_or_else(|| Translated::from(kept), |service| service.name.clone())
    }

    /// The names of an office; the one that an act keeps where the office is no longer there.
    #[must_use]
    pub fn office_name(&self, id: &str, kept: &str) -> Translated {
        self.office(id).map_or_else(|| Translated::from(kept), |office| office.name)
    }

    /// The service in the version that a case was made with; `None` if that version was never stored. An old version
    /// is read once and then kept in memory.
    ///
    /// # Errors
    /// [`PinError`] when it can no longer be read, or the database refuses.
    pub async fn pinned(&self, tx: &mut Tx, slug: &str, version: &str) -> Result<Option<Arc<Service>>, PinError> {
        let present = self.service(slug).filter(|service| service.version == version);
        if let Some(service) = present.or_else(|| self.remembered(slug, version)) {
            return Ok(Some(service));
        }
        let (slug, version) = (slug.to_owned(), version.to_owned());
        let Some(folder) = store::folder(tx, &slug, &version).await? else { return Ok(None) };
        let service = match Service::read(folder) {
            Ok(service) => Arc::new(service),
            Err(told) => return Err(PinError::Unreadable { slug, version, told }),
        };
        let mut pinned = self.0.pinned.write().unwrap_or_else(PoisonError::into_inner);
        pinned.insert((slug, version), Arc::clone(&service));
        Ok(Some(service))
    }

    fn remembered(&self, slug: &str, version: &str) -> Option<Arc<Service>> {
        let pinned = self.0.pinned.read().unwrap_or_else(PoisonError::into_inner);
        pinned.get(&(slug.to_owned(), version.to_owned())).cloned()
    }
}

/// Stores the folder of a service under its version, so that cases can stay with it; tells whether it was new.
///
/// # Errors
/// When the database refuses.
pub async fn publish(tx: &mut Tx, service: &Service, now: Timestamp) -> database::Result<bool> {
    store::keep(tx, &service.folder, now).await
}

/// Versions of a service with the instant at which each was first offered, latest first.
///
/// # Errors
/// When the database refuses.
pub async fn versions(tx: &mut Tx, slug: &str) -> database::Result<Vec<(String, Timestamp)>> {
    store::versions(tx, slug).await
}
