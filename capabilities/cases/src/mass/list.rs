//! Trying the cases that a filter chose, some at a time: by the very decision that will grant them.

use async_trait::async_trait;
use base::{Uuid, rome_date};
use database::Tx;
use queue::{Job, JobError};
use rules::Unverified;
use serde_json::Value;
use sha2::{Digest, Sha256};
use web::Failure;

use super::{LIST, cents, failed, last_seen, open, set};
use crate::{
    decide::{NotNow, grant_together},
    room::Cases,
    store::{self, Item, ItemState, MassDecision},
};

/// Cases of one unit of work: others who write wait no longer than it lasts.
const PIECE: usize = 50;

/// Puts the cases of a mass decision on its list, each with what would become of it.
pub struct ListMassDecision(pub Cases);

#[async_trait]
impl Job for ListMassDecision {
    fn kind(&self) -> &'static str {
        LIST
    }

    async fn run(&self, tx: &mut Tx, payload: &Value) -> Result<(), JobError> {
        let Some(mut mass) = open(tx, payload).await?.filter(|mass| mass.listed_at.is_none()) else { return Ok(()) };
        let (rows, last) = store::following(tx, &mass.filter(&self.0), mass.place, PIECE).await?;
        let mut items = Vec::with_capacity(rows.len());
        let mut points = Vec::new();
        for (row, place) in rows.iter().zip(mass.listed..) {
            let (item, uncertain) = self.tried(tx, &mass, (row.id, place)).await.map_err(failed)?;
            items.push(item);
            points.extend(uncertain);
        }
        store::insert_items(tx, &items).await?;
        store::add_points(tx, mass.id, &points).await?;
        let now = self.0.web.clock().now();
        mass.listed += i64::try_from(rows.len()).unwrap_or(0);
        mass.place = last.or(mass.place);
        mass.listed_at = (rows.len() < PIECE).then_some(now);
        store::note_listed(tx, &mass).await?;
        if mass.listed_at.is_none() {
            set(tx, LIST, mass.id, now).await?;
        }
        Ok(())
    }
}

impl ListMassDecision {
    /// What would become of a case, and the points of the law on which that rests and which are uncertain.
    async fn tried(
        &self,
        tx: &mut Tx,
        mass: &MassDecision,
        (id, place): (Uuid, i64),
    ) -> Result<(Item, Vec<Unverified>), Failure> {
        let (case, state, reason) = (id, ItemState::Excluded, NotNow::Closed.key().to_owned());
        let item = Item { mass: mass.id, case, place, draw: draw(mass.id, id), seen: 0, cents: None, state, reason };
        // Of a case whose content was erased nothing can be said.
        let Some(case) = store::find(tx, id).await? else { return Ok((item, Vec::new())) };
        let service = self.0.service_of(tx, &case).await?;
        let (calendar, actor) = (self.0.calendar_of(&case.submitted.office), mass.head().actor());
        let today = rome_date(self.0.web.clock().now());
        let context = self.0.context((&service, &calendar), &actor, today);
        let item = Item { seen: last_seen(&case), ..item };
        Ok(match grant_together(&case, &context, ("", &mass.together(mass.began_at))) {
            Ok(act) => {
                let item = Item { cents: cents(&act), state: ItemState::Grantable, reason: String::new(), ..item };
                (item, case.decision.map(|decision| decision.unverified).unwrap_or_default())
            }
            Err(why) => (Item { reason: why.key().to_owned(), ..item }, Vec::new()),
        })
    }
}

/// Where a case stands among those from which the sample is drawn.
fn draw(mass: Uuid, case: Uuid) -> String {
    hex::encode(&Sha256::digest(format!("{mass}\n{case}"))[..8])
}
