use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use web::{Answer, Failure, Page, Posted, components::Field};

use super::{Counter, own};
use crate::{
    case::{Case, State as CaseState},
    decide::withdraw as withdraw_act,
};

/// What withdrawing means, before it is done.
#[derive(Template)]
#[template(path = "pages/withdraw.html")]
struct WithdrawPage {
    page: Page,
    id: String,
    protocol: String,
    effect: String,
    reason: Field,
}

/// Asks for confirmation.
pub async fn ask(Counter { cases, person, visit }: Counter, Path(id): Path<String>) -> Answer {
    let mut tx = cases.web.database().read().await?;
    let case = own(&mut tx, &cases, &id, &person.fiscal_code).await?;
    let page = visit.page("cases.withdraw.title").crumb(visit.t("cases.list.title"), "/pratiche");
    let page = page.crumb(&case.submitted.service_name, format!("/pratiche/{id}"));
    web::show(&WithdrawPage {
        id,
        protocol: case.submitted.protocol.to_string(),
        effect: page.t(effect(&case)).to_owned(),
        reason: Field::area("motivo", page.t("cases.withdraw.reason")).optional(),
        page,
    })
}

fn effect(case: &Case) -> &'static str {
    match case.state {
        CaseState::Granted => "cases.withdraw.effect_granted",
        _ => "cases.withdraw.effect_open",
    }
}

/// Withdraws. Sending it twice withdraws once.
pub async fn withdraw(Counter { cases, person, visit }: Counter, Path(id): Path<String>, posted: Posted) -> Answer {
    let mut tx = cases.web.database().begin().await?;
    let case = own(&mut tx, &cases, &id, &person.fiscal_code).await?;
    let back = Redirect::to(&format!("/pratiche/{id}"));
    if case.state == CaseState::Withdrawn {
        return Ok(back.into_response());
    }
    let reason: String = posted.text("motivo").chars().take(4000).collect();
    let done = cases.perform(&mut tx, &case, &person.actor, |case, context| withdraw_act(case, context, &reason));
    done.await?.map_err(|_| Failure::Conflict("cases.not_now.closed"))?;
    tx.commit().await?;
    Ok((web::SetCookie::notice(&visit, "cases.withdraw.done"), back).into_response())
}
