use askama::Template;
use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use forms::{FieldError, Form, overlay};
use rules::Facts;
use web::{Answer, Failure, Page, Posted, Visit, components::Fault};

use super::{
    Counter,
    ask::{decide, upload_ids},
    own,
};
use crate::{
    case::Case,
    decide::{Context, supply},
    files,
    inputs::{Input, Typed, control, faults},
    payload::{FieldRequest, IntegrationSupplied},
    room::today,
    store, who,
};

/// Only the fields that the office asks again.
#[derive(Template)]
#[template(path = "pages/integrate.html")]
struct IntegratePage {
    page: Page,
    id: String,
    message: String,
    deadline: String,
    fields: Vec<FieldRequest>,
    faults: Vec<Fault>,
    inputs: Vec<Input>,
}

/// Shows the reopened fields, with what was typed when a session expired.
pub async fn show(Counter { cases, person, visit }: Counter, Path(id): Path<String>) -> Answer {
    let mut tx = cases.web.database().begin().await?;
    let case = own(&mut tx, &cases, &id, &person.fiscal_code).await?;
    let service = cases.service_of(&mut tx, &case).await?;
    let parked = web::parked::take(&mut tx, &person.fiscal_code, &visit.path).await?.unwrap_or_default();
    tx.commit().await?;
    let mut typed = Typed::new();
    for (name, value) in parked {
        typed.entry(name).or_default().push(value);
    }
    web::show(&build(&visit, &case, &service, &typed, &[])?)
}

/// Takes the answers in; the clock runs again.
pub async fn save(Counter { cases, person, visit }: Counter, Path(id): Path<String>, posted: Posted) -> Answer {
    let mut tx = cases.web.database().begin().await?;
    let case = own(&mut tx, &cases, &id, &person.fiscal_code).await?;
    let service = cases.service_of(&mut tx, &case).await?;
    let form = restricted(&case, &service.form)?;
    let (mut facts, raw, mut errors) = read(&form, &posted, &case.answers, today(&visit));
    drop(tx); // files are kept in transactions of their own
    for page in &form.pages {
        let kept = files::keep(&cases, &visit, Some(page), (&person.fiscal_code, &case.answers), &posted).await?;
        facts = overlay(&facts, &kept.facts);
        let filled = |path: &forms::Path| path.get(&kept.facts).is_some_and(|value| !value.is_null());
        errors.retain(|error| !filled(&error.path));
        errors.extend(kept.errors);
    }
    errors.extend(missing(&form, &overlay(&case.answers, &facts), &errors, today(&visit)));
    let mut tx = cases.web.database().begin().await?;
    if !errors.is_empty() {
        return web::show_faulty(&build(&visit, &case, &service, &raw, &errors)?);
    }
    let answers = overlay(&case.answers, &facts);
    let decision = decide(&service, &answers, today(&visit));
    let asked = case.open_request.as_ref().map(|open| &open.request.fields);
    let paths: Vec<String> = asked.into_iter().flatten().map(|field| field.path.clone()).collect();
    let files = upload_ids(&service.form, &facts);
    let attachments = files::attachments(&mut tx, &files, &person.fiscal_code).await?;
    let supplied = IntegrationSupplied { answers, paths, attachments, decision };
    let actor = who::citizen(&visit)?.actor;
    let rules = &service.process.rules;
    let context = Context { actor: &actor, rules, calendar: &cases.calendar, today: today(&visit), amount_unit: None };
    let act = supply(&case, &context, &supplied).map_err(|_| Failure::Conflict("cases.not_now.nothing_asked"))?;
    store::write(&mut tx, &cases.web, (rules, &cases.calendar), Some(case.last_seq), (cases.web.clock().now(), &[act]))
        .await?;
    store::attach(&mut tx, &person.fiscal_code, &files, case.id).await?;
    tx.commit().await?;
    let notice = web::SetCookie::notice(&visit, "cases.integrate.done");
    Ok((notice, Redirect::to(&format!("/pratiche/{id}"))).into_response())
}

/// What is still missing or does not go together once everything is read.
fn missing(form: &Form, answers: &Facts, told: &[FieldError], today: base::Date) -> Vec<FieldError> {
    let all = form.validate(answers, today);
    all.into_iter().filter(|error| !told.iter().any(|other| other.path == error.path)).collect()
}

fn restricted(case: &Case, form: &Form) -> Result<Form, Failure> {
    let open = case.open_request.as_ref().ok_or(Failure::Conflict("cases.not_now.nothing_asked"))?;
    let paths: Vec<_> = open.request.fields.iter().filter_map(|field| field.path.parse().ok()).collect();
    Ok(form.restrict(&paths))
}

/// Every page of the restricted form at once: there are few fields.
fn read(form: &Form, posted: &Posted, known: &Facts, today: base::Date) -> (Facts, Typed, Vec<FieldError>) {
    let (mut facts, mut raw, mut errors) = (Facts::default(), Typed::new(), Vec::new());
    for page in &form.pages {
        let reading = form.read(&page.id, &posted.fields, known, today);
        facts = overlay(&facts, &reading.facts);
        raw.extend(reading.raw);
        errors.extend(reading.errors);
    }
    (facts, raw, errors)
}

fn build(
    visit: &Visit,
    case: &Case,
    service: &catalogue::Service,
    typed: &Typed,
    errors: &[FieldError],
) -> Result<IntegratePage, Failure> {
    let form = restricted(case, &service.form)?;
    let request = case.open_request.as_ref().map(|open| open.request.clone());
    let request = request.ok_or(Failure::Conflict("cases.not_now.nothing_asked"))?;
    let page = visit.page("cases.integrate.title").crumb(visit.t("cases.list.title"), "/pratiche");
    let page = page.crumb(service.name.get(visit.language), format!("/pratiche/{}", case.id));
    let fields = form.fields(&case.answers, today(visit));
    let inputs = fields.iter().map(|field| control(field, &case.answers, typed, errors, visit.language));
    Ok(IntegratePage {
        id: case.id.to_string(),
        message: request.message,
        deadline: page.date(&request.deadline),
        fields: super::case::labelled(&page, service, &request.fields),
        faults: faults(&form, errors, visit.language),
        inputs: inputs.collect(),
        page: page.faulty(!errors.is_empty()),
    })
}
