//! A law over a few invented people, for a page: bounded in people and in time.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use base::Date;
use catalogue::Service;
use database::Tx;
use population::World;
use rules::Moment;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
    time::timeout,
};
use web::Failure;

use crate::{
    error::SimulationError,
    invented::{Invented, blocks},
    run::{Pace, run},
    study::Study,
    summary::Summary,
};

/// Persons of a sample at most.
pub const PERSONS: u64 = 10_000;
/// How long a page waits for it.
const LONGEST: Duration = Duration::from_secs(15);
/// Households that are made at once.
const BLOCK: usize = 64;

/// Which people.
#[derive(Debug, Clone)]
pub struct Sample {
    seed: u64,
    /// Persons of the world of which these are the first.
    world: u64,
    today: Date,
    /// Who asked for the service, where these people can.
    applicants: Option<BTreeSet<String>>,
}

impl Sample {
    /// The first people of the sample world; where there is none, people drawn for this.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn of(tx: &mut Tx, service: &str, today: Date) -> database::Result<Self> {
        let Some(world) = registry::world(tx).await? else {
            return Ok(Self { seed: 1, world: PERSONS, today, applicants: None });
        };
        let applicants = Some(cases::applicants(tx, service).await?);
        Ok(Self { seed: world.seed, world: world.persons, today: world.today, applicants })
    }
}

/// Lets a few simulations run at once; each page waits for its own.
#[derive(Debug, Clone)]
pub struct Bench(Arc<Semaphore>);

impl Bench {
    /// With so many places.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self(Arc::new(Semaphore::new(places)))
    }

    /// The summary of a law, perhaps beside a draft.
    ///
    /// # Errors
    /// [`Failure::Busy`] where every place is taken or it takes too long; what is wrong with the two laws together.
    pub async fn run(
        &self,
        service: Arc<Service>,
        draft: Option<Service>,
        sample: Sample,
        on: Date,
    ) -> Result<Result<Summary, SimulationError>, Failure> {
        let place = Arc::clone(&self.0).try_acquire_owned().map_err(|_| Failure::Busy)?;
        let stop = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stop);
        let work = spawn_blocking(move || compute(&service, draft.as_ref(), sample, on, &flag, place));
        match timeout(LONGEST, work).await {
            Ok(done) => done.map_err(Failure::internal),
            Err(_) => {
                stop.store(true, Ordering::Relaxed);
                Err(Failure::Busy)
            }
        }
    }
}

/// The place is free again when this ends.
fn compute(
    service: &Service,
    draft: Option<&Service>,
    sample: Sample,
    on: Date,
    stop: &AtomicBool,
    _place: OwnedSemaphorePermit,
) -> Result<Summary, SimulationError> {
    let study = Study::new(service, draft, Moment::at(on))?;
    let mut persons = 0;
    let households = World::new(sample.seed, sample.world, sample.today)?.take_while(move |household| {
        persons += household.members.len() as u64;
        persons <= PERSONS
    });
    let invented = Invented::new(&study, PERSONS, on);
    let invented = match sample.applicants {
        Some(applicants) => invented.with_applicants(applicants),
        None => invented,
    };
    let pace = Pace { threads: 1, stop };
    let counted = run(&study, &invented, blocks(households, BLOCK), pace, &mut (), |_| {})?;
    Ok(Summary::new(&study, &counted)?)
}
