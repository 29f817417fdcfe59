use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use base::Clock;
use database::{Database, Tx};
use jiff::SignedDuration;
use serde_json::Value;
use tokio::sync::watch;

use crate::store::{self, Waiting};

const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// The pause doubles with each failure up to 2^6 minutes.
const LONGEST_PAUSE: u32 = 6;

/// Why a job failed, in words for operators.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct JobError(pub String);

impl From<database::Error> for JobError {
    fn from(error: database::Error) -> Self {
        Self(error.to_string())
    }
}

/// A kind of work.
#[async_trait]
pub trait Job: Send + Sync {
    /// The name under which it is enqueued.
    fn kind(&self) -> &'static str;

    /// Does it, in the transaction that also removes it from the queue.
    ///
    /// # Errors
    /// Nothing has happened then; it is tried again later.
    async fn run(&self, tx: &mut Tx, payload: &Value) -> Result<(), JobError>;
}

/// Does the work that is due.
pub struct Work {
    database: Database,
    clock: Arc<dyn Clock>,
    jobs: BTreeMap<&'static str, Arc<dyn Job>>,
}

impl Work {
    /// A worker that knows these kinds of work.
    #[must_use]
    pub fn new(database: Database, clock: Arc<dyn Clock>, jobs: Vec<Arc<dyn Job>>) -> Self {
        let jobs = jobs.into_iter().map(|job| (job.kind(), job)).collect();
        Self { database, clock, jobs }
    }

    /// Does all that is due now, one after the other, and tells how many jobs succeeded.
    ///
    /// # Errors
    /// When the database itself cannot be used; a failing job is only postponed.
    pub async fn do_due(&self) -> database::Result<usize> {
        let mut done = 0;
        loop {
            let mut tx = self.database.read().await?;
            let due = store::any_due(&mut tx, self.clock.now()).await?;
            drop(tx);
            if !due {
                return Ok(done);
            }
            done += usize::from(self.do_one().await?);
        }
    }

    /// Works until `stop` turns true.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut commits = self.database.commits();
        while !*stop.borrow() {
            commits.mark_unchanged();
            if let Err(error) = self.do_due().await {
                tracing::error!(%error, "the queue cannot be read, trying again");
            }
            tokio::select! {
                _ = commits.changed() => {}
                _ = stop.changed() => {}
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
        }
    }

    async fn do_one(&self) -> database::Result<bool> {
        let mut tx = self.database.begin().await?;
        let Some(waiting) = store::claim(&mut tx, self.clock.now()).await? else { return Ok(false) };
        let outcome = match self.jobs.get(waiting.kind.as_str()) {
            Some(job) => job.run(&mut tx, &waiting.payload).await,
            None => Err(JobError(format!("nobody here does `{}`", waiting.kind))),
        };
        match outcome {
            Ok(()) => tx.commit().await.map(|()| true),
            Err(error) => {
                drop(tx);
                self.postpone(&waiting, &error).await.map(|()| false)
            }
        }
    }

    async fn postpone(&self, waiting: &Waiting, error: &JobError) -> database::Result<()> {
        tracing::warn!(job = waiting.key, attempt = waiting.attempts + 1, %error, "a job failed and will be tried again");
        let doublings = u32::try_from(waiting.attempts).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE);
        let pause = SignedDuration::from_mins(1 << doublings);
        let mut tx = self.database.begin().await?;
        store::postpone(&mut tx, waiting, self.clock.now() + pause, &error.to_string()).await?;
        tx.commit().await
    }
}
