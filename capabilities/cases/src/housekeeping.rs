use async_trait::async_trait;
use base::Timestamp;
use database::{Database, Tx};
use jiff::SignedDuration;
use queue::{Job, JobError};
use serde_json::Value;
use web::Web;

use crate::store;

/// How long a file waits that nothing names any more.
const PATIENCE: SignedDuration = SignedDuration::from_hours(30 * 24);
/// How long a draft of a visit to the counter is kept that was not filed: the visit itself lasts an hour.
const VISITS: SignedDuration = SignedDuration::from_hours(24);
/// The job that makes older cases searchable.
const NAMES: &str = "cases/names";
/// While processes of the version before still serve, they file cases without keys.
const AGAIN: SignedDuration = SignedDuration::from_mins(10);

/// Deletes files that were attached thirty days ago and belong to no case and to no draft, and gives their number; and
/// what waited for signatures and came to nothing as long ago, drafts of nobody's
/// whose time is over, and those of yesterday's visits to the counter. For a daily job.
///
/// # Errors
/// What the database refuses.
pub async fn forget_old(tx: &mut Tx, now: Timestamp) -> database::Result<u64> {
    let before = now.saturating_sub(PATIENCE).unwrap_or(Timestamp::MIN);
    let yesterday = now.saturating_sub(VISITS).unwrap_or(Timestamp::MIN);
    store::forget_drafts_of_visits(tx, mandates::COUNTER, yesterday).await?;
    store::forget_old_helps(tx, before).await?;
    store::forget_old_anonymous(tx, now).await?;
    store::forget_ended_signings(tx, before).await?;
    store::forget_orphans(tx, before).await
}

/// Sets what this room does by itself going: at every start, because nobody else would begin.
///
/// # Errors
/// What the database refuses.
pub async fn begin(database: &Database, now: Timestamp) -> database::Result<()> {
    let mut tx = database.begin().await?;
    queue::enqueue(&mut tx, NAMES, NAMES, &Value::Null, now).await?;
    tx.commit().await
}

/// Gives the keys by which a name is found to cases that the version before filed, some hundred at a time.
pub struct NameOld(pub Web);

#[async_trait]
impl Job for NameOld {
    fn kind(&self) -> &'static str {
        NAMES
    }

    async fn run(&self, tx: &mut Tx, _: &Value) -> Result<(), JobError> {
        let now = self.0.clock().now();
        let pause = if store::name_old(tx).await? { SignedDuration::ZERO } else { AGAIN };
        let next = now.saturating_add(pause).unwrap_or(Timestamp::MAX);
        Ok(queue::enqueue(tx, NAMES, NAMES, &Value::Null, next).await?)
    }
}
