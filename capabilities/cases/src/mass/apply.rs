//! Granting the cases of a mass decision, some at a time, each by an act of its own. The acts, what became of the cases
//! and the next piece of work are one commit: interrupted anywhere, it goes on where it was, and no case comes twice.

use acts::Actor;
use base::Timestamp;
use database::Tx;
use identity::Power;
use web::Failure;

use super::{Ending, cents, end, last_seen};
use crate::{
    decide::{NotNow, grant_together},
    payload::Together,
    room::Cases,
    store::{self, Item, ItemState, MassDecision},
};

/// Cases of one unit of work: others who write wait no longer than it lasts.
const PIECE: usize = 25;

/// Grants the next cases; gives when it goes on, if it does.
pub async fn piece(
    cases: &Cases,
    tx: &mut Tx,
    mass: &MassDecision,
    now: Timestamp,
) -> Result<Option<Timestamp>, Failure> {
    let (Some(confirmed_at), Some(from)) = (mass.confirmed_at, mass.takes_effect_at) else { return Ok(None) };
    if now < from {
        return Ok(Some(from)); // the clock was put back
    }
    if !may_still(cases, tx, mass).await? {
        return Ok(end(tx, mass.id, now, Ending::Unauthorised).await.map(|_| None)?);
    }
    let items = store::next_items(tx, mass.id, PIECE).await?;
    if items.is_empty() {
        return Ok(end(tx, mass.id, now, Ending::Done).await.map(|_| None)?);
    }
    let (actor, together) = (mass.head().actor(), mass.together(confirmed_at));
    for item in &items {
        let (state, reason) = match grant(cases, tx, item, (&actor, &mass.motivation, &together)).await? {
            Ok(()) => (ItemState::Granted, ""),
            Err(why) => (ItemState::Left, why.key()),
        };
        store::settle_item(tx, (mass.id, item.case), state, reason).await?;
    }
    Ok(Some(now))
}

/// Grants one case as a single grant would, if it is what the list said.
async fn grant(
    cases: &Cases,
    tx: &mut Tx,
    item: &Item,
    (actor, motivation, together): (&Actor, &str, &Together),
) -> Result<Result<(), NotNow>, Failure> {
    let Some(case) = store::find(tx, item.case).await? else { return Ok(Err(NotNow::Closed)) };
    let done = cases.perform(tx, &case, actor, |case, context| {
        let act = grant_together(case, context, (motivation, together))?;
        let same = last_seen(case) == item.seen && cents(&act) == item.cents;
        if same { Ok(act) } else { Err(NotNow::MovedOn) }
    });
    Ok(done.await?.map(drop))
}

/// Whoever confirmed it may have been moved or gone meanwhile: then nobody decides.
async fn may_still(cases: &Cases, tx: &mut Tx, mass: &MassDecision) -> database::Result<bool> {
    let officer = identity::officer(tx, &mass.officer).await?.filter(|officer| officer.office == mass.office);
    Ok(officer.is_some_and(|officer| cases.catalogue.allows(&officer, Power::DecideTogether)))
}
