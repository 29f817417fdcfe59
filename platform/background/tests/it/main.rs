//! Tasks that fail and panic, in a time that is wound on.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use background::{Health, Round, RoundError, Task};
use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{Instant, sleep},
};

/// Does what the script says, round after round, and then ends well for ever.
struct Scripted {
    script: &'static [Outcome],
    rounds: AtomicU32,
}

#[derive(Clone, Copy)]
enum Outcome {
    Well,
    Fails,
    Panics,
    Hangs,
}

#[async_trait]
impl Round for Scripted {
    fn name(&self) -> &'static str {
        "scripted"
    }

    async fn round(&self) -> Result<(), RoundError> {
        let round = self.rounds.fetch_add(1, Ordering::SeqCst);
        match self.script.get(round as usize).copied().unwrap_or(Outcome::Well) {
            Outcome::Well => Ok(()),
            Outcome::Fails => Err("the disk is full".into()),
            Outcome::Panics => panic!("a defect"),
            Outcome::Hangs => std::future::pending().await,
        }
    }
}

struct Running {
    task: Arc<Scripted>,
    health: Health,
    commits: watch::Sender<u64>,
    stop: watch::Sender<bool>,
    keeper: JoinHandle<()>,
}

impl Running {
    fn start(script: &'static [Outcome]) -> Self {
        let task = Arc::new(Scripted { script, rounds: AtomicU32::new(0) });
        let (health, commits, stop) = (Health::default(), watch::Sender::new(0), watch::Sender::new(false));
        let keeper = tokio::spawn(health.clone().keep(task.clone(), commits.subscribe(), stop.subscribe()));
        Self { task, health, commits, stop, keeper }
    }

    fn rounds(&self) -> u32 {
        self.task.rounds.load(Ordering::SeqCst)
    }

    fn told(&self) -> Task {
        self.health.tasks().remove(0)
    }

    async fn end(self) {
        self.stop.send_replace(true);
        let began = Instant::now();
        self.keeper.await.expect("the keeper never panics");
        assert!(began.elapsed() < Duration::from_millis(1), "nobody waits for a pause to end");
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_counted_and_the_task_starts_again() {
    let running = Running::start(&[Outcome::Panics, Outcome::Panics]);
    sleep(Duration::from_millis(1)).await;
    let told = running.told();
    assert_eq!((told.panics, told.failures_in_a_row, told.seconds_since_success), (1, 1, None));
    sleep(Duration::from_secs(4)).await;
    let told = running.told();
    assert_eq!((running.rounds() >= 3, told.panics, told.failures_in_a_row), (true, 2, 0));
    assert!(told.is_well() && told.seconds_since_success.is_some(), "{told:?}");
    running.end().await;
}

#[tokio::test(start_paused = true)]
async fn pauses_double_up_to_a_minute_whoever_wakes_it() {
    let running = Running::start(&[Outcome::Fails; 100]);
    let mut rounds = Vec::new();
    for _ in 0..200 {
        running.commits.send_modify(|count| *count += 1);
        rounds.push(running.rounds());
        sleep(Duration::from_secs(1)).await;
    }
    // Rounds at 0, 1, 3, 7, 15, 31, 63, 123 and 183 seconds.
    assert_eq!(running.rounds(), 9);
    assert!(!running.told().is_well(), "{:?}", running.told());
    running.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_commit_wakes_it_at_once() {
    let running = Running::start(&[Outcome::Well; 2]);
    sleep(Duration::from_millis(1)).await;
    assert_eq!(running.rounds(), 1);
    running.commits.send_modify(|count| *count += 1);
    sleep(Duration::from_millis(1)).await;
    assert_eq!(running.rounds(), 2);
    running.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_round_that_never_ends_is_seen() {
    let running = Running::start(&[Outcome::Hangs]);
    sleep(Duration::from_secs(60)).await;
    assert!(running.told().is_well(), "a minute may be needed");
    sleep(Duration::from_secs(15 * 60)).await;
    assert!(running.told().hangs && !running.told().is_well(), "{:?}", running.told());
}
