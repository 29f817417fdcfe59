//! What happens to a waiting application by itself: it reminds, and it ends.

use async_trait::async_trait;
use base::{Timestamp, Uuid};
use database::Tx;
use jiff::SignedDuration;
use queue::{Job, JobError};
use serde_json::Value;

use super::State;
use crate::{room::Cases, store};

/// The job that ends the waiting.
pub const EXPIRY: &str = "cases/signing-expiry";
/// The job that reminds who has not signed.
pub const REMINDER: &str = "cases/signing-reminder";

/// Names the timer of one signing.
pub fn key(kind: &str, id: Uuid) -> String {
    format!("{kind}/{id}")
}

/// Ends the waiting for signatures on the day that was told: the draft is whole, and the applicant reads it.
pub struct ExpireSigning(pub Cases);

/// Reminds who has not signed, again and again until the end.
pub struct RemindOfSigning(pub Cases);

fn signing_of(payload: &Value) -> Result<Uuid, JobError> {
    payload["signing"].as_str().and_then(|id| id.parse().ok()).ok_or_else(|| JobError("no signing".into()))
}

/// Ends it, if it still waits.
///
/// # Errors
/// What the database refuses.
pub async fn expire(tx: &mut Tx, id: Uuid, now: Timestamp) -> database::Result<()> {
    let Some(mut signing) = store::hold_signing(tx, id).await? else { return Ok(()) };
    if signing.state == State::Waiting {
        (signing.state, signing.ended_at) = (State::Expired, Some(now));
        store::update_signing(tx, &signing).await?;
        forget_timers(tx, id).await?;
    }
    Ok(())
}

/// What has ended waits for nothing.
///
/// # Errors
/// What the database refuses.
pub async fn forget_timers(tx: &mut Tx, id: Uuid) -> database::Result<()> {
    for kind in [EXPIRY, REMINDER] {
        queue::cancel(tx, &key(kind, id)).await?;
    }
    Ok(())
}

#[async_trait]
impl Job for ExpireSigning {
    fn kind(&self) -> &'static str {
        EXPIRY
    }

    async fn run(&self, tx: &mut Tx, payload: &Value) -> Result<(), JobError> {
        let (id, now) = (signing_of(payload)?, self.0.web.clock().now());
        match store::find_signing(tx, id).await? {
            // Too early, should the clock have been put back: again on its day.
            Some(signing) if signing.state_at(now) == State::Waiting => {
                Ok(queue::enqueue(tx, EXPIRY, &key(EXPIRY, id), payload, signing.expires_at).await?)
            }
            _ => Ok(expire(tx, id, now).await?),
        }
    }
}

#[async_trait]
impl Job for RemindOfSigning {
    fn kind(&self) -> &'static str {
        REMINDER
    }

    async fn run(&self, tx: &mut Tx, payload: &Value) -> Result<(), JobError> {
        let (id, now) = (signing_of(payload)?, self.0.web.clock().now());
        let Some(signing) = store::hold_signing(tx, id).await? else { return Ok(()) };
        if signing.state_at(now) != State::Waiting {
            return Ok(());
        }
        store::remind_signers(tx, id, now).await?;
        let every = SignedDuration::from_hours(payload["hours"].as_i64().unwrap_or(24).max(1));
        let next = now.saturating_add(every).unwrap_or(Timestamp::MAX);
        if next < signing.expires_at {
            queue::enqueue(tx, REMINDER, &key(REMINDER, id), payload, next).await?;
        }
        Ok(())
    }
}
