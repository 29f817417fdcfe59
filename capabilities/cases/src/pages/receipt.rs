use askama::Template;
use axum::extract::Path;
use catalogue::Service;
use deadlines::Silence;
use mandates::Verb;
use web::{
    Answer, Failure, Page,
    components::{Fact, Panel, Tone},
};

use super::{Counter, case::stamped};
use crate::{case::Case, clock::ClockView, gone, room::Cases, signing, view::filed_by};

/// The receipt (art. 18-bis L. 241/1990): number, instant, office, person in charge, end of the term, remedies.
#[derive(Template)]
#[template(path = "pages/receipt.html")]
struct ReceiptPage {
    page: Page,
    id: String,
    slug: String,
    /// Whether the service asks for consents, and who reads is the one to answer.
    asks_consents: bool,
    panel: Panel,
    /// When and why the registration was annulled.
    annulled: Option<String>,
    facts: Vec<Fact>,
    clock: ClockView,
    /// Who concludes if the office does not; empty where silence decides.
    substitute: String,
    /// What can be done if the term passes; nothing once the case is closed.
    remedies: String,
    letter: Option<String>,
    /// By what applications are put in order, where the service has a window.
    order: Vec<String>,
}

/// Shows the receipt of a case to its applicant.
pub async fn show(counter: Counter, Path(id): Path<String>) -> Answer {
    let Counter { cases, visit, .. } = &counter;
    let (case, service, registered) = match counter.look_registered(&id).await {
        Err(Failure::NotFound) => return gone::for_citizen(cases, visit, &id).await,
        found => found?,
    };
    let term = cases.term(&case, &service, visit);
    let page = counter.page("cases.receipt.title", &case);
    let letter = case.letters.iter().find(|(_, letter)| letter.act_seq == 1);
    let shown = ReceiptPage {
        id: case.id.to_string(),
        slug: service.slug.clone(),
        asks_consents: !service.decl.consents.is_empty() && visit.acting().is_none(),
        panel: panel(&page, &case, cases),
        annulled: registered.annulled(&page, &case.submitted.protocol),
        facts: facts(&page, &case, &service, cases),
        clock: ClockView::of(&page, cases.catalogue.office(case.office().id).as_ref(), &term),
        substitute: substitute(&page, &case, &service, cases),
        remedies: if case.state.is_closed() { "" } else { service.process.remedies.get(visit.language) }.to_owned(),
        letter: letter
            .filter(|_| counter.capacity.allows(&case.submitted.service, Verb::Receive))
            .map(|(seq, _)| format!("/pratiche/{}/comunicazioni/{seq}.pdf", case.id)),
        order: catalogue::order_sentences(&service, &page),
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
    let name = cases.catalogue.office_name(&submitted.office, &submitted.office_name);
    let mut facts = vec![
        Fact::new(page.t("cases.fact.stamp"), stamped(page, case, cases)),
        Fact::new(page.t("cases.fact.service"), service.name.get(page.language)),
        Fact::new(page.t("cases.fact.applicant"), &submitted.applicant.name),
        Fact::new(page.t("cases.fact.office"), name.get(page.language)),
        Fact::new(page.t("cases.fact.responsible"), service.process.responsible.get(page.language)),
        Fact::new(page.t("cases.fact.due"), page.date(&submitted.due)),
    ];
    facts.extend(filed_by(page, case));
    if case.passed_on.is_some() {
        // The facts above are of the filing; the clock below is of the office that has it.
        facts.push(Fact::new(page.t("cases.receipt.now_at"), cases.office_name(case).get(page.language)));
    }
    facts.extend(signing::facts(page, service, submitted));
    if let Some(office) = cases.catalogue.office(&submitted.office) {
        facts.push(Fact::new(page.t("cases.fact.administration"), office.administration.get(page.language)));
        facts.push(Fact::new(page.t("cases.fact.pec"), &office.pec));
        let desk = format!("{}; {}", office.address, office.hours.get(page.language));
        facts.push(Fact::new(page.t("cases.fact.desk"), desk));
    }
    facts
}

/// Named in the receipt, because the law wants it known from the beginning (art. 8 c. 2 c-bis).
fn substitute(page: &Page, case: &Case, service: &Service, cases: &Cases) -> String {
    let office = cases.catalogue.office(case.office().id);
    let office = office.filter(|_| service.process.rules.silence == Silence::Late && !case.state.is_closed());
    let told = office.map(|office| {
        let (who, pec) = (office.substitute.get(page.language), &office.substitute_pec);
        page.t2("cases.receipt.substitute", "who", who, "pec", pec)
    });
    told.unwrap_or_default()
}
