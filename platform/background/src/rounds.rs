use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::{sync::watch, time::sleep};

use crate::Health;

/// Another process may have written: look even when nobody woke us.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Why a round failed, for the log.
pub type RoundError = Box<dyn std::error::Error + Send + Sync>;

/// Work that is done again and again beside the pages.
#[async_trait]
pub trait Round: Send + Sync + 'static {
    /// Under which name operators know it.
    fn name(&self) -> &'static str;

    /// Does all that there is to do now.
    ///
    /// # Errors
    /// It is called again after a pause.
    async fn round(&self) -> Result<(), RoundError>;
}

impl Health {
    /// Runs a task until `stop` turns true: at once, whenever `wake` changes, and every two seconds. After a failure or
    /// a panic it rests for 1, 2, 4 … 60 seconds, whoever wakes it.
    pub async fn keep(self, task: Arc<dyn Round>, mut wake: watch::Receiver<u64>, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow_and_update() {
            wake.mark_unchanged();
            match self.one(&task).await {
                Some(pause) => {
                    tokio::select! {
                        _ = stop.changed() => {}
                        () = sleep(pause) => {}
                    }
                }
                None => {
                    tokio::select! {
                        _ = wake.changed() => {}
                        _ = stop.changed() => {}
                        () = sleep(LOOK_AGAIN) => {}
                    }
                }
            }
        }
    }

    /// One round; the pause that is due after a failure.
    async fn one(&self, task: &Arc<dyn Round>) -> Option<Duration> {
        let name = task.name();
        self.begins(name);
        let working = Arc::clone(task);
        // A task of the runtime for each round: a panic ends that one only.
        let failures = match tokio::spawn(async move { working.round().await }).await {
            Ok(Ok(())) => {
                self.succeeded(name);
                return None;
            }
            Ok(Err(error)) => {
                tracing::error!(task = name, %error, "a background task failed and will be tried again");
                self.failed(name, false)
            }
            Err(error) => {
                tracing::error!(task = name, %error, "a background task panicked and will be started again");
                self.failed(name, error.is_panic())
            }
        };
        Some(FIRST_PAUSE.saturating_mul(1 << (failures - 1).min(6)).min(LONGEST_PAUSE))
    }
}
