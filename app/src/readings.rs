//! What is looked up when somebody asks for figures. Names and meanings are also in docs/operations/monitoring.md.

use std::collections::BTreeMap;

use background::Task;
use base::Timestamp;
use database::{Database, Result, Tx};
use telemetry::Reading;

use crate::health::{STATES, Watched};

/// Acts by kind since the program began, and up to which position that is.
#[derive(Debug, Default)]
pub struct Seen {
    until: i64,
    kinds: BTreeMap<String, i64>,
}

impl Seen {
    /// Nothing, from this position of the book on.
    pub fn from(position: i64) -> Self {
        Self { until: position, kinds: BTreeMap::new() }
    }

    async fn read_on(&mut self, tx: &mut Tx) -> Result<()> {
        let count = acts::count(tx).await?;
        for (kind, many) in acts::kinds_between(tx, self.until, count).await? {
            *self.kinds.entry(kind).or_default() += many;
        }
        self.until = count;
        Ok(())
    }
}

/// What the program knows of itself.
pub async fn of_program(watched: &Watched, database: &Database) -> Vec<Reading> {
    let (ready, storage) = watched.readiness().await;
    let written = database.written();
    let units = "Units of work that this process made durable";
    let commits = "Commits that those units shared: journeys to the disk";
    let busy = "How often somebody was told that the database is busy";
    let behind = "Acts of the book that a follower has not taken in yet";
    let mut readings = vec![
        Reading::gauge("sportello_build", "1, with the version of the program", 1.0)
            .of("version", env!("CARGO_PKG_VERSION")),
        Reading::gauge("sportello_ready", "1 while people can be sent here", flag(ready)),
        Reading::gauge("sportello_read_only", "1 while the switch to read-only is on", flag(storage.read_only)),
        Reading::gauge("sportello_stopping", "1 once the program is about to end", flag(watched.is_stopping())),
        Reading::counter("sportello_lane_units", units, written.units as f64),
        Reading::counter("sportello_lane_commits", commits, written.commits as f64),
        Reading::counter("sportello_database_busy", busy, database.refused_as_busy() as f64),
    ];
    let meaning = "1 for the state in which the database was found at most five seconds ago";
    readings.extend(STATES.map(|state| {
        Reading::gauge("sportello_database_state", meaning, flag(storage.database == state)).of("state", state)
    }));
    if let Some(free) = storage.disk_free_mib {
        let help = "Free space of the data folder, in bytes";
        readings.push(Reading::gauge("sportello_data_free_bytes", help, (free << 20) as f64));
    }
    let lag = |(name, lag): (&String, &i64)| {
        Reading::gauge("sportello_follower_behind_acts", behind, *lag as f64).of("follower", name)
    };
    readings.extend(storage.acts_behind.iter().map(lag));
    readings.extend(watched.tasks().iter().flat_map(of_task));
    readings
}

fn of_task(task: &Task) -> Vec<Reading> {
    let failures = "How many rounds of a background task failed since the last that ended well";
    let panics = "Rounds of a background task that panicked: each is a defect";
    let age = "Seconds since a round of a background task last ended well";
    let mut readings = vec![
        Reading::gauge("sportello_task_failures_in_a_row", failures, f64::from(task.failures_in_a_row)),
        Reading::counter("sportello_task_panics", panics, task.panics as f64),
    ];
    let success = |seconds| Reading::gauge("sportello_task_success_age_seconds", age, seconds as f64);
    readings.extend(task.seconds_since_success.map(success));
    readings.into_iter().map(|reading| reading.of("task", task.name)).collect()
}

/// What stands in the database, the same for every process on it.
pub async fn of_book(tx: &mut Tx, seen: &mut Seen, now: Timestamp) -> Result<Vec<Reading>> {
    seen.read_on(tx).await?;
    let written =
        "Acts written to the book since this program began, by any process, by kind; submitted: accepted applications";
    let mut readings: Vec<_> = seen
        .kinds
        .iter()
        .map(|(kind, many)| Reading::counter("sportello_acts", written, *many as f64).of("kind", kind))
        .collect();
    let signed = notary::newest_checkpoint(tx).await?.map_or(0, |newest| newest.size);
    let covered = "Acts that the last signed checkpoint of the log covers";
    readings.extend([
        Reading::gauge("sportello_book_acts", "Acts in the book", seen.until as f64),
        Reading::gauge("sportello_log_checkpoint_acts", covered, signed as f64),
    ]);
    readings.extend(of_queue(tx, now).await?);
    readings.extend(of_letters(tx, now).await?);
    let sessions = "People who are logged in, by door";
    for (door, many) in web::sessions::open_at(tx, now).await? {
        readings.push(Reading::gauge("sportello_sessions", sessions, many as f64).of("door", door));
    }
    let missing = "Whole days for which an office has no sealed daily register yet";
    for (office, days) in protocol::days_missing(tx, now).await? {
        readings
            .push(Reading::gauge("sportello_daily_register_missing_days", missing, days as f64).of("office", office));
    }
    Ok(readings)
}

async fn of_queue(tx: &mut Tx, now: Timestamp) -> Result<[Reading; 4]> {
    let jobs = queue::backlog(tx, now).await?;
    let oldest = "For how many seconds the oldest job that is due has been waiting";
    Ok([
        Reading::gauge("sportello_jobs_waiting", "Jobs in the queue, most of them for later", jobs.waiting as f64),
        Reading::gauge("sportello_jobs_due", "Jobs whose time has come", jobs.due as f64),
        Reading::gauge("sportello_jobs_failing", "Jobs that failed at least once", jobs.failing as f64),
        Reading::gauge("sportello_jobs_oldest_due_seconds", oldest, jobs.oldest_seconds as f64),
    ])
}

async fn of_letters(tx: &mut Tx, now: Timestamp) -> Result<[Reading; 3]> {
    let letters = letters::backlog(tx, now).await?;
    let oldest = "For how many seconds the oldest letter that is to be composed has been waiting";
    let failed = "Letters that cannot be composed until somebody mends their template";
    Ok([
        Reading::gauge("sportello_letters_due", "Letters that are to be composed", letters.due as f64),
        Reading::gauge("sportello_letters_oldest_due_seconds", oldest, letters.oldest_seconds as f64),
        Reading::gauge("sportello_letters_failed", failed, letters.failed as f64),
    ])
}

fn flag(set: bool) -> f64 {
    if set { 1.0 } else { 0.0 }
}
