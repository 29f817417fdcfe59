use askama::Template;
use axum::{extract::Path, http::StatusCode, response::IntoResponse};
use web::{
    Answer, Page, Posted, Visit,
    components::{Field, Tone},
};

use super::{
    Counter, deed, done,
    moved::{self, Kept},
    own,
};
use crate::{
    case::{Case, State as CaseState},
    decide::{NotNow, withdraw as withdraw_act},
    room::Cases,
};

/// What withdrawing means, before it is done.
#[derive(Template)]
#[template(path = "pages/withdraw.html")]
struct WithdrawPage {
    page: Page,
    id: String,
    protocol: String,
    effect: &'static str,
    changed: bool,
    reason: Field,
}

fn build(visit: &Visit, (cases, case): (&Cases, &Case), typed: &str, changed: bool) -> WithdrawPage {
    let page = visit.page("cases.withdraw.title").crumb(visit.t("cases.list.title"), "/pratiche");
    let service = cases.catalogue.service_name(&case.submitted.service, &case.submitted.service_name);
    let page = page.crumb(service.get(visit.language), format!("/pratiche/{}", case.id));
    WithdrawPage {
        id: case.id.to_string(),
        protocol: case.submitted.protocol.to_string(),
        effect: effect(case),
        changed,
        reason: Field::area("motivo", page.t("cases.withdraw.reason")).value(typed).optional(),
        page,
    }
}

/// Asks for confirmation.
pub async fn ask(Counter { cases, person, visit }: Counter, Path(id): Path<String>) -> Answer {
    let mut tx = cases.web.database().read().await?;
    let case = own(&mut tx, &cases, &id, &person.fiscal_code).await?;
    match case.state {
        CaseState::Withdrawn => return done(&visit, &id, "cases.withdraw.done"),
        CaseState::Refused => return done(&visit, &id, NotNow::Closed.key()),
        _ => {}
    }
    let parked = web::parked::find(&mut tx, &person.fiscal_code, &visit.path).await?.unwrap_or_default();
    let typed = parked.fields.into_iter().find(|(name, _)| name == "motivo").map(|(_, text)| text).unwrap_or_default();
    web::show(&build(&visit, (&cases, &case), &typed, false))
}

fn effect(case: &Case) -> &'static str {
    match case.state {
        CaseState::Granted => "cases.withdraw.effect_granted",
        _ => "cases.withdraw.effect_open",
    }
}

/// Withdraws. Sending it twice withdraws once; what was confirmed for an open case is asked again for a granted one,
/// because it means something else there.
pub async fn withdraw(counter: Counter, Path(id): Path<String>, posted: Posted) -> Answer {
    let visit = &counter.visit;
    let reason: String = posted.text("motivo").chars().take(4000).collect();
    let agreed = posted.text("effetto").to_owned();
    let withdrawn = deed(&counter, &id, &[], |case, context| match case.state {
        CaseState::Granted if agreed != effect(case) => Err(NotNow::Closed),
        _ => withdraw_act(case, context, &reason),
    });
    match withdrawn.await? {
        Ok(()) => done(visit, &id, "cases.withdraw.done"),
        Err((case, _)) if case.state == CaseState::Withdrawn => done(visit, &id, "cases.withdraw.done"),
        Err((case, _)) if case.state == CaseState::Granted => {
            Ok((StatusCode::CONFLICT, web::show(&build(visit, (&counter.cases, &case), &reason, true))?)
                .into_response())
        }
        Err((case, why)) => moved::case(visit, &case, why, vec![Kept::new(visit.t("cases.withdraw.reason"), &reason)]),
    }
}
