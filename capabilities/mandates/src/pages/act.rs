//! Choosing for whom to act.

use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use web::{ActingFor, Answer, Visit, sessions};

use super::{At, PLACE, note};
use crate::{NotNow, Standing, acting::under};

/// From now on this session acts for who gave the mandate.
pub async fn choose(at: At, Path(id): Path<String>) -> Answer {
    let At { room, person, visit } = &at;
    let mut tx = room.web.database().begin().await?;
    let mandate = at.own(&mut tx, &id).await?;
    let mine = mandate.delegate.fiscal_code == person.fiscal_code.as_str();
    if !mine || mandate.standing(visit.now) != Standing::Live {
        let why = if mine { NotNow::Over } else { NotNow::NotYours };
        let notice = web::SetCookie::warning(visit, why.key());
        return Ok((notice, Redirect::to(&format!("{PLACE}/{}", mandate.id))).into_response());
    }
    let session = visit.citizen()?;
    let acting = ActingFor {
        under: under(&mandate),
        name: mandate.principal.name.clone(),
        note: note(visit, &mandate),
        until: Some(mandate.until),
        ended: false,
    };
    sessions::act_for(&mut tx, session, Some(&acting)).await?;
    tx.commit().await?;
    Ok(Redirect::to("/pratiche").into_response())
}

/// Back to oneself.
pub async fn back(visit: Visit) -> Answer {
    let session = visit.session.as_ref().ok_or(web::Failure::Unauthenticated)?;
    let mut tx = visit.web.database().begin().await?;
    sessions::act_for(&mut tx, session, None).await?;
    tx.commit().await?;
    Ok((web::SetCookie::notice(&visit, "mandates.done.back"), Redirect::to(PLACE)).into_response())
}
