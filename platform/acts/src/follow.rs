use std::{collections::BTreeMap, sync::Arc};

use async_trait::async_trait;
use background::{Round, RoundError};
use database::{Database, Tx};

use crate::{Act, AppendError, store};

/// How many acts a follower is given at once.
const BATCH: i64 = 200;

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

/// A follower at work: round by round it takes in what it has not seen.
pub struct Following {
    /// The database of the program.
    pub database: Database,
    /// Who follows.
    pub follower: Arc<dyn Follower>,
}

#[async_trait]
impl Round for Following {
    fn name(&self) -> &'static str {
        self.follower.name()
    }

    async fn round(&self) -> Result<(), RoundError> {
        catch_up(&self.database, self.follower.as_ref()).await?;
        Ok(())
    }
}

/// How many acts each follower has not taken in yet, by name; one that has never begun is absent.
///
/// # Errors
/// What the database refuses.
pub async fn lags(tx: &mut Tx) -> database::Result<BTreeMap<String, i64>> {
    let count = store::count(tx).await?;
    Ok(store::cursors(tx).await?.into_iter().map(|(name, next)| (name, count.saturating_sub(next))).collect())
}
