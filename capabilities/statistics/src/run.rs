//! A population through one law or two, in one pass.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
    thread::available_parallelism,
};

use rules::columns::{Batch, Outcomes, stream};

use crate::{
    bands::Bands,
    beside::Seen,
    error::SimulationError,
    study::Study,
    sum::{Count, TooGreat},
    tally::{Judged, Tally},
    verdict::{Answer, Verdict},
};

/// How blocks of households become columns. Blocks are taken from their source one after the other, and become columns
/// on several threads at once.
pub trait Population: Sync {
    /// What is taken from the source.
    type Block: Send;

    /// A block as columns.
    ///
    /// # Errors
    /// What is wrong with the block; or that somebody asked to stop.
    fn batch(&self, block: Self::Block, pace: Pace<'_>) -> Result<Batch<'static>, SimulationError>;

    /// How much has been read, of how much; in the source's own measure.
    fn progress(&self) -> (u64, u64);
}

/// Where the outcome of each household goes.
pub trait Results: Send {
    /// One household: its name, if it has one, where it lives, and what the laws say.
    ///
    /// # Errors
    /// If it cannot be written.
    fn add(&mut self, name: Option<&str>, place: Option<&str>, judged: &Judged) -> Result<(), SimulationError>;
}

/// Who wants no outcome of single households.
impl Results for () {
    fn add(&mut self, _: Option<&str>, _: Option<&str>, _: &Judged) -> Result<(), SimulationError> {
        Ok(())
    }
}

impl<R: Results> Results for Option<R> {
    fn add(&mut self, name: Option<&str>, place: Option<&str>, judged: &Judged) -> Result<(), SimulationError> {
        self.as_mut().map_or(Ok(()), |results| results.add(name, place, judged))
    }
}

/// How a population is gone through. None of it changes the result.
#[derive(Debug, Clone, Copy)]
pub struct Pace<'p> {
    /// Threads.
    pub threads: usize,
    /// Set by another thread, it ends the simulation.
    pub stop: &'p AtomicBool,
}

/// How far a simulation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Households computed.
    pub households: u64,
    /// What was read, in the source's own measure.
    pub read: u64,
    /// Of how much.
    pub of: u64,
}

/// What was counted.
#[derive(Debug, Clone, Default)]
pub struct Counted {
    /// Everybody.
    pub all: Tally,
    /// By the number that ranks households.
    pub bands: Bands,
    /// By territory; those without one under an empty name.
    pub territories: BTreeMap<String, Tally>,
    /// Households that go to an officer, by why: under the law in force.
    pub faults: BTreeMap<String, Count>,
    /// The same under the draft.
    pub draft_faults: BTreeMap<String, Count>,
    /// Whether it was known who asked for the service.
    pub applications: bool,
}

impl<'p> Pace<'p> {
    /// All processors.
    #[must_use]
    pub fn usual(stop: &'p AtomicBool) -> Self {
        Self { threads: available_parallelism().map_or(1, usize::from), stop }
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// [`SimulationError::Stopped`].
    pub fn check(self) -> Result<(), SimulationError> {
        if self.stop.load(Ordering::Relaxed) { Err(SimulationError::Stopped) } else { Ok(()) }
    }
}

/// Applies the laws of a study to a population, household by household, and counts.
///
/// # Errors
/// What is wrong with the population, what a result could not be written, or that it was stopped.
pub fn run<P: Population>(
    study: &Study<'_>,
    population: &P,
    blocks: impl Iterator<Item = P::Block> + Send,
    pace: Pace<'_>,
    results: &mut impl Results,
    mut progress: impl FnMut(Progress) + Send,
) -> Result<Counted, SimulationError> {
    let plans = study.plans()?;
    let mut counting = Counting { law: study.answer(), draft: study.draft_answer(), counted: Counted::default() };
    stream(
        &plans,
        pace.threads,
        blocks,
        |block| population.batch(block, pace),
        |batch: &Batch<'_>, outcomes: &[Outcomes]| {
            pace.check()?;
            counting.count(batch, outcomes, results)?;
            let (read, of) = population.progress();
            progress(Progress { households: counting.counted.all.households.rows, read, of });
            Ok(())
        },
    )?;
    Ok(counting.counted)
}

struct Counting {
    law: Answer,
    draft: Option<Answer>,
    counted: Counted,
}

impl Counting {
    fn count(
        &mut self,
        batch: &Batch<'_>,
        outcomes: &[Outcomes],
        results: &mut impl Results,
    ) -> Result<(), SimulationError> {
        let seen = Seen::of(batch);
        for row in 0..batch.len() {
            let verdict = |answer: Answer, outcomes: &Outcomes| answer.verdict(outcomes.decision(row));
            let law = outcomes.first().map_or(Verdict::Unknown, |outcomes| verdict(self.law, outcomes));
            let draft = self.draft.zip(outcomes.get(1)).map(|(answer, outcomes)| verdict(answer, outcomes));
            let judged =
                Judged { weight: seen.weight(row), people: seen.people(row), law, draft, applied: seen.applied(row) };
            self.counted.add(&judged, seen.place(row), seen.rank(row))?;
            results.add(seen.name(row).as_deref(), seen.place(row), &judged)?;
        }
        Ok(())
    }
}

impl Counted {
    fn add(&mut self, judged: &Judged, place: Option<&str>, rank: Option<i64>) -> Result<(), TooGreat> {
        self.applications |= judged.applied.is_some();
        self.all.add(judged)?;
        self.bands.add(rank, judged)?;
        let place = place.unwrap_or_default();
        match self.territories.get_mut(place) {
            Some(tally) => tally.add(judged)?,
            None => self.territories.entry(place.to_owned()).or_default().add(judged)?,
        }
        let told = [(Some(&judged.law), &mut self.faults), (judged.draft.as_ref(), &mut self.draft_faults)];
        for (verdict, faults) in told {
            if let Some(Verdict::Officer(why)) = verdict {
                faults.entry(why.clone()).or_default().add(judged.weight)?;
            }
        }
        Ok(())
    }
}
