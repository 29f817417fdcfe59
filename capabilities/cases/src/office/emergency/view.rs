//! The case, as far as an emergency needs it: what was asked for and answered, where it stands. No files, no notes, nothing
//! to do.

use askama::Template;
use axum::extract::Path;
use base::Uuid;
use web::{
    Answer, Failure, Page,
    components::{Fact, TimelineItem, Tone},
};

use super::{Opener, PLACE};
use crate::{
    account,
    answers::{Section, case_sections},
    store,
    view::{Reader, state_key, timeline, tone},
};

#[derive(Template)]
#[template(path = "office/emergency/view.html")]
struct EmergencyPage {
    page: Page,
    until: String,
    tone: Tone,
    state: String,
    facts: Vec<Fact>,
    sections: Vec<Section>,
    timeline: Vec<TimelineItem>,
}

/// Shows it to who opened it, for an hour; each look is among the readings of the person's data, with the reason.
pub async fn show(opener: Opener, Path(id): Path<String>) -> Answer {
    let Opener { cases, officer, visit } = &opener;
    let mut tx = cases.web.database().begin().await?;
    let parsed = id.parse::<Uuid>().map_err(|_| Failure::NotFound)?;
    let Some(emergency) = store::find_emergency(&mut tx, parsed, &officer.id).await? else {
        identity::note_refusal(&cases.web, &officer.id, &id);
        return Err(Failure::NotFound);
    };
    if emergency.until <= cases.web.clock().now() {
        return Err(Failure::Conflict("cases.emergency.over"));
    }
    let case = store::find(&mut tx, emergency.case).await?.ok_or(Failure::NotFound)?;
    let service = cases.service_of(&mut tx, &case).await?;
    opener.record(&mut tx, &emergency, &case).await?;
    tx.commit().await?;
    let submitted = &case.submitted;
    let number = protocol::shown(&cases.catalogue, &submitted.protocol);
    let title = format!("{number} · {}", submitted.applicant.name);
    let page = visit.page_titled(title).crumb(visit.t("cases.emergency.title"), PLACE);
    // Where money goes is nothing that an emergency asks; proofs and letters are the person's and the office's.
    let mut answers = case.answers.clone();
    account::take_out(&service.form, &mut answers);
    let term = cases.term(&case, &service, visit);
    let offered = cases.office_name(&case);
    web::show(&EmergencyPage {
        until: page.t1("cases.emergency.until", "when", page.moment(&emergency.until)),
        tone: tone(case.state),
        state: page.t(&state_key(case.state)).to_owned(),
        facts: vec![
            Fact::new(page.t("cases.fact.service"), service.name.get(page.language)),
            Fact::new(page.t("cases.fact.applicant"), &submitted.applicant.name),
            Fact::new(page.t("cases.fact.fiscal_code"), &submitted.applicant.fiscal_code),
            Fact::new(page.t("cases.emergency.at_office"), offered.get(page.language)),
            Fact::new(page.t("cases.fact.filed"), page.moment(&case.submitted_at)),
        ],
        sections: case_sections(&page, &service.form, (&case, &answers), &cases.catalogue.offer().registries),
        timeline: timeline(&page, &case, (&service, &cases.catalogue), Some(term.due), Reader::Applicant)
            .into_iter()
            .map(|item| TimelineItem { link: None, ..item })
            .collect(),
        page,
    })
}
