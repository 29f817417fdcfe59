use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use web::{Answer, Page, Posted, SetCookie, components::Tone};

use super::{
    super::{Oneself, sign},
    Held, asked, held,
};
use crate::{
    files,
    store::{self, Draft},
};

/// Asks whether what was typed without a login goes into one's own application.
#[derive(Template)]
#[template(path = "pages/anonymous/bring.html")]
struct BringPage {
    page: Page,
    slug: String,
    name: String,
    /// When the draft was last saved that would be replaced; empty where there is none.
    replaces: String,
}

/// Shows in whose application it would go, and what it would replace.
pub async fn show(Oneself { cases, person, visit }: Oneself, Path(slug): Path<String>) -> Answer {
    let service = asked(&cases, &slug)?;
    if held(&cases, &visit, &slug).await?.is_none() {
        return Ok(Redirect::to(&format!("/servizi/{slug}/domanda")).into_response());
    }
    let mut tx = cases.web.database().read().await?;
    let own = store::find_draft(&mut tx, &person.fiscal_code, &slug).await?;
    drop(tx);
    let page = visit.page("cases.anonymous.bring.title").crumb(service.name.get(visit.language), service.href());
    let replaces = own.map(|own| page.t1("cases.anonymous.bring.replaces", "when", page.moment(&own.updated_at)));
    web::show(&BringPage { slug, name: person.name, replaces: replaces.unwrap_or_default(), page })
}

/// Makes the draft this person's, and forgets the code: from then on only they see it.
pub async fn bring(Oneself { cases, person, visit }: Oneself, Path(slug): Path<String>, _: Posted) -> Answer {
    let service = asked(&cases, &slug)?;
    let onward = Redirect::to(&format!("/servizi/{slug}/domanda"));
    let Some(Held { digest, draft, .. }) = held(&cases, &visit, &slug).await? else {
        return Ok(onward.into_response());
    };
    let mut tx = cases.web.database().begin().await?;
    if let Some(way) = sign::at_rest(&mut tx, &service, &person.fiscal_code, visit.now).await? {
        return Ok(way);
    }
    // Of two who bring it at once, one does.
    if store::forget_anonymous(&mut tx, &digest).await? {
        files::forget_draft(&mut tx, &service, (&person.fiscal_code, &person.fiscal_code)).await?;
        let idempotency_key = base::new_id(cases.web.clock(), cases.web.chance()).to_string();
        let own = Draft { idempotency_key, revision: 0, updated_at: visit.now, ..draft };
        store::save_draft(&mut tx, &person.fiscal_code, &own).await?;
    }
    tx.commit().await?;
    let told = SetCookie::notice(&visit, "cases.anonymous.bring.done");
    Ok((told, SetCookie::no_draft(&visit), onward).into_response())
}
