use std::sync::Arc;

use acts::Actor;
use base::{Date, rome_date};
use catalogue::{Catalogue, Service};
use database::Tx;
use deadlines::Calendar;
use rules::Unit;
use web::{Failure, Visit, Web};

use crate::{case::Case, decide::Context, sequencer::Sequencer};

/// What the pages of this room share. Cheap to clone.
#[derive(Clone)]
pub struct Cases {
    /// Database, clock, chance, words.
    pub web: Web,
    /// The services.
    pub catalogue: Catalogue,
    /// The holidays that move terms.
    pub calendar: Arc<Calendar>,
    /// Who files applications.
    pub sequencer: Sequencer,
}

impl Cases {
    /// Brings them together.
    #[must_use]
    pub fn new(web: Web, catalogue: Catalogue, calendar: Arc<Calendar>) -> Self {
        let sequencer = Sequencer::new(web.clone(), Arc::clone(&calendar), catalogue.clone());
        Self { web, catalogue, calendar, sequencer }
    }

    /// The service as it was when the case was filed: a case stays with its version.
    ///
    /// # Errors
    /// [`Failure::Internal`] when that version is not in the book of versions: a defect of ours.
    pub async fn service_of(&self, tx: &mut Tx, case: &Case) -> Result<Arc<Service>, Failure> {
        let submitted = &case.submitted;
        let found = self.catalogue.pinned(tx, &submitted.service, &submitted.service_version).await?;
        found.ok_or_else(|| {
            let version = format!("{} {}", submitted.service, submitted.service_version);
            Failure::internal(anyhow::anyhow!("the service version {version} is not kept"))
        })
    }

    /// What decisions on a case of this service look at.
    #[must_use]
    pub fn context<'a>(&'a self, service: &'a Service, actor: &'a Actor, today: Date) -> Context<'a> {
        Context {
            actor,
            rules: &service.process.rules,
            calendar: &self.calendar,
            law: service.program.as_ref(),
            today,
            amount_unit: service.pays().map(Unit::name),
        }
    }

    /// Where the statutory clock of a case stands today.
    #[must_use]
    pub fn term(&self, case: &Case, service: &Service, visit: &Visit) -> deadlines::State {
        case.term(&service.process.rules, &self.calendar, today(visit))
    }
}

/// The civil day of a request in Italy.
#[must_use]
pub fn today(visit: &Visit) -> Date {
    rome_date(visit.now)
}
