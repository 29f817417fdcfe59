use askama::Template;
use axum::extract::Path;
use catalogue::Service;
use web::{
    Answer, Page,
    components::{Fact, Panel},
};

use super::{Counter, case::stamped};
use crate::{case::Case, room::Cases};

/// The receipt (art. 18-bis L. 241/1990): number, instant, office, person in charge, end of the term, remedies.
#[derive(Template)]
#[template(path = "pages/receipt.html")]
struct ReceiptPage {
    page: Page,
    id: String,
    panel: Panel,
    facts: Vec<Fact>,
    /// What can be done if the term passes; nothing once the case is closed.
    remedies: String,
    letter: Option<String>,
}

/// Shows the receipt of a case to its applicant.
pub async fn show(counter: Counter, Path(id): Path<String>) -> Answer {
    let (case, service) = counter.look(&id).await?;
    let Counter { cases, visit, .. } = &counter;
    let page = counter.page("cases.receipt.title", &case);
    let letter = case.letters.iter().find(|(_, letter)| letter.act_seq == 1);
    let shown = ReceiptPage {
        id: case.id.to_string(),
        panel: panel(&page, &case, cases),
        facts: facts(&page, &case, &service, cases),
        remedies: if case.state.is_closed() { "" } else { service.process.remedies.get(visit.language) }.to_owned(),
        letter: letter.map(|(seq, _)| format!("/pratiche/{}/comunicazioni/{seq}.pdf", case.id)),
        page,
    };
    web::show(&shown)
}

fn panel(page: &Page, case: &Case, cases: &Cases) -> Panel {
    Panel {
        title: page.t("cases.receipt.sent").to_owned(),
        label: page.t("cases.fact.protocol").to_owned(),
        reference: protocol::shown(&cases.catalogue, &case.submitted.protocol),
        text: page.t1("cases.receipt.at", "at", page.moment(&case.submitted_at)),
    }
}

fn facts(page: &Page, case: &Case, service: &Service, cases: &Cases) -> Vec<Fact> {
    let submitted = &case.submitted;
    let office = cases.catalogue.office_name(&submitted.office, &submitted.office_name);
    vec![
        Fact::new(page.t("cases.fact.stamp"), stamped(page, case, cases)),
        Fact::new(page.t("cases.fact.service"), service.name.get(page.language)),
        Fact::new(page.t("cases.fact.applicant"), &submitted.applicant.name),
        Fact::new(page.t("cases.fact.office"), office.get(page.language)),
        Fact::new(page.t("cases.fact.responsible"), service.process.responsible.get(page.language)),
        Fact::new(page.t("cases.fact.due"), page.date(&submitted.due)),
    ]
}
