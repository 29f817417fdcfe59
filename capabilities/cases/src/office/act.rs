use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use web::{
    Answer, Failure, Page, Posted, SetCookie, Visit,
    components::{Fault, Field, Tone},
};

use acts::NewAct;
use catalogue::Service;
use rules::Role;

use super::{Desk, What, place, read};
use crate::{
    case::Case,
    decide::{self, Context, NotNow},
    explain::{Explained, Explainer},
    jobs,
    room::today,
    store,
};

/// Longest text that an officer may write.
pub const LONGEST: usize = 20_000;

/// Takes the case.
pub async fn take(desk: Desk, Path(id): Path<String>) -> Answer {
    simple(&desk, &id, "cases.office.done.taken", decide::take).await
}

/// Gives the case back.
pub async fn release(desk: Desk, Path(id): Path<String>) -> Answer {
    simple(&desk, &id, "cases.office.done.released", decide::release).await
}

/// Writes a note.
pub async fn note(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let text = typed(&posted, "testo");
    simple(&desk, &id, "cases.office.done.noted", |case, context| decide::note(case, context, &text)).await
}

async fn simple(
    desk: &Desk,
    id: &str,
    done: &'static str,
    decide: impl Fn(&Case, &Context<'_>) -> Result<NewAct, NotNow> + Send,
) -> Answer {
    match attempt(desk, id, decide).await? {
        Ok(case) => Ok((SetCookie::notice(&desk.visit, done), Redirect::to(&place(&case))).into_response()),
        Err((_, why)) => Err(Failure::Conflict(why.key())),
    }
}

/// Decides and writes in one transaction; gives the reason back where it cannot be done now.
pub async fn attempt(
    desk: &Desk,
    id: &str,
    decide: impl Fn(&Case, &Context<'_>) -> Result<NewAct, NotNow> + Send,
) -> Result<Result<Case, (Case, NotNow)>, Failure> {
    let Desk { cases, officer, visit } = desk;
    let mut tx = cases.web.database().begin().await?;
    let case = read(&mut tx, desk, id, What::Case).await?;
    let service = cases.service_of(&mut tx, &case).await?;
    let rules = &service.process.rules;
    let actor = officer.actor();
    let context = Context {
        actor: &actor,
        rules,
        calendar: &cases.calendar,
        today: today(visit),
        amount_unit: amount_unit(&service),
    };
    let act = match decide(&case, &context) {
        Ok(act) => act,
        Err(why) => {
            tx.commit().await?; // the reading counts, whatever came of it
            return Ok(Err((case, why)));
        }
    };
    let after = store::write(
        &mut tx,
        &cases.web,
        (rules, &cases.calendar),
        Some(case.last_seq),
        (cases.web.clock().now(), &[act]),
    )
    .await?;
    if let Some(after) = &after {
        jobs::schedule_lapse(&mut tx, after).await?;
    }
    tx.commit().await?;
    Ok(Ok(case))
}

/// The unit of what the service pays, as its rules state it.
fn amount_unit(service: &Service) -> Option<&'static str> {
    let rules = service.program.as_ref()?.rules();
    rules.iter().find(|rule| rule.role == Some(Role::Amount)).map(|rule| rule.unit.name())
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
    let parked = web::parked::take(&mut tx, &officer.id, &visit.path).await?.unwrap_or_default();
    tx.commit().await?;
    let typed = parked.into_iter().find(|(name, _)| name == "motivo").map(|(_, text)| text).unwrap_or_default();
    web::show(&grant_page(visit, (&case, &service), &typed, Vec::new()))
}

/// Grants.
pub async fn grant(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let Desk { cases, officer: _, visit } = &desk;
    let note = typed(&posted, "motivo");
    match attempt(&desk, &id, |case, context| decide::grant(case, context, &note)).await? {
        Ok(case) => {
            Ok((SetCookie::notice(visit, "cases.office.done.granted"), Redirect::to(&place(&case))).into_response())
        }
        Err((case, NotNow::OverrideNeedsReason)) => {
            let message = visit.t(NotNow::OverrideNeedsReason.key()).to_owned();
            let faults = vec![Fault { field: "motivo".to_owned(), message }];
            let mut tx = cases.web.database().read().await?;
            let service = cases.service_of(&mut tx, &case).await?;
            web::show_faulty(&grant_page(visit, (&case, &service), &note, faults))
        }
        Err((_, why)) => Err(Failure::Conflict(why.key())),
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
        decision: case
            .decision
            .as_ref()
            .map(|decision| Explainer::new(&page, service, &case.answers).explain(decision)),
        against_rules,
        note: if against_rules { note } else { note.optional() },
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}
