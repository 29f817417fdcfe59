use askama::Template;
use axum::extract::Path;
use base::Date;
use catalogue::Service;
use forms::{Kind, Question};
use rules::Value;
use web::{
    Answer, Page, Posted, Visit,
    components::{Fault, Field, day_of},
};

use super::{
    Desk, What,
    act::LONGEST,
    settle::{overtaken, settle},
};
use crate::{
    case::Case,
    decide::{Deed, NotNow, deadline_fits, last_deadline},
    payload::{FieldRequest, IntegrationRequested},
    perform::attempt,
    room::today,
    typed::{TypedText, too_long},
};

/// What is asked for in general.
const MESSAGE: &str = "messaggio";
/// The last day for the answer.
const DEADLINE: &str = "scadenza";

/// Which fields to ask again, why, and by when.
#[derive(Template)]
#[template(path = "office/integration.html")]
struct IntegrationPage {
    page: Page,
    id: String,
    faults: Vec<Fault>,
    candidates: Vec<Candidate>,
    unchosen: Option<String>,
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
    let (case, service, parked) = desk.open(&id, What::Integration).await?;
    web::show(&build(&desk, &case, &service, &parked, Vec::new()))
}

/// Asks, or says everything that is missing in the request.
pub async fn ask(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let answer = ask_now(&desk, &id, &posted).await;
    overtaken(&desk, &id, answer, &posted).await
}

async fn ask_now(desk: &Desk, id: &str, posted: &Posted) -> Answer {
    let visit = &desk.visit;
    let (case, service) = desk.look(id).await?;
    let (fields, message) = (chosen(visit, &case, &service, posted), posted.text(MESSAGE).to_owned());
    let faults = wrong(visit, &service, posted, &fields);
    let Some(deadline) = deadline(posted).filter(|_| faults.is_empty()) else {
        let (case, ..) = desk.open(id, What::Integration).await?;
        return web::show_faulty(&build(desk, &case, &service, posted, faults));
    };
    let kept = kept(visit, &fields, &message);
    let attempt = attempt(desk, id, &Deed::Ask(IntegrationRequested { fields, deadline, message })).await?;
    settle(desk, attempt, "cases.office.done.asked", kept)
}

/// Everything that is wrong, in the order of the page: no field, a field without reason, a deadline that cannot be.
fn wrong(visit: &Visit, service: &Service, posted: &Posted, fields: &[FieldRequest]) -> Vec<Fault> {
    let fault = |field: String, why: &str| Fault { field, message: visit.t(why).to_owned() };
    let mut faults = Vec::new();
    if fields.is_empty() {
        faults.push(fault("campi".to_owned(), NotNow::NoFields.key()));
    }
    let silent = fields.iter().filter(|field| field.reason.trim().is_empty());
    faults.extend(silent.map(|field| Fault {
        field: reason_field(&field.path),
        message: visit.t1("cases.office.integration.no_reason", "label", &field.label),
    }));
    let reasons: Vec<_> = fields.iter().map(|field| (reason_field(&field.path), field.reason.as_str())).collect();
    let reasons = reasons.iter().map(|(name, reason)| (name.as_str(), *reason));
    faults.extend(too_long(visit, LONGEST, reasons.chain([(MESSAGE, posted.text(MESSAGE))])));
    let fits = |day: Date| deadline_fits(&service.process.rules, today(visit), day);
    if !deadline(posted).is_some_and(fits) {
        faults.push(fault(DEADLINE.to_owned(), NotNow::Deadline.key()));
    }
    faults
}

/// The field in which the reason for asking about a path is written.
fn reason_field(path: &str) -> String {
    format!("motivo.{path}")
}

/// What was typed, should it be of no use.
fn kept(visit: &Visit, fields: &[FieldRequest], message: &str) -> Vec<TypedText> {
    let reasons = fields.iter().map(|field| TypedText::new(&field.label, &field.reason));
    reasons.chain([TypedText::new(visit.t("cases.office.integration.message"), message)]).collect()
}

fn deadline(posted: &Posted) -> Option<Date> {
    day_of(&posted.day_parts(DEADLINE))
}

fn chosen(visit: &Visit, case: &Case, service: &Service, posted: &Posted) -> Vec<FieldRequest> {
    let paths: Vec<&str> = posted.all("campi").collect();
    let fields = service.form.fields(&case.answers, today(visit)).into_iter();
    let picked = fields.filter(|field| paths.contains(&field.path.to_string().as_str()));
    picked
        .map(|field| FieldRequest {
            reason: posted.text(&reason_field(&field.path.to_string())).to_owned(),
            label: service.form.label(&field.path, &case.answers, base::Language::Italian).unwrap_or_default(),
            path: field.path.to_string(),
        })
        .collect()
}

fn build(desk: &Desk, case: &Case, service: &Service, posted: &Posted, faults: Vec<Fault>) -> IntegrationPage {
    let visit = &desk.visit;
    let page = desk.page("cases.office.integration.title", case);
    let latest = last_deadline(&service.process.rules, today(visit));
    let message =
        Field::area(MESSAGE, page.t("cases.office.integration.message")).value(posted.text(MESSAGE)).optional();
    let parts = posted.day_parts(DEADLINE);
    let parts = if parts.iter().all(String::is_empty) { proposed(latest) } else { parts };
    IntegrationPage {
        id: case.id.to_string(),
        candidates: candidates(visit, &page, case, service, (posted, &faults)),
        unchosen: faults.iter().find(|fault| fault.field == "campi").map(|fault| fault.message.clone()),
        message: message.fault_from(&faults),
        deadline: Field::date(DEADLINE, page.t("cases.office.integration.deadline"), parts).fault_from(&faults),
        latest: page.date(&latest),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}

fn proposed(latest: Date) -> [String; 3] {
    [latest.day().to_string(), latest.month().to_string(), latest.year().to_string()]
}

/// An answer as people know it: files by their names.
fn shown(case: &Case, question: &Question, answer: &Value, language: base::Language) -> String {
    match (&question.kind, answer) {
        (Kind::Attachment(_), Value::Text(ids)) => crate::answers::file_names(ids, &case.file_names()),
        _ => question.show(answer, language),
    }
}

fn candidates(
    visit: &Visit,
    page: &Page,
    case: &Case,
    service: &Service,
    (posted, faults): (&Posted, &[Fault]),
) -> Vec<Candidate> {
    let paths: Vec<&str> = posted.all("campi").collect();
    let fields = service.form.fields(&case.answers, today(visit)).into_iter();
    let asked = fields.filter(|field| !matches!(field.question.kind, Kind::Note | Kind::Declaration { .. }));
    asked
        .map(|field| {
            let path = field.path.to_string();
            let answer = field.path.get(&case.answers).cloned().unwrap_or_default();
            let reason = reason_field(&path);
            let written = posted.text(&reason).to_owned();
            let label = service.form.label(&field.path, &case.answers, visit.language).unwrap_or_default();
            Candidate {
                value: shown(case, field.question, &answer, visit.language),
                chosen: paths.contains(&path.as_str()),
                reason: Field::text(reason, page.t1("cases.office.integration.reason", "label", &label))
                    .value(written)
                    .fault_from(faults)
                    .optional(),
                label,
                path,
            }
        })
        .collect()
}
