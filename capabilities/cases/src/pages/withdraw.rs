use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use web::{Answer, Failure, Page, Posted, components::Field};

use super::{Counter, own};
use crate::{
    case::{Case, State as CaseState},
    decide::{Context, withdraw as withdraw_act},
    room::today,
    store, who,
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
    let service = cases.service_name(&case.submitted.service, &case.submitted.service_name);
    let page = page.crumb(service.get(visit.language), format!("/pratiche/{id}"));
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
    let service = cases.service_of(&mut tx, &case).await?;
    let rules = &service.process.rules;
    let actor = who::citizen(&visit)?.actor;
    let context = Context { actor: &actor, rules, calendar: &cases.calendar, today: today(&visit), amount_unit: None };
    let reason: String = posted.text("motivo").chars().take(4000).collect();
    let act = withdraw_act(&case, &context, &reason).map_err(|_| Failure::Conflict("cases.not_now.closed"))?;
    store::write(&mut tx, &cases.web, (rules, &cases.calendar), Some(case.last_seq), (cases.web.clock().now(), &[act]))
        .await?;
    tx.commit().await?;
    Ok((web::SetCookie::notice(&visit, "cases.withdraw.done"), back).into_response())
}
