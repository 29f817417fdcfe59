use askama::Template;
use axum::extract::Path;
use catalogue::Service;
use web::{
    Answer, Page, Posted, Visit,
    components::{Fault, Field, Tone},
};

use super::{
    Desk, What,
    act::typed,
    attempt::{Attempt, attempt, settle},
    place, read, unrecorded,
};
use crate::{
    case::Case,
    decide::{Deed, NotNow},
    explain::{Explained, explained},
};

/// What the form says that it is for, in its field `passo`.
const NOTICE: &str = "preavviso";
const REFUSAL: &str = "rifiuto";

/// Refusing: the reasons, in words that the person will read. First the notice, where the service foresees one.
#[derive(Template)]
#[template(path = "office/refusal.html")]
struct RefusalPage {
    page: Page,
    id: String,
    faults: Vec<Fault>,
    notice: bool,
    step: &'static str,
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
    let parked = web::parked::find(&mut tx, &officer.id, &visit.path).await?;
    tx.commit().await?;
    let posted = Posted { fields: parked.unwrap_or_default().fields, files: Vec::new() };
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
    let (reasons, on_observations) = (typed(&posted, "motivi"), typed(&posted, "controdeduzioni"));
    // What the form was for when it was shown, not what would come next now: sent twice, a notice stays a notice.
    let notice = match posted.text("passo") {
        NOTICE => true,
        REFUSAL => false,
        _ => notice_first(&case, &service),
    };
    let label = |key: &str| visit.t(key).to_owned();
    let kept = vec![
        (label("cases.office.refusal.reasons"), reasons.clone()),
        (label("cases.office.refusal.on_observations"), on_observations.clone()),
    ];
    let deed = if notice { Deed::Notice(reasons) } else { Deed::Refuse { reasons, on_observations } };
    match attempt(&desk, &id, &deed).await? {
        Attempt::NotNow(case, why @ (NotNow::NoReasons | NotNow::ObservationsIgnored), _) => {
            let field = if why == NotNow::ObservationsIgnored { "controdeduzioni" } else { "motivi" };
            let faults = vec![Fault { field: field.to_owned(), message: visit.t(why.key()).to_owned() }];
            web::show_faulty(&build(visit, &case, &service, &posted, faults))
        }
        attempt => {
            let done = if notice { "cases.office.done.noticed" } else { "cases.office.done.refused" };
            settle(&desk, attempt, done, kept)
        }
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
        step: if notice { NOTICE } else { REFUSAL },
        decision: explained(&page, service, case),
        observations: case.observations.clone(),
        reasons: area("motivi", "cases.office.refusal.reasons").hint(page.t("cases.office.refusal.reasons_hint")),
        on_observations: area("controdeduzioni", "cases.office.refusal.on_observations"),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}
