use acts::{Actor, NewAct};
use async_trait::async_trait;
use base::Uuid;
use database::Tx;
use queue::{Job, JobError};
use serde_json::Value;

use crate::{
    case::Case,
    decide::{Context, NotNow, lapse, remind, settle_by_silence},
    room::Cases,
    store,
    timers::{self, LAPSE, OPINION, SILENCE},
};

/// Ends an integration request that nobody answered: the day after its deadline the clock runs again by itself
/// (art. 2 c. 7 L. 241/1990).
pub struct LapseIntegration(pub Cases);

/// Writes down what the law did when a term passed: consent or refusal by silence (art. 20, art. 25 c. 4 L. 241/1990).
pub struct SettleBySilence(pub Cases);

/// Writes down that an expert's time passed without an answer, for whoever works on the case (art. 16 c. 2).
pub struct RemindOfOpinion(pub Cases);

/// Does what the timer was set for, as the program. What does not fit any more is not done; what is not yet due (the day
/// was moved, or the clock put back) is set again for its day. Whatever runs it, and however often: the act is written
/// once, because it closes what it is about.
async fn fire(
    cases: &Cases,
    tx: &mut Tx,
    payload: &Value,
    decide: impl FnOnce(&Case, &Context<'_>) -> Result<NewAct, NotNow> + Send,
) -> Result<(), JobError> {
    let failed = |failure| JobError(format!("{failure:?}"));
    let id: Uuid = payload["case"].as_str().and_then(|id| id.parse().ok()).ok_or(JobError("no case".into()))?;
    let Some(case) = store::find(tx, id).await? else { return Ok(()) };
    let done = cases.perform(tx, &case, &Actor::system(), decide).await.map_err(failed)?;
    if matches!(done, Err(NotNow::TermRuns | NotNow::AwaitingAnswer)) {
        let service = cases.service_of(tx, &case).await.map_err(failed)?;
        let today = base::rome_date(cases.web.clock().now());
        let term = case.term(&service.process.rules, &cases.calendar_of(case.office().id), today);
        timers::set(tx, &case, &term).await?;
    }
    Ok(())
}

fn act_of(payload: &Value) -> Result<i64, JobError> {
    payload["seq"].as_i64().ok_or(JobError("no act".into()))
}

#[async_trait]
impl Job for LapseIntegration {
    fn kind(&self) -> &'static str {
        LAPSE
    }

    async fn run(&self, tx: &mut Tx, payload: &Value) -> Result<(), JobError> {
        fire(&self.0, tx, payload, lapse).await
    }
}

#[async_trait]
impl Job for SettleBySilence {
    fn kind(&self) -> &'static str {
        SILENCE
    }

    async fn run(&self, tx: &mut Tx, payload: &Value) -> Result<(), JobError> {
        fire(&self.0, tx, payload, settle_by_silence).await
    }
}

#[async_trait]
impl Job for RemindOfOpinion {
    fn kind(&self) -> &'static str {
        OPINION
    }

    async fn run(&self, tx: &mut Tx, payload: &Value) -> Result<(), JobError> {
        let request = act_of(payload)?;
        fire(&self.0, tx, payload, move |case, context| remind(case, context, request)).await
    }
}
