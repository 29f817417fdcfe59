use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use background::{Round, RoundError};
use base::Clock;
use database::{Database, Tx};
use jiff::SignedDuration;
use serde_json::Value;

use crate::store::{self, Waiting};

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

    async fn do_one(&self) -> database::Result<bool> {
        let mut tx = self.database.begin().await?;
        let Some(waiting) = store::claim(&mut tx, self.clock.now()).await? else { return Ok(false) };
        match self.attempt(tx, &waiting).await {
            Ok(tx) => tx.commit().await.map(|()| true),
            Err(error) => self.postpone(&waiting, &error).await.map(|()| false),
        }
    }

    /// Does a job; gives back the transaction to commit. A job that panics fails like any other: it must not keep the
    /// jobs behind it from being done.
    async fn attempt(&self, mut tx: Tx, waiting: &Waiting) -> Result<Tx, JobError> {
        let Some(job) = self.jobs.get(waiting.kind.as_str()).cloned() else {
            return Err(JobError(format!("nobody here does `{}`", waiting.kind)));
        };
        let payload = waiting.payload.clone();
        let running = tokio::spawn(async move { job.run(&mut tx, &payload).await.map(|()| tx) });
        running.await.unwrap_or_else(|error| Err(JobError(error.to_string())))
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

#[async_trait]
impl Round for Work {
    fn name(&self) -> &'static str {
        "queue"
    }

    async fn round(&self) -> Result<(), RoundError> {
        self.do_due().await?;
        Ok(())
    }
}
