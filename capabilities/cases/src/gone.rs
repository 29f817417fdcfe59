//! What is shown where a case was, after it was destroyed.

use askama::Template;
use axum::{http::StatusCode, response::IntoResponse};
use base::Uuid;
use database::Tx;
use identity::Officer;
use web::{Answer, Failure, Page, Visit, components::Fact};

use crate::{
    room::Cases,
    store::{self, Gone},
};

#[derive(Template)]
#[template(path = "pages/gone.html")]
struct GonePage {
    page: Page,
    facts: Vec<Fact>,
}

#[derive(Template)]
#[template(path = "office/gone.html")]
struct OfficeGonePage {
    page: Page,
    facts: Vec<Fact>,
    /// For who may open it.
    list: Option<String>,
}

/// What is left of the case of this identifier, if it was destroyed.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<Gone>, Failure> {
    match id.parse::<Uuid>() {
        Ok(id) => Ok(store::gone(tx, id).await?),
        Err(_) => Ok(None),
    }
}

/// The page for whoever still has the address: that it was destroyed, when and by which list. Whose it was nobody can
/// know any more, so there is nothing in it that is anybody's.
pub async fn for_citizen(cases: &Cases, visit: &Visit, id: &str) -> Answer {
    let mut tx = cases.web.database().read().await?;
    let gone = find(&mut tx, id).await?.ok_or(Failure::NotFound)?;
    let page = visit.page("cases.gone.title").crumb(visit.t("cases.list.title"), "/pratiche");
    let shown = GonePage { facts: facts(&page, &gone), page };
    Ok((StatusCode::GONE, web::show(&shown)?).into_response())
}

/// The page for officers of its office, with its number.
pub async fn for_officer(cases: &Cases, visit: &Visit, (officer, id): (&Officer, &str)) -> Answer {
    let mut tx = cases.web.database().read().await?;
    let gone = find(&mut tx, id).await?.filter(|gone| gone.office == officer.office).ok_or(Failure::NotFound)?;
    let shown = protocol::shown(&cases.catalogue, &gone.protocol);
    let page = visit.page_titled(visit.t1("cases.gone.of", "protocol", &shown));
    let page = page.crumb(visit.t("cases.office.worklist.title"), "/ufficio/pratiche");
    let mut facts = facts(&page, &gone);
    facts.push(Fact::new(page.t("cases.gone.approved"), gone.why.approved_by.join(", ")));
    let list = cases.may_destroy(officer).then(|| format!("/ufficio/scarto/elenchi/{}", gone.why.list));
    Ok((StatusCode::GONE, web::show(&OfficeGonePage { page, facts, list })?).into_response())
}

fn facts(page: &Page, gone: &Gone) -> Vec<Fact> {
    vec![
        Fact::new(page.t("cases.gone.at"), page.moment(&gone.at)),
        Fact::new(page.t("cases.gone.list"), &gone.why.number),
        Fact::new(page.t("cases.gone.authorisation"), &gone.why.authorisation),
    ]
}
