use acts::Actor;
use async_trait::async_trait;
use base::Uuid;
use database::Tx;
use queue::{Job, JobError};
use serde_json::{Value, json};
use web::Failure;

use crate::{case::Case, decide::lapse, room::Cases, store};

/// Ends an integration request that nobody answered: the day after its deadline the clock runs again by itself
/// (art. 2 c. 7 L. 241/1990).
pub struct LapseIntegration(pub Cases);

/// The name of the job.
pub const LAPSE: &str = "cases/integration-lapse";

/// Enqueues the end of a request, in the transaction that makes it.
///
/// # Errors
/// What the database refuses.
pub async fn schedule_lapse(tx: &mut Tx, case: &Case) -> Result<(), Failure> {
    let Some(open) = &case.open_request else { return Ok(()) };
    let day_after = open.request.deadline.tomorrow().unwrap_or(open.request.deadline);
    let key = format!("{LAPSE}/{}/{}", case.id, open.seq);
    Ok(queue::enqueue(tx, LAPSE, &key, &json!({ "case": case.id }), base::rome_midnight(day_after)).await?)
}

#[async_trait]
impl Job for LapseIntegration {
    fn kind(&self) -> &'static str {
        LAPSE
    }

    async fn run(&self, tx: &mut Tx, payload: &Value) -> Result<(), JobError> {
        let id: Uuid = payload["case"].as_str().and_then(|id| id.parse().ok()).ok_or(JobError("no case".into()))?;
        let Some(case) = store::find(tx, id).await? else { return Ok(()) };
        let lapsed = self.0.perform(tx, &case, &Actor::system(), lapse).await;
        // Answered or withdrawn meanwhile: nothing lapses.
        lapsed.map(drop).map_err(|failure| JobError(format!("{failure:?}")))
    }
}
