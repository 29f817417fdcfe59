use base::Timestamp;
use database::Tx;
use jiff::SignedDuration;

use crate::store;

/// How long a file waits that nothing names any more.
const PATIENCE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Deletes files that were attached thirty days ago and belong to no case and to no draft; gives their number. For a
/// daily job.
///
/// # Errors
/// What the database refuses.
pub async fn forget_old(tx: &mut Tx, now: Timestamp) -> database::Result<u64> {
    store::forget_orphans(tx, now.saturating_sub(PATIENCE).unwrap_or(Timestamp::MIN)).await
}
