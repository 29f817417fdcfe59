//! The queue through its door, on a real database.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use base::{Clock, ManualClock};
use database::{Database, Tx, testing::TestDatabase};
use jiff::SignedDuration;
use queue::{Job, JobError, Work, cancel, enqueue, waiting};
use serde_json::{Value, json};

/// Writes down what it did; fails as often as told.
#[derive(Default)]
struct Note {
    done: Mutex<Vec<Value>>,
    failures: Mutex<u32>,
}

#[async_trait]
impl Job for Note {
    fn kind(&self) -> &'static str {
        "note"
    }

    async fn run(&self, _: &mut Tx, payload: &Value) -> Result<(), JobError> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Err(JobError("no ink".to_owned()));
        }
        self.done.lock().unwrap().push(payload.clone());
        Ok(())
    }
}

/// A defect.
struct Panic;

#[async_trait]
impl Job for Panic {
    fn kind(&self) -> &'static str {
        "panic"
    }

    async fn run(&self, _: &mut Tx, _: &Value) -> Result<(), JobError> {
        panic!("a defect")
    }
}

struct Office {
    database: Database,
    clock: Arc<ManualClock>,
    note: Arc<Note>,
    work: Work,
    data: TestDatabase,
}

impl Office {
    async fn open() -> Self {
        let data = TestDatabase::migrated(queue::MIGRATIONS).await;
        let database = data.open().await;
        let clock = Arc::new(ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap()));
        let note = Arc::new(Note::default());
        let work = Work::new(database.clone(), clock.clone(), vec![note.clone(), Arc::new(Panic)]);
        Self { database, clock, note, work, data }
    }

    async fn enqueue(&self, kind: &'static str, key: &str, minutes: i64) {
        let mut tx = self.database.begin().await.unwrap();
        let at = self.clock.now() + SignedDuration::from_mins(minutes);
        enqueue(&mut tx, kind, key, &json!(key), at).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn work_is_done_when_its_time_comes_and_once() {
    let office = Office::open().await;
    office.enqueue("note", "later", 10).await;
    office.enqueue("note", "now", 0).await;
    assert_eq!(office.work.do_due().await.unwrap(), 1);
    office.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(office.work.do_due().await.unwrap(), 1);
    assert_eq!(office.work.do_due().await.unwrap(), 0);
    assert_eq!(*office.note.done.lock().unwrap(), [json!("now"), json!("later")]);
}

/// Two processes on one database: each with its own connection and its own worker.
#[tokio::test]
async fn of_two_workers_one_does_each_job() {
    let office = Office::open().await;
    for key in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        office.enqueue("note", key, 0).await;
    }
    let other = Work::new(office.data.open().await, office.clock.clone(), vec![office.note.clone()]);
    let (mine, theirs) = tokio::join!(office.work.do_due(), other.do_due());
    assert_eq!(mine.unwrap() + theirs.unwrap(), 8);
    let mut done: Vec<_> =
        office.note.done.lock().unwrap().iter().map(|key| key.as_str().unwrap().to_owned()).collect();
    done.sort_unstable();
    assert_eq!(done, ["a", "b", "c", "d", "e", "f", "g", "h"]);
}

/// What was enqueued and not done when the program died is done by the next one.
#[tokio::test]
async fn a_restart_loses_nothing_and_repeats_nothing() {
    let office = Office::open().await;
    office.enqueue("note", "done", 0).await;
    assert_eq!(office.work.do_due().await.unwrap(), 1);
    office.enqueue("note", "waiting", 60).await;
    let next = Work::new(office.data.open().await, office.clock.clone(), vec![office.note.clone()]);
    assert_eq!(next.do_due().await.unwrap(), 0, "its time has not come");
    office.clock.advance(SignedDuration::from_mins(60));
    assert_eq!(next.do_due().await.unwrap(), 1);
    assert_eq!(*office.note.done.lock().unwrap(), [json!("done"), json!("waiting")]);
}

#[tokio::test]
async fn a_key_is_one_piece_of_work() {
    let office = Office::open().await;
    office.enqueue("note", "lapse", 5).await;
    office.enqueue("note", "lapse", 9).await;
    office.clock.advance(SignedDuration::from_mins(6));
    assert_eq!(office.work.do_due().await.unwrap(), 0);
    let mut tx = office.database.begin().await.unwrap();
    assert!(cancel(&mut tx, "lapse").await.unwrap());
    assert!(!cancel(&mut tx, "lapse").await.unwrap());
}

#[tokio::test]
async fn failures_are_postponed_with_growing_pauses() {
    let office = Office::open().await;
    *office.note.failures.lock().unwrap() = 2;
    office.enqueue("note", "hard", 0).await;
    office.enqueue("unknown", "stray", 0).await;
    assert_eq!(office.work.do_due().await.unwrap(), 0);
    office.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(office.work.do_due().await.unwrap(), 0);
    office.clock.advance(SignedDuration::from_mins(2));
    assert_eq!(office.work.do_due().await.unwrap(), 1);
    let mut tx = office.database.read().await.unwrap();
    let left = waiting(&mut tx).await.unwrap();
    assert_eq!((left.len(), left[0].key.as_str(), left[0].attempts), (1, "stray", 3));
}

#[tokio::test]
async fn a_job_that_panics_is_postponed_and_keeps_nobody_waiting() {
    let office = Office::open().await;
    office.enqueue("panic", "defect", -1).await;
    office.enqueue("note", "behind it", 0).await;
    assert_eq!(office.work.do_due().await.unwrap(), 1);
    let mut tx = office.database.read().await.unwrap();
    let left = waiting(&mut tx).await.unwrap();
    assert_eq!((left.len(), left[0].key.as_str(), left[0].attempts), (1, "defect", 1));
}
