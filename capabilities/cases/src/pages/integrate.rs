use askama::Template;
use axum::extract::Path;
use catalogue::Service;
use forms::{FieldError, Form, Kind, Path as Place, overlay};
use rules::Facts;
use web::{Answer, Failure, Page, Posted, Visit, components::Fault};

use super::{
    Counter,
    ask::{decide, upload_ids},
    deed, done,
    moved::{self, Moved},
    own,
};
use crate::{
    case::Case,
    decide::{NotNow, supply},
    files::{self, Kept},
    inputs::{Input, Typed, control, faults},
    payload::{FieldRequest, IntegrationSupplied, kind},
    room::today,
    store,
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
    kept: Vec<String>,
}

/// A page of reopened fields as it was typed.
#[derive(Default)]
struct Reading {
    facts: Facts,
    typed: Typed,
    errors: Vec<FieldError>,
    /// Files that were taken in, by question: `question:identifier` and name.
    kept: Vec<(String, String)>,
}

/// Shows the reopened fields, with what was typed when a session expired.
pub async fn show(Counter { cases, person, visit }: Counter, Path(id): Path<String>) -> Answer {
    let mut tx = cases.web.database().read().await?;
    let case = own(&mut tx, &cases, &id, &person.fiscal_code).await?;
    let service = cases.service_of(&mut tx, &case).await?;
    let parked = web::parked::find(&mut tx, &person.fiscal_code, &visit.path).await?.unwrap_or_default();
    let posted = Posted { fields: parked.fields, files: Vec::new() };
    if case.open_request.is_none() {
        return late(&mut tx, &visit, &case, &service, &posted).await;
    }
    let mut reading = Reading::default();
    for (name, value) in posted.fields {
        reading.typed.entry(name).or_default().push(value);
    }
    let mut shown = build(&visit, &case, &service, &reading)?;
    if !parked.files.is_empty() {
        let text = visit.t1("cases.ask.page.files_again", "names", parked.files.join(", "));
        shown.page = shown.page.with_notice(web::components::Tone::Warning, text);
    }
    web::show(&shown)
}

/// Takes the answers in; the clock runs again. Sending them again changes nothing; where nothing is asked any more, what
/// was typed is given back.
pub async fn save(counter: Counter, Path(id): Path<String>, posted: Posted) -> Answer {
    let Counter { cases, person, visit } = &counter;
    let mut tx = cases.web.database().read().await?;
    let case = own(&mut tx, cases, &id, &person.fiscal_code).await?;
    let service = cases.service_of(&mut tx, &case).await?;
    if case.open_request.is_none() {
        return late(&mut tx, visit, &case, &service, &posted).await;
    }
    drop(tx); // files are kept in transactions of their own
    let reading = read_all(&counter, &case, &service, &posted).await?;
    if !reading.errors.is_empty() {
        return web::show_faulty(&build(visit, &case, &service, &reading)?);
    }
    let files = upload_ids(&service.form, &reading.facts);
    let mut tx = cases.web.database().read().await?;
    let attachments = files::attachments(&mut tx, &files, &person.fiscal_code).await?;
    drop(tx);
    let supplied = deed(&counter, &id, &files, |case, context| {
        let asked = case.open_request.as_ref().map(|open| &open.request.fields);
        let paths = asked.into_iter().flatten().map(|field| field.path.clone()).collect();
        let answers = overlay(&case.answers, &reading.facts);
        let decision = decide(&service, &answers, context.today);
        supply(case, context, &IntegrationSupplied { answers, paths, attachments: attachments.clone(), decision })
    });
    match supplied.await? {
        Ok(()) => done(visit, &id, "cases.integrate.done"),
        Err((case, _)) => {
            let mut tx = cases.web.database().read().await?;
            late(&mut tx, visit, &case, &service, &posted).await
        }
    }
}

/// Nothing is asked any more: answered already with the same, or something else happened.
async fn late(tx: &mut database::Tx, visit: &Visit, case: &Case, service: &Service, posted: &Posted) -> Answer {
    let supplied = last_supplied(tx, case).await?;
    let id = case.id.to_string();
    if posted.fields.is_empty() {
        let answered = supplied.is_some();
        return done(visit, &id, if answered { "cases.integrate.done" } else { NotNow::NothingAsked.key() });
    }
    if supplied.is_some_and(|supplied| says_the_same(&service.form, &supplied, posted, today(visit))) {
        return done(visit, &id, "cases.integrate.done");
    }
    let kept = moved::typed(Some(&service.form), visit, posted);
    if case.state.is_closed() {
        return moved::case(visit, case, NotNow::Closed, kept);
    }
    let files = posted.files.iter().map(|file| file.file_name.clone()).collect();
    let onward = ("cases.moved.case", format!("/pratiche/{id}"));
    Moved { text: visit.t("cases.moved.nothing_asked").to_owned(), kept, files, onward }.show(visit)
}

async fn last_supplied(tx: &mut database::Tx, case: &Case) -> Result<Option<IntegrationSupplied>, Failure> {
    let acts = acts::of_case(tx, case.id).await?;
    let last = acts.iter().rev().find(|act| act.kind == kind::INTEGRATION_SUPPLIED);
    Ok(last.and_then(|act| serde_json::from_value(act.body.as_ref()?.payload.clone()).ok()))
}

