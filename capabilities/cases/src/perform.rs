//! The one way in which a case that exists is changed.

use acts::{Actor, NewAct};
use base::rome_date;
use database::Tx;
use web::Failure;

use crate::{
    case::Case,
    decide::{Context, NotNow},
    jobs,
    payload::kind,
    room::Cases,
    store,
};

impl Cases {
    /// Decides on the case as it was read in this transaction, appends the act on the condition that nobody wrote
    /// meanwhile, and writes the row; or gives back why it cannot be done now. One instant says it all: the day of the
    /// decision is that of the act. What follows later (the end of a request) is enqueued with it. The caller commits.
    ///
    /// # Errors
    /// [`Failure::Conflict`] when the case has moved on; otherwise what the database refuses.
    pub async fn perform(
        &self,
        tx: &mut Tx,
        case: &Case,
        actor: &Actor,
        decide: impl FnOnce(&Case, &Context<'_>) -> Result<NewAct, NotNow> + Send,
    ) -> Result<Result<Case, NotNow>, Failure> {
        let service = self.service_of(tx, case).await?;
        let (rules, calendar, now) = (&service.process.rules, &*self.calendar, self.web.clock().now());
        let amount_unit = service.pays().map(rules::Unit::name);
        let context = Context { actor, rules, calendar, today: rome_date(now), amount_unit };
        let act = match decide(case, &context) {
            Ok(act) => act,
            Err(why) => return Ok(Err(why)),
        };
        let asks = act.kind == kind::INTEGRATION_REQUESTED;
        let after = store::write(tx, &self.web, (rules, calendar), Some(case.last_seq), (now, &[act])).await?;
        let after =
            after.ok_or_else(|| Failure::internal(anyhow::anyhow!("a case that was just written is not there")))?;
        if asks {
            jobs::schedule_lapse(tx, &after).await?;
        }
        Ok(Ok(after))
    }
}
