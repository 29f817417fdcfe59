use acts::Actor;
use async_trait::async_trait;
use base::{Uuid, rome_date};
use database::Tx;
use queue::{Job, JobError};
use serde_json::{Value, json};
use web::Failure;

use crate::{
    case::Case,
    decide::{Context, lapse},
    room::Cases,
    store,
};

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
    let midnight = day_after.in_tz("Europe/Rome").map_err(Failure::internal)?;
    let key = format!("{LAPSE}/{}/{}", case.id, open.seq);
    Ok(queue::enqueue(tx, LAPSE, &key, &json!({ "case": case.id }), midnight.timestamp()).await?)
}

#[async_trait]
impl Job for LapseIntegration {
    fn kind(&self) -> &'static str {
        LAPSE
    }

    async fn run(&self, tx: &mut Tx, payload: &Value) -> Result<(), JobError> {
        let id: Uuid = payload["case"].as_str().and_then(|id| id.parse().ok()).ok_or(JobError("no case".into()))?;
        let Some(case) = store::find(tx, id).await? else { return Ok(()) };
        let service = self.0.service_of(tx, &case).await.map_err(|failure| JobError(format!("{failure:?}")))?;
        let (rules, calendar) = (&service.process.rules, &*self.0.calendar);
        let context = Context {
            actor: &Actor::system(),
            rules,
            calendar,
            today: rome_date(self.0.web.clock().now()),
            amount_unit: None,
        };
        // Answered or withdrawn meanwhile: nothing lapses.
        let Some(act) = lapse(&case, &context) else { return Ok(()) };
        let written =
            store::write(tx, &self.0.web, (rules, calendar), Some(case.last_seq), (self.0.web.clock().now(), &[act]))
                .await;
        written.map(drop).map_err(|failure| JobError(format!("{failure:?}")))
    }
}