/// Whether this page was already taken in. Files are left out: the same file sent twice has two identifiers.
fn says_the_same(form: &Form, supplied: &IntegrationSupplied, posted: &Posted, today: base::Date) -> bool {
    let paths: Vec<Place> = supplied.paths.iter().filter_map(|path| path.parse().ok()).collect();
    let form = form.restrict(&paths);
    let reading = read(&form, posted, &supplied.answers, today);
    let told = |path: &Place| path.get(&supplied.answers).filter(|value| !value.is_null());
    let same = |path: &Place| path.get(&reading.facts).filter(|value| !value.is_null()) == told(path);
    let file = |path: &Place| form.question(path).is_some_and(|(_, one)| matches!(one.kind, Kind::Attachment(_)));
    reading.errors.is_empty() && Place::all(&reading.facts).iter().all(|path| file(path) || same(path))
}

/// Everything that was typed and attached, and everything that is wrong with it, at once.
async fn read_all(
    Counter { cases, person, visit }: &Counter,
    case: &Case,
    service: &Service,
    posted: &Posted,
) -> Result<Reading, Failure> {
    let form = restricted(case, &service.form)?;
    let mut reading = read(&form, posted, &case.answers, today(visit));
    for page in &form.pages {
        let kept = files::keep(cases, visit, Some(page), (&person.fiscal_code, &case.answers), posted).await?;
        let facts = kept.facts(&case.answers);
        let filled = |path: &Place| path.get(&facts).is_some_and(|value| !value.is_null());
        reading.errors.retain(|error| !filled(&error.path));
        reading.facts = overlay(&reading.facts, &facts);
        reading.kept.extend(named(cases, &person.fiscal_code, &kept).await?);
        reading.errors.extend(kept.errors);
    }
    let answers = overlay(&case.answers, &reading.facts);
    let missing = form.validate(&answers, today(visit)).into_iter();
    let asked = |error: &FieldError| form.question(&error.path).is_some();
    for error in missing.chain(form.disagreements(&answers).into_iter().filter(asked)) {
        if !reading.errors.iter().any(|other| other.path == error.path) {
            reading.errors.push(error);
        }
    }
    Ok(reading)
}

/// The files just taken in, so that the page can carry them along if something else is wrong.
async fn named(cases: &crate::room::Cases, owner: &str, kept: &Kept) -> Result<Vec<(String, String)>, Failure> {
    let mut tx = cases.web.database().read().await?;
    let mut named = Vec::new();
    for (path, id) in kept.added() {
        let found = store::uploads_named(&mut tx, &[id], owner).await?;
        named.extend(found.into_iter().map(|file| (format!("{path}:{id}"), file.file_name)));
    }
    Ok(named)
}

fn restricted(case: &Case, form: &Form) -> Result<Form, Failure> {
    let open = case.open_request.as_ref().ok_or(Failure::Conflict("cases.not_now.nothing_asked"))?;
    let paths: Vec<_> = open.request.fields.iter().filter_map(|field| field.path.parse().ok()).collect();
    Ok(form.restrict(&paths))
}

/// Every page of the restricted form at once: there are few fields.
fn read(form: &Form, posted: &Posted, known: &Facts, today: base::Date) -> Reading {
    let mut all = Reading::default();
    for page in &form.pages {
        let reading = form.read(&page.id, &posted.fields, known, today);
        all.facts = overlay(&all.facts, &reading.facts);
        all.typed.extend(reading.raw);
        all.errors.extend(reading.errors);
    }
    all
}

fn build(visit: &Visit, case: &Case, service: &Service, reading: &Reading) -> Result<IntegratePage, Failure> {
    let form = restricted(case, &service.form)?;
    let request = case.open_request.as_ref().map(|open| open.request.clone());
    let request = request.ok_or(Failure::Conflict("cases.not_now.nothing_asked"))?;
    let page = visit.page("cases.integrate.title").crumb(visit.t("cases.list.title"), "/pratiche");
    let page = page.crumb(service.name.get(visit.language), format!("/pratiche/{}", case.id));
    let fields = form.fields(&case.answers, today(visit));
    let inputs = fields.iter().flat_map(|field| {
        let prefix = format!("{}:", field.path);
        let own = reading.kept.iter().filter(move |(value, _)| value.starts_with(&prefix));
        let files = own.map(|(value, name)| Input::Attached(name.clone(), value.clone()));
        let asked = control(field, &case.answers, &reading.typed, &reading.errors, visit.language);
        files.chain([asked]).collect::<Vec<_>>()
    });
    Ok(IntegratePage {
        id: case.id.to_string(),
        message: request.message,
        deadline: page.date(&request.deadline),
        fields: super::case::labelled(&page, service, &request.fields),
        faults: faults(&form, &reading.errors, visit.language),
        inputs: inputs.collect(),
        kept: reading.kept.iter().map(|(value, _)| value.clone()).collect(),
        page: page.faulty(!reading.errors.is_empty()),
    })
}
