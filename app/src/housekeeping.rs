use async_trait::async_trait;
use base::Timestamp;
use database::{Database, Tx};
use jiff::SignedDuration;
use queue::{Job, JobError};
use serde_json::Value;
use web::Web;

const KIND: &str = "app/housekeeping";
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// Once a day: forgets sessions, parked forms, login messages, unsent files, places of the waiting room and whose case was held
/// that may no longer be kept, and asks to be called again tomorrow.
pub struct Housekeeping(pub Web);

impl Housekeeping {
    /// Makes sure that it is called today; at every start, because nobody else would begin.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn begin(database: &Database, now: Timestamp) -> database::Result<()> {
        let mut tx = database.begin().await?;
        queue::enqueue(&mut tx, KIND, KIND, &Value::Null, now).await?;
        tx.commit().await
    }
}

#[async_trait]
impl Job for Housekeeping {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn run(&self, tx: &mut Tx, _: &Value) -> Result<(), JobError> {
        let now = self.0.clock().now();
        let sessions = web::sessions::forget_old(tx, self.0.settings(), now).await?;
        let messages = identity::forget_old(tx, now).await?;
        let files = cases::forget_old(tx, now).await?;
        let places = waiting::forget_old(tx, now).await?;
        let holds = retention::forget_old(tx, now).await?;
        tracing::info!(sessions, messages, files, places, holds, "forgot what may no longer be kept");
        let tomorrow = now.saturating_add(DAY).unwrap_or(Timestamp::MAX);
        Ok(queue::enqueue(tx, KIND, KIND, &Value::Null, tomorrow).await?)
    }
}
