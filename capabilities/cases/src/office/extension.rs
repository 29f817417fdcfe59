use axum::extract::Path;
use catalogue::Service;
use web::{
    Answer, Posted,
    components::{Fault, Field},
};

use super::{
    Desk, What,
    act::LONGEST,
    form::FormPage,
    settle::{overtaken, settle},
};
use crate::{
    case::Case,
    decide::{Deed, NotNow},
    perform::{Attempt, attempt},
    typed::{TypedText, too_long},
};

const DAYS: &str = "giorni";
const REASON: &str = "motivo";

/// Shows the form.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let (case, service, parked) = desk.open(&id, What::Decision).await?;
    web::show(&build(&desk, &case, &service, &parked, Vec::new()))
}

/// Extends the term.
pub async fn extend(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let answer = extend_now(&desk, &id, &posted).await;
    overtaken(&desk, &id, answer, &posted).await
}

async fn extend_now(desk: &Desk, id: &str, posted: &Posted) -> Answer {
    let (_, service) = desk.look(id).await?;
    let (days, reason) = (posted.text(DAYS).trim().parse().unwrap_or(0), posted.text(REASON));
    let faults = too_long(&desk.visit, LONGEST, [(REASON, reason)]);
    if !faults.is_empty() {
        let (case, ..) = desk.open(id, What::Decision).await?;
        return web::show_faulty(&build(desk, &case, &service, posted, faults));
    }
    match attempt(desk, id, &Deed::Extend { days, reason: reason.to_owned() }).await? {
        Attempt::NotNow(case, why @ (NotNow::ExtensionDays | NotNow::NoReasons)) => {
            let field = if why == NotNow::NoReasons { REASON } else { DAYS };
            let faults = vec![Fault { field: field.to_owned(), message: desk.visit.t(why.key()).to_owned() }];
            web::show_faulty(&build(desk, &case, &service, posted, faults))
        }
        attempt => {
            let kept = vec![TypedText::new(desk.visit.t("cases.office.extension.reason"), reason)];
            settle(desk, attempt, "cases.office.done.extended", kept)
        }
    }
}

fn build(desk: &Desk, case: &Case, service: &Service, posted: &Posted, faults: Vec<Fault>) -> FormPage {
    let page = desk.page("cases.office.extension.title", case);
    let (most, law) = (service.process.rules.extension_days, service.process.extension_law.as_deref());
    let law = catalogue::law_reference(law.unwrap_or_default(), page.language);
    FormPage {
        id: case.id.to_string(),
        lead: page.t2("cases.office.extension.lead", "most", most, "law", law),
        fields: vec![
            Field::text(DAYS, page.t("cases.office.extension.days")).value(posted.text(DAYS)).fault_from(&faults),
            Field::area(REASON, page.t("cases.office.extension.reason")).value(posted.text(REASON)).fault_from(&faults),
        ],
        send: page.t("cases.office.extension.confirm").to_owned(),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}
