use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::Serialize;
use tokio::time::Instant;

/// A task that fails so many times in a row is not merely unlucky.
const TOO_MANY_FAILURES: u32 = 3;
/// A round that takes longer hangs: nothing here takes minutes for one round, but a backlog of letters may.
const HANGS_AFTER: Duration = Duration::from_secs(15 * 60);

/// How the tasks beside the pages fare. Cheap to clone; all clones tell the same.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Mutex<BTreeMap<&'static str, Record>>>);

#[derive(Debug, Default)]
struct Record {
    under_way_since: Option<Instant>,
    succeeded: Option<Instant>,
    failed: Option<Instant>,
    failures_in_a_row: u32,
    panics: u64,
}

/// A task, as operators see it. Ages instead of instants: no clock is needed to read them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Task {
    /// Its name.
    pub name: &'static str,
    /// Seconds since a round last ended well; absent before the first.
    pub seconds_since_success: Option<u64>,
    /// Seconds since a round last failed; absent if none has.
    pub seconds_since_failure: Option<u64>,
    /// How many rounds failed since the last that ended well.
    pub failures_in_a_row: u32,
    /// How many rounds panicked since the program started: each is a defect.
    pub panics: u64,
    /// Whether the round under way has taken longer than anything should: only a restart helps.
    pub hangs: bool,
}

impl Task {
    /// Whether it does its work.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.failures_in_a_row < TOO_MANY_FAILURES && !self.hangs
    }
}

impl Health {
    /// Every task that was started, by name.
    #[must_use]
    pub fn tasks(&self) -> Vec<Task> {
        let now = Instant::now();
        let age = |at: Option<Instant>| at.map(|at| now.saturating_duration_since(at).as_secs());
        let told = |(name, record): (&&'static str, &Record)| Task {
            name,
            seconds_since_success: age(record.succeeded),
            seconds_since_failure: age(record.failed),
            failures_in_a_row: record.failures_in_a_row,
            panics: record.panics,
            hangs: record.under_way_since.is_some_and(|since| now.saturating_duration_since(since) > HANGS_AFTER),
        };
        self.records().iter().map(told).collect()
    }

    pub(crate) fn begins(&self, name: &'static str) {
        self.records().entry(name).or_default().under_way_since = Some(Instant::now());
    }

    pub(crate) fn succeeded(&self, name: &'static str) {
        let mut records = self.records();
        let record = records.entry(name).or_default();
        (record.under_way_since, record.succeeded, record.failures_in_a_row) = (None, Some(Instant::now()), 0);
    }

    /// Notes a failure and tells how many there have been in a row.
    pub(crate) fn failed(&self, name: &'static str, panicked: bool) -> u32 {
        let mut records = self.records();
        let record = records.entry(name).or_default();
        (record.under_way_since, record.failed) = (None, Some(Instant::now()));
        record.panics += u64::from(panicked);
        record.failures_in_a_row = record.failures_in_a_row.saturating_add(1);
        record.failures_in_a_row
    }

    fn records(&self) -> MutexGuard<'_, BTreeMap<&'static str, Record>> {
        // Each change is one assignment: what a panic leaves behind can be read.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
