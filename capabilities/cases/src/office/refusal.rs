use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use catalogue::Service;
use web::{
    Answer, Failure, Page, Posted, SetCookie, Visit,
    components::{Fault, Field, Tone},
};

use super::{
    Desk, What,
    act::{attempt, typed},
    place, read, unrecorded,
};
use crate::{
    case::Case,
    decide::{self, NotNow},
    explain::{Explained, Explainer},
};

/// Refusing: the reasons, in words that the person will read. First the notice, where the service foresees one.
#[derive(Template)]
#[template(path = "office/refusal.html")]
struct RefusalPage {
    page: Page,
    id: String,
    faults: Vec<Fault>,
    notice: bool,
    decision: Option<Explained>,
    observations: Option<String>,
    reasons: Field,
    on_observations: Field,
}

/// Shows the form of the notice or of the refusal.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let Desk { cases, officer, visit } = &desk;
    let mut tx = cases.web.database().begin().await?;
    let case = read(&mut tx, &desk, &id, What::Decision).await?;
    let service = cases.service_of(&mut tx, &case).await?;
    let parked = web::parked::take(&mut tx, &officer.id, &visit.path).await?;
    tx.commit().await?;
    let posted = Posted { fields: parked.unwrap_or_default(), files: Vec::new() };
    web::show(&build(visit, &case, &service, &posted, Vec::new()))
}

/// Sends the notice, or refuses.
pub async fn refuse(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let Desk { cases, officer, visit } = &desk;
    let mut tx = cases.web.database().read().await?;
    // Recorded by the attempt below, which reads the case again under the lock.
    let case = unrecorded(&mut tx, cases, officer, &id).await?;
    let service = cases.service_of(&mut tx, &case).await?;
    drop(tx);
    let (reasons, discussed) = (typed(&posted, "motivi"), typed(&posted, "controdeduzioni"));
    let notice = notice_first(&case, &service);
    let outcome = attempt(&desk, &id, |case, context| match notice {
        true => decide::propose_refusal(case, context, &reasons),
        false => decide::refuse(case, context, &reasons, &discussed),
    });
    let field = |why| if why == NotNow::ObservationsIgnored { "controdeduzioni" } else { "motivi" };
    match outcome.await? {
        Ok(case) => {
            let done = if notice { "cases.office.done.noticed" } else { "cases.office.done.refused" };
            Ok((SetCookie::notice(visit, done), Redirect::to(&place(&case))).into_response())
        }
        Err((case, why @ (NotNow::NoReasons | NotNow::ObservationsIgnored))) => {
            let faults = vec![Fault { field: field(why).to_owned(), message: visit.t(why.key()).to_owned() }];
            web::show_faulty(&build(visit, &case, &service, &posted, faults))
        }
        Err((_, why)) => Err(Failure::Conflict(why.key())),
    }
}

fn notice_first(case: &Case, service: &Service) -> bool {
    service.process.rules.notice_before_refusal && case.proposal.is_none()
}

fn build(visit: &Visit, case: &Case, service: &Service, posted: &Posted, faults: Vec<Fault>) -> RefusalPage {
    let notice = notice_first(case, service);
    let title = if notice { "cases.office.refusal.notice_title" } else { "cases.office.refusal.title" };
    let page = visit.page(title).crumb(visit.t("cases.office.worklist.title"), "/ufficio/pratiche");
    let page = page.crumb(case.submitted.protocol.to_string(), place(case));
    let area = |name: &str, key: &str| Field::area(name, page.t(key)).value(posted.text(name)).fault_from(&faults);
    RefusalPage {
        id: case.id.to_string(),
        notice,
        decision: case
            .decision
            .as_ref()
            .map(|decision| Explainer::new(&page, service, &case.answers).explain(decision)),
        observations: case.observations.clone(),
        reasons: area("motivi", "cases.office.refusal.reasons").hint(page.t("cases.office.refusal.reasons_hint")),
        on_observations: area("controdeduzioni", "cases.office.refusal.on_observations"),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}
