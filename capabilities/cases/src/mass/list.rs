//! Trying the cases that a filter chose, some at a time: by the very decision that will grant them.

use async_trait::async_trait;
use base::{Uuid, rome_date};
use database::Tx;
use queue::{Job, JobError};
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
        for (row, place) in rows.iter().zip(mass.listed..) {
            items.push(self.tried(tx, &mass, (row.id, place)).await.map_err(failed)?);
        }
        store::insert_items(tx, &items).await?;
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
    async fn tried(&self, tx: &mut Tx, mass: &MassDecision, (id, place): (Uuid, i64)) -> Result<Item, Failure> {
        let item = |seen, cents, why: Option<NotNow>| Item {
            mass: mass.id,
            case: id,
            place,
            draw: draw(mass.id, id),
            seen,
            cents,
            state: if why.is_none() { ItemState::Grantable } else { ItemState::Excluded },
            reason: why.map(NotNow::key).unwrap_or_default().to_owned(),
        };
        // Of a case whose content was erased nothing can be said.
        let Some(case) = store::find(tx, id).await? else { return Ok(item(0, None, Some(NotNow::Closed))) };
        let service = self.0.service_of(tx, &case).await?;
        let (calendar, actor) = (self.0.calendar_of(&case.submitted.office), mass.head().actor());
        let today = rome_date(self.0.web.clock().now());
        let context = self.0.context((&service, &calendar), &actor, today);
        let granted = grant_together(&case, &context, ("", &mass.together(mass.began_at)));
        Ok(match granted {
            Ok(act) => item(last_seen(&case), cents(&act), None),
            Err(why) => item(last_seen(&case), None, Some(why)),
        })
    }
}

/// Where a case stands among those from which the sample is drawn.
fn draw(mass: Uuid, case: Uuid) -> String {
    hex::encode(&Sha256::digest(format!("{mass}\n{case}"))[..8])
}
