use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use database::{Database, Tx};
use tokio::sync::watch;

use crate::{Act, AppendError, store};

/// How many acts a follower is given at once.
const BATCH: i64 = 200;
/// Another process may have written: look even when nobody woke us.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Why a follower could not take in a batch. It is tried again; the cursor has not moved.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The database refused.
    #[error(transparent)]
    Database(#[from] database::Error),
    /// An act of its own could not be appended.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// Anything else, in words for the log.
    #[error("{0}")]
    Other(String),
}

/// A room that reacts to acts. It sees every act once, in order, and writes in the transaction that it is given.
#[async_trait]
pub trait Follower: Send + Sync {
    /// A name that never changes: it keys the cursor.
    fn name(&self) -> &'static str;

    /// Takes in acts in the order of the book. Acts appended here come round again in a later batch.
    ///
    /// # Errors
    /// Nothing of the batch has happened then; it is given again.
    async fn follow(&self, tx: &mut Tx, acts: &[Act]) -> Result<(), FollowError>;
}

/// How far a follower has read: the next position it wants.
pub(crate) struct Cursor {
    pub(crate) name: &'static str,
    pub(crate) next: i64,
}

/// Gives a follower all that it has not seen yet, and tells how many acts that were.
///
/// # Errors
/// What the follower or the database refuses.
pub async fn catch_up(database: &Database, follower: &dyn Follower) -> Result<usize, FollowError> {
    let mut taken = 0;
    loop {
        let many = one_batch(database, follower).await?;
        taken += many;
        if many == 0 {
            return Ok(taken);
        }
    }
}

async fn one_batch(database: &Database, follower: &dyn Follower) -> Result<usize, FollowError> {
    // A look without the write lock first: most of the time there is nothing new.
    let mut tx = database.read().await?;
    let cursor = store::cursor(&mut tx, follower.name()).await?;
    if store::count(&mut tx).await? <= cursor.next {
        return Ok(0);
    }
    drop(tx);
    let mut tx = database.begin().await?;
    let mut cursor = store::cursor(&mut tx, follower.name()).await?;
    let acts = store::after(&mut tx, cursor.next, BATCH).await?;
    let Some(last) = acts.last() else { return Ok(0) };
    follower.follow(&mut tx, &acts).await?;
    cursor.next = last.position + 1;
    store::move_cursor(&mut tx, &cursor).await?;
    tx.commit().await?;
    Ok(acts.len())
}

/// Runs followers side by side until `stop` turns true. Each waits for commits; a failing one is logged and tried again.
pub async fn follow_all(database: Database, followers: Vec<Arc<dyn Follower>>, stop: watch::Receiver<bool>) {
    let running: Vec<_> = followers
        .into_iter()
        .map(|follower| tokio::spawn(follow_one(database.clone(), follower, stop.clone())))
        .collect();
    for task in running {
        if let Err(error) = task.await {
            tracing::error!(%error, "a follower of the book of acts panicked");
        }
    }
}

async fn follow_one(database: Database, follower: Arc<dyn Follower>, mut stop: watch::Receiver<bool>) {
    let mut commits = database.commits();
    while !*stop.borrow() {
        commits.mark_unchanged();
        let pause = match catch_up(&database, follower.as_ref()).await {
            Ok(_) => LOOK_AGAIN,
            Err(error) => {
                tracing::error!(follower = follower.name(), %error, "could not follow the book of acts, trying again");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            _ = commits.changed() => {}
            _ = stop.changed() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
