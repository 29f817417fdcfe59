//! Accepting, declining, taking back, giving up.

use acts::{Actor, NewAct};
use axum::{extract::Path, response::IntoResponse};
use base::Timestamp;
use web::{Answer, Posted, sessions};

use super::{At, PLACE, done};
use crate::{Mandate, NotNow, acting::under, decide, store};

type Decision = fn(&Mandate, &Actor, Timestamp) -> Result<NewAct, NotNow>;

/// What is done to a mandate, and what is told then.
struct Deed {
    decision: Decision,
    message: &'static str,
    /// Whether it lets somebody in: not while it is unsure that the person is the person.
    lets_in: bool,
}

/// The other person accepts.
pub async fn accept(at: At, Path(id): Path<String>, _: Posted) -> Answer {
    if let Some(way) = at.person.step_up(&at.visit, decide::LEVEL) {
        return Ok(way);
    }
    settle(at, &id, Deed { decision: decide::accept, message: "mandates.done.accepted", lets_in: true }).await
}

/// The other person does not want it.
pub async fn decline(at: At, Path(id): Path<String>, _: Posted) -> Answer {
    settle(at, &id, Deed { decision: decide::decline, message: "mandates.done.declined", lets_in: false }).await
}

/// Who gave it takes it back.
pub async fn revoke(at: At, Path(id): Path<String>, _: Posted) -> Answer {
    settle(at, &id, Deed { decision: decide::revoke, message: "mandates.done.revoked", lets_in: false }).await
}

/// Who had accepted it gives it up.
pub async fn renounce(at: At, Path(id): Path<String>, _: Posted) -> Answer {
    settle(at, &id, Deed { decision: decide::renounce, message: "mandates.done.renounced", lets_in: false }).await
}

/// Reads, decides and writes in one transaction. With its end, every session that acts by it knows of it.
async fn settle(at: At, id: &str, deed: Deed) -> Answer {
    let At { room, person, visit } = &at;
    let mut tx = room.web.database().begin().await?;
    let mandate = at.own(&mut tx, id).await?;
    let now = room.web.clock().now();
    let frozen = deed.lets_in && identity::freeze(&mut tx, person.fiscal_code.as_str(), now).await?.is_some();
    let decided = if frozen { Err(NotNow::Frozen) } else { (deed.decision)(&mandate, &person.actor(), now) };
    let act = match decided {
        Ok(act) => act,
        Err(why) => {
            tx.commit().await?; // what was read may be of a unit that shares this commit
            let notice = web::SetCookie::warning(visit, why.key());
            let place = format!("{PLACE}/{}", mandate.id);
            return Ok((notice, axum::response::Redirect::to(&place)).into_response());
        }
    };
    let after = store::write(&mut tx, room.web.chance(), Some(&mandate), (now, act)).await?;
    if after.ended.is_some() {
        sessions::end_acting(&mut tx, &under(&after)).await?;
    }
    tx.commit().await?;
    done(visit, after.id, deed.message)
}
