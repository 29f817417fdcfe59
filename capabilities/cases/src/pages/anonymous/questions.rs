use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use web::{Answer, Failure, Posted, Visit};

use super::{
    super::ask::{Application, Saving, Sheet, Show, add_row},
    asked, held, until,
};
use crate::{
    files::KeptFiles,
    room::{Cases, today},
    store,
};

/// How often a draft is changed again when another device saves at the same moment.
const ATTEMPTS: usize = 5;

/// Shows a page of questions of the draft that this browser holds.
pub async fn page(State(cases): State<Cases>, Path((slug, id)): Path<(String, String)>, visit: Visit) -> Answer {
    let service = asked(&cases, &slug)?;
    let Some(held) = held(&cases, &visit, &slug).await? else { return Ok(to_the_draft(&slug)) };
    let mut application = Application::anonymous(&cases, service, held.draft, today(&visit));
    if application.form().page(&id).is_none() {
        return Err(Failure::NotFound);
    }
    if let Some(group) = visit.query("aggiungi") {
        add_row(&mut application, &group);
    }
    let show = if visit.query("modifica").is_some() { Show::Everything } else { Show::Missing };
    web::show(&Sheet::new(&application, &id, show, Default::default()).build(&visit))
}

/// Keeps what is right, and goes on or shows what is wrong; files are attached after the login.
pub async fn save(
    State(cases): State<Cases>,
    Path((slug, id)): Path<(String, String)>,
    visit: Visit,
    posted: Posted,
) -> Answer {
    let service = asked(&cases, &slug)?;
    service.form.page(&id).ok_or(Failure::NotFound)?;
    for _ in 0..ATTEMPTS {
        let Some(held) = held(&cases, &visit, &slug).await? else { return Ok(to_the_draft(&slug)) };
        let before = held.draft.updated_at;
        let mut application = Application::anonymous(&cases, service.clone(), held.draft, today(&visit));
        let saving = Saving::put(&mut application, &visit, &id, &posted, &KeptFiles::default());
        application.keep_only_asked();
        application.draft.updated_at = visit.now;
        let mut tx = cases.web.database().begin().await?;
        let saved = store::save_anonymous(&mut tx, &held.digest, &application.draft, until(visit.now)).await?;
        tx.commit().await?;
        if !saved {
            continue;
        }
        application.draft.revision += 1;
        let Saving { typed, problems, contested } = saving;
        if problems.is_empty() && contested.is_empty() {
            return Ok(Redirect::to(&application.next_place(Some(&id))).into_response());
        }
        let elsewhere = (!contested.is_empty())
            .then(|| visit.t1("cases.ask.elsewhere.text", "when", base::long_timestamp(before, visit.language)));
        let conflict = elsewhere.is_some();
        let sheet =
            Sheet { application: &application, id: &id, show: Show::Missing, typed, problems, contested, elsewhere };
        let shown = sheet.build(&visit);
        if !conflict {
            return web::show_faulty(&shown);
        }
        return Ok((StatusCode::CONFLICT, web::show(&shown)?).into_response());
    }
    Err(Failure::Busy)
}

/// Without a code there is no draft: it can be begun, or resumed.
fn to_the_draft(slug: &str) -> axum::response::Response {
    Redirect::to(&format!("/servizi/{slug}/bozza")).into_response()
}
