use askama::Template;
use axum::extract::Path;
use catalogue::Service;
use identity::Power;
use web::{
    Answer, Page, Posted,
    components::{Fault, Field, Tone},
};

use super::{
    Desk, What, case,
    settle::{overtaken, settle},
};
use crate::{
    case::Case,
    decide::{Deed, NotNow},
    explain::{Explained, explained},
    perform::{Attempt, attempt},
    typed::{TypedText, too_long},
};

/// Longest text that an officer may write, in characters.
pub const LONGEST: usize = 20_000;

/// Takes the case.
pub async fn take(desk: Desk, Path(id): Path<String>, _: Posted) -> Answer {
    let attempt = attempt(&desk, &id, &Deed::Take).await?;
    settle(&desk, attempt, "cases.office.done.taken", Vec::new())
}

/// Gives the case back.
pub async fn release(desk: Desk, Path(id): Path<String>, _: Posted) -> Answer {
    let attempt = attempt(&desk, &id, &Deed::Release).await?;
    settle(&desk, attempt, "cases.office.done.released", Vec::new())
}

/// Concludes in place of an office that is late: for who holds the substitute power (art. 2 c. 9-ter L. 241/1990).
pub async fn take_over(desk: Desk, Path(id): Path<String>, _: Posted) -> Answer {
    desk.demand(Power::ConcludeInPlace)?;
    let attempt = attempt(&desk, &id, &Deed::TakeOver).await?;
    settle(&desk, attempt, "cases.office.done.took_over", Vec::new())
}

/// Writes a note.
pub async fn note(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let answer = write_note(&desk, &id, &posted).await;
    overtaken(&desk, &id, answer, &posted).await
}

async fn write_note(desk: &Desk, id: &str, posted: &Posted) -> Answer {
    let text = posted.text("testo");
    let mut faults = too_long(&desk.visit, LONGEST, [("testo", text)]);
    if text.trim().is_empty() {
        let message = desk.visit.t("cases.office.case.note_empty").to_owned();
        faults.push(Fault { field: "testo".to_owned(), message });
    }
    if !faults.is_empty() {
        return case::faulty(desk, id, text, faults).await;
    }
    let attempt = attempt(desk, id, &Deed::Note(text.to_owned())).await?;
    settle(desk, attempt, "cases.office.done.noted", Vec::new())
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
    /// What the applicant says against a filing at the counter.
    contested: Option<String>,
    note: Field,
}

/// Shows what granting means.
pub async fn confirm_grant(desk: Desk, Path(id): Path<String>) -> Answer {
    let (case, service, parked) = desk.open(&id, What::Decision).await?;
    web::show(&grant_page(&desk, (&case, &service), parked.text("motivo"), Vec::new()))
}

/// Grants.
pub async fn grant(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let answer = grant_now(&desk, &id, &posted).await;
    overtaken(&desk, &id, answer, &posted).await
}

async fn grant_now(desk: &Desk, id: &str, posted: &Posted) -> Answer {
    let Desk { cases, visit, .. } = desk;
    let note = posted.text("motivo");
    let faults = too_long(visit, LONGEST, [("motivo", note)]);
    if !faults.is_empty() {
        let (case, service, _) = desk.open(id, What::Decision).await?;
        return web::show_faulty(&grant_page(desk, (&case, &service), note, faults));
    }
    match attempt(desk, id, &Deed::Grant(note.to_owned())).await? {
        Attempt::NotNow(case, why @ (NotNow::OverrideNeedsReason | NotNow::ContestedNeedsReason)) => {
            let faults = vec![Fault { field: "motivo".to_owned(), message: visit.t(why.key()).to_owned() }];
            let service = cases.service_of(&mut cases.web.database().read().await?, &case).await?;
            web::show_faulty(&grant_page(desk, (&case, &service), note, faults))
        }
        attempt => {
            let kept = vec![TypedText::new(visit.t("cases.office.grant.note"), note)];
            settle(desk, attempt, "cases.office.done.granted", kept)
        }
    }
}

fn grant_page(desk: &Desk, (case, service): (&Case, &Service), typed: &str, faults: Vec<Fault>) -> GrantPage {
    let page = desk.page("cases.office.grant.title", case);
    let against_rules = case.decision.as_ref().is_some_and(|decision| decision.entitled == Some(false));
    let contested = case.contested();
    let note = Field::area("motivo", page.t("cases.office.grant.note")).value(typed).fault_from(&faults);
    GrantPage {
        id: case.id.to_string(),
        decision: explained(&page, service, case),
        against_rules,
        note: if against_rules || contested.is_some() { note } else { note.optional() },
        contested,
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}
