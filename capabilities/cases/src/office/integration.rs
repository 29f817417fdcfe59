use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use base::Date;
use catalogue::Service;
use forms::Kind;
use jiff::ToSpan;
use web::{
    Answer, Failure, Page, Posted, SetCookie, Visit,
    components::{Fault, Field},
};

use super::{
    Desk, What,
    act::{attempt, typed},
    place, read, unrecorded,
};
use crate::{
    case::Case,
    decide::{self, NotNow},
    payload::FieldRequest,
    room::today,
};

/// Which fields to ask again, why, and by when.
#[derive(Template)]
#[template(path = "office/integration.html")]
struct IntegrationPage {
    page: Page,
    id: String,
    faults: Vec<Fault>,
    candidates: Vec<Candidate>,
    message: Field,
    deadline: Field,
    latest: String,
}

/// A field that can be asked again.
struct Candidate {
    path: String,
    label: String,
    value: String,
    chosen: bool,
    reason: Field,
}

/// Shows the answers to choose from.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let Desk { cases, officer, visit } = &desk;
    let mut tx = cases.web.database().begin().await?;
    let case = read(&mut tx, &desk, &id, What::Integration).await?;
    let service = cases.service_of(&mut tx, &case).await?;
    let parked = web::parked::take(&mut tx, &officer.id, &visit.path).await?;
    tx.commit().await?;
    let posted = Posted { fields: parked.unwrap_or_default(), files: Vec::new() };
    web::show(&build(visit, &case, &service, &posted, Vec::new()))
}

/// Asks, or says what is missing in the request.
pub async fn ask(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let Desk { cases, officer, visit } = &desk;
    let mut tx = cases.web.database().read().await?;
    // Recorded by the attempt below, which reads the case again under the lock.
    let case = unrecorded(&mut tx, cases, officer, &id).await?;
    let service = cases.service_of(&mut tx, &case).await?;
    drop(tx);
    let fields = chosen(visit, &case, &service, &posted);
    let message = typed(&posted, "messaggio");
    let Some(deadline) = deadline(&posted) else {
        // Nothing is attempted, but the page shows the answers again: that is a reading.
        let mut tx = cases.web.database().begin().await?;
        read(&mut tx, &desk, &id, What::Integration).await?;
        tx.commit().await?;
        return faulty(visit, &case, &service, &posted, NotNow::Deadline);
    };
    let outcome = attempt(&desk, &id, |case, context| {
        decide::request_integration(case, context, fields.clone(), deadline, message.clone())
    });
    match outcome.await? {
        Ok(case) => {
            Ok((SetCookie::notice(visit, "cases.office.done.asked"), Redirect::to(&place(&case))).into_response())
        }
        Err((case, why @ (NotNow::Deadline | NotNow::NoFields))) => faulty(visit, &case, &service, &posted, why),
        Err((_, why)) => Err(Failure::Conflict(why.key())),
    }
}

fn faulty(visit: &Visit, case: &Case, service: &Service, posted: &Posted, why: NotNow) -> Answer {
    let field = if why == NotNow::Deadline { "scadenza" } else { "campi" };
    let faults = vec![Fault { field: field.to_owned(), message: visit.t(why.key()).to_owned() }];
    web::show_faulty(&build(visit, case, service, posted, faults))
}

fn deadline(posted: &Posted) -> Option<Date> {
    let part = |name| posted.text(&format!("scadenza.{name}")).parse::<i16>().ok();
    let (day, month) = (i8::try_from(part("giorno")?).ok()?, i8::try_from(part("mese")?).ok()?);
    Date::new(part("anno")?, month, day).ok()
}

fn chosen(visit: &Visit, case: &Case, service: &Service, posted: &Posted) -> Vec<FieldRequest> {
    let paths: Vec<&str> = posted.all("campi").collect();
    let fields = service.form.fields(&case.answers, today(visit)).into_iter();
    let picked = fields.filter(|field| paths.contains(&field.path.to_string().as_str()));
    picked
        .map(|field| FieldRequest {
            reason: typed(posted, &format!("motivo.{}", field.path)),
            label: field.question.label.get(base::Language::Italian).to_owned(),
            path: field.path.to_string(),
        })
        .collect()
}

fn build(visit: &Visit, case: &Case, service: &Service, posted: &Posted, faults: Vec<Fault>) -> IntegrationPage {
    let page = visit.page("cases.office.integration.title");
    let page = page.crumb(visit.t("cases.office.worklist.title"), "/ufficio/pratiche");
    let page = page.crumb(case.submitted.protocol.to_string(), place(case));
    let latest = today(visit).saturating_add(i64::from(service.process.rules.max_suspension_days).days());
    let message = Field::area("messaggio", page.t("cases.office.integration.message")).value(posted.text("messaggio"));
    let part = |name: &str| posted.text(&format!("scadenza.{name}")).to_owned();
    let parts = [part("giorno"), part("mese"), part("anno")];
    let parts = if parts.iter().all(String::is_empty) { proposed(latest) } else { parts };
    IntegrationPage {
        id: case.id.to_string(),
        candidates: candidates(visit, &page, case, service, posted),
        message: message.fault_from(&faults),
        deadline: Field::date("scadenza", page.t("cases.office.integration.deadline"), parts).fault_from(&faults),
        latest: page.date(&latest),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}

fn proposed(latest: Date) -> [String; 3] {
    [latest.day().to_string(), latest.month().to_string(), latest.year().to_string()]
}

fn candidates(visit: &Visit, page: &Page, case: &Case, service: &Service, posted: &Posted) -> Vec<Candidate> {
    let paths: Vec<&str> = posted.all("campi").collect();
    let fields = service.form.fields(&case.answers, today(visit)).into_iter();
    let asked = fields.filter(|field| !matches!(field.question.kind, Kind::Note | Kind::Declaration { .. }));
    asked
        .map(|field| {
            let path = field.path.to_string();
            let answer = field.path.get(&case.answers).cloned().unwrap_or_default();
            let reason = format!("motivo.{path}");
            let written = posted.text(&reason).to_owned();
            let own = field.question.label.get(visit.language);
            let label = crate::explain::of_row(own, &field.path, &case.answers);
            Candidate {
                value: field.question.show(&answer, visit.language),
                chosen: paths.contains(&path.as_str()),
                reason: Field::text(reason, page.t1("cases.office.integration.reason", "label", &label))
                    .value(written)
                    .optional(),
                label,
                path,
            }
        })
        .collect()
}
