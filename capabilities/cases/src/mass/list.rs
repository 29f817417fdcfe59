//! Trying the cases that a filter chose, some at a time: by the very decision that will grant them.

use base::{Timestamp, Uuid, rome_date};
use database::Tx;
use rules::Unverified;
use sha2::{Digest, Sha256};
use web::Failure;

use super::{cents, last_seen};
use crate::{
    decide::{NotNow, grant_together},
    room::Cases,
    store::{self, Item, ItemState, MassDecision},
};

/// Cases of one unit of work: others who write wait no longer than it lasts.
const PIECE: usize = 50;

/// Tries the next cases; gives when it goes on, if it does.
pub async fn piece(
    cases: &Cases,
    tx: &mut Tx,
    mut mass: MassDecision,
    now: Timestamp,
) -> Result<Option<Timestamp>, Failure> {
    if mass.listed_at.is_some() {
        return Ok(None);
    }
    let (rows, last) = store::following(tx, &mass.filter(cases), mass.place, PIECE).await?;
    let mut items = Vec::with_capacity(rows.len());
    let mut points = Vec::new();
    for (row, place) in rows.iter().zip(mass.listed..) {
        let (item, uncertain) = tried(cases, tx, &mass, (row.id, place), now).await?;
        items.push(item);
        points.extend(uncertain);
    }
    store::insert_items(tx, &items).await?;
    store::add_points(tx, mass.id, &points).await?;
    mass.listed += i64::try_from(rows.len()).unwrap_or(0);
    mass.place = last.or(mass.place);
    mass.listed_at = (rows.len() < PIECE).then_some(now);
    store::note_listed(tx, &mass).await?;
    Ok(mass.listed_at.is_none().then_some(now))
}

/// What would become of a case, and the points of the law on which that rests and which are uncertain.
async fn tried(
    cases: &Cases,
    tx: &mut Tx,
    mass: &MassDecision,
    (id, place): (Uuid, i64),
    now: Timestamp,
) -> Result<(Item, Vec<Unverified>), Failure> {
    let (case, state, reason) = (id, ItemState::Excluded, NotNow::Closed.key().to_owned());
    let item = Item { mass: mass.id, case, place, draw: draw(mass.id, id), seen: 0, cents: None, state, reason };
    // Of a case whose content was erased nothing can be said.
    let Some(case) = store::find(tx, id).await? else { return Ok((item, Vec::new())) };
    let service = cases.service_of(tx, &case).await?;
    let (ground, actor) = (cases.whole_ground(tx, &case, &service).await?, mass.head().actor());
    let context = ground.context(&actor, rome_date(now));
    let item = Item { seen: last_seen(&case), ..item };
    Ok(match grant_together(&case, &context, ("", &mass.together(mass.began_at))) {
        Ok(act) => {
            let item = Item { cents: cents(&act), state: ItemState::Grantable, reason: String::new(), ..item };
            (item, case.decision.map(|decision| decision.unverified).unwrap_or_default())
        }
        Err(why) => (Item { reason: why.key().to_owned(), ..item }, Vec::new()),
    })
}

/// Where a case stands among those from which the sample is drawn.
fn draw(mass: Uuid, case: Uuid) -> String {
    hex::encode(&Sha256::digest(format!("{mass}\n{case}"))[..8])
}
