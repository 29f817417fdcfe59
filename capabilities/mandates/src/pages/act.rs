//! Choosing for whom to act.

use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use base::rome_date;
use web::{ActingFor, Answer, Failure, Posted, Visit, sessions};

use super::{At, PLACE, end_of, note};
use crate::{
    NotNow, Standing,
    acting::{under, under_law},
    office,
};

/// From now on this session acts for who gave the mandate.
pub async fn choose(at: At, Path(id): Path<String>, _: Posted) -> Answer {
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
        note: note(visit, "mandate", &mandate.number, Some(mandate.until)),
        ends_at: end_of(mandate.until),
        ended: false,
    };
    sessions::act_for(&mut tx, session, Some(&acting)).await?;
    tx.commit().await?;
    Ok(Redirect::to("/pratiche").into_response())
}

/// From now on this session acts for somebody whom its person represents by law. No acceptance is needed: the registry knows.
pub async fn choose_by_law(at: At, posted: Posted) -> Answer {
    let At { room, person, visit } = &at;
    let mut tx = room.web.database().begin().await?;
    let powers = registry::powers_of(&mut tx, person.fiscal_code.as_str(), rome_date(visit.now)).await?;
    let chosen = powers.iter().find(|power| power.id == posted.text("potere"));
    let Some(power) = chosen else {
        identity::note_refusal(&room.web, person.fiscal_code.as_str(), &visit.path);
        return Err(Failure::NotFound);
    };
    let acting = ActingFor {
        under: under_law(power),
        name: power.represented_name.clone(),
        note: note(visit, power.kind.key(), &power.number, power.until),
        ends_at: power.until.and_then(end_of),
        ended: false,
    };
    sessions::act_for(&mut tx, visit.citizen()?, Some(&acting)).await?;
    tx.commit().await?;
    Ok(Redirect::to("/pratiche").into_response())
}

/// Back to oneself.
pub async fn back(visit: Visit) -> Answer {
    let acts = |session: &&web::Session| session.door == web::Door::Citizen || session.acting.is_some();
    let session = visit.session.as_ref().filter(acts).ok_or(Failure::Unauthenticated)?;
    let mut tx = visit.web.database().begin().await?;
    office::end_present(&mut tx, &visit).await?;
    sessions::act_for(&mut tx, session, None).await?;
    tx.commit().await?;
    let place = if identity::Officer::session(&visit).is_some() { office::PLACE } else { PLACE };
    Ok((web::SetCookie::notice(&visit, "mandates.done.back"), Redirect::to(place)).into_response())
}
