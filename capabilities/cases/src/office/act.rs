use askama::Template;
use axum::extract::Path;
use catalogue::Service;
use web::{
    Answer, Page, Posted, Visit,
    components::{Fault, Field, Tone},
};

use super::{
    Desk, What,
    attempt::{Attempt, attempt, settle},
    case, place, read,
};
use crate::{
    case::Case,
    decide::{Deed, NotNow},
    explain::{Explained, explained},
};

/// Longest text that an officer may write.
pub const LONGEST: usize = 20_000;

/// Takes the case.
pub async fn take(desk: Desk, Path(id): Path<String>) -> Answer {
    let attempt = attempt(&desk, &id, &Deed::Take).await?;
    settle(&desk, attempt, "cases.office.done.taken", Vec::new())
}

/// Gives the case back.
pub async fn release(desk: Desk, Path(id): Path<String>) -> Answer {
    let attempt = attempt(&desk, &id, &Deed::Release).await?;
    settle(&desk, attempt, "cases.office.done.released", Vec::new())
}

/// Writes a note.
pub async fn note(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let text = typed(&posted, "testo");
    if text.trim().is_empty() {
        let message = desk.visit.t("cases.office.case.note_empty").to_owned();
        return case::faulty(&desk, &id, vec![Fault { field: "testo".to_owned(), message }]).await;
    }
    let attempt = attempt(&desk, &id, &Deed::Note(text)).await?;
    settle(&desk, attempt, "cases.office.done.noted", Vec::new())
}

/// What an officer wrote in a field.
pub fn typed(posted: &Posted, name: &str) -> String {
    posted.text(name).chars().take(LONGEST).collect()
}

/// The confirmation before granting: what will be granted, and why.
#[derive(Template)]
#[template(path = "office/grant.html")]
struct GrantPage {
    page: Page,
    id: String,
    faults: Vec<Fault>,
    decision: Option<Explained>,
    against_rules: bool,
    note: Field,
}

/// Shows what granting means.
pub async fn confirm_grant(desk: Desk, Path(id): Path<String>) -> Answer {
    let Desk { cases, officer, visit } = &desk;
    let mut tx = cases.web.database().begin().await?;
    let case = read(&mut tx, &desk, &id, What::Decision).await?;
    let service = cases.service_of(&mut tx, &case).await?;
    let parked = web::parked::find(&mut tx, &officer.id, &visit.path).await?.unwrap_or_default();
    tx.commit().await?;
    let typed = parked.fields.into_iter().find(|(name, _)| name == "motivo").map(|(_, text)| text).unwrap_or_default();
    web::show(&grant_page(visit, (&case, &service), &typed, Vec::new()))
}

/// Grants.
pub async fn grant(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let Desk { cases, visit, .. } = &desk;
    let note = typed(&posted, "motivo");
    match attempt(&desk, &id, &Deed::Grant(note.clone())).await? {
        Attempt::NotNow(case, NotNow::OverrideNeedsReason, _) => {
            let message = visit.t(NotNow::OverrideNeedsReason.key()).to_owned();
            let faults = vec![Fault { field: "motivo".to_owned(), message }];
            let service = cases.service_of(&mut cases.web.database().read().await?, &case).await?;
            web::show_faulty(&grant_page(visit, (&case, &service), &note, faults))
        }
        attempt => {
            let kept = vec![(visit.t("cases.office.grant.note").to_owned(), note)];
            settle(&desk, attempt, "cases.office.done.granted", kept)
        }
    }
}

fn grant_page(visit: &Visit, (case, service): (&Case, &Service), typed: &str, faults: Vec<Fault>) -> GrantPage {
    let page =
        visit.page("cases.office.grant.title").crumb(visit.t("cases.office.worklist.title"), "/ufficio/pratiche");
    let page = page.crumb(case.submitted.protocol.to_string(), place(case));
    let against_rules = case.decision.as_ref().is_some_and(|decision| decision.entitled == Some(false));
    let note = Field::area("motivo", page.t("cases.office.grant.note")).value(typed).fault_from(&faults);
    GrantPage {
        id: case.id.to_string(),
        decision: explained(&page, service, case),
        against_rules,
        note: if against_rules { note } else { note.optional() },
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}
