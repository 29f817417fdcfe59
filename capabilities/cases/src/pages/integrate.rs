use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use catalogue::Service;
use forms::{FieldError, Form, Kind, Path as Place, overlay};
use mandates::Verb;
use rules::Facts;
use web::{
    Answer, Failure, Page, Posted,
    components::{Fault, Tone},
};

use super::{
    Counter, done,
    moved::{self, Moved},
    not_done,
};
use crate::{
    account,
    case::Case,
    decide::{Deed, NotNow, Supply},
    files::{self, Keeper, KeptFiles},
    inputs::{Input, Typed, control, faults_by_member},
    payload::{FieldRequest, IntegrationSupplied, kind},
    perform::{Attempt, attempt},
    room::today,
    store,
    typed::typed_again,
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
    supply: Supply,
    typed: Typed,
    errors: Vec<FieldError>,
    /// Files that were taken in, by question: `question:identifier` and name.
    kept: Vec<(String, String)>,
}

/// Shows the reopened fields, with what was typed when a session expired.
pub async fn show(counter: Counter, Path(id): Path<String>) -> Answer {
    let (case, service, parked) = counter.open(&id, Verb::Answer).await?;
    let files = parked.files.join(", ");
    let posted = Posted::from(parked);
    if case.open_request.is_none() {
        return late(&counter, &case, &service, &posted);
    }
    let reading = Reading { typed: typed_again(posted.fields), ..Reading::default() };
    let mut shown = build(&counter, &case, &service, &reading)?;
    if !files.is_empty() {
        let text = counter.visit.t1("cases.ask.page.files_again", "names", files);
        shown.page = shown.page.with_notice(Tone::Warning, text);
    }
    web::show(&shown)
}

/// Takes the answers in; the clock runs again. Sending them again changes nothing; where nothing is asked any more, what
/// was typed is given back.
pub async fn save(counter: Counter, Path(id): Path<String>, posted: Posted) -> Answer {
    let (case, service): (Case, Arc<Service>) = counter.look(&id, Verb::Answer).await?;
    if case.open_request.is_none() {
        return late(&counter, &case, &service, &posted);
    }
    let reading = read_all(&counter, &case, &service, &posted).await?;
    if !reading.errors.is_empty() {
        return web::show_faulty(&build(&counter, &case, &service, &reading)?);
    }
    match attempt(&counter, &id, &Deed::Supply(reading.supply)).await? {
        Attempt::Done(_) | Attempt::Again(_) => done(&counter.visit, &id, "cases.integrate.done"),
        Attempt::NotNow(case, _) => late(&counter, &case, &service, &posted),
    }
}

/// Nothing is asked any more: answered already with the same, or something else happened.
fn late(counter: &Counter, case: &Case, service: &Service, posted: &Posted) -> Answer {
    let (visit, id) = (&counter.visit, case.id.to_string());
    let supplied = last_supplied(case);
    if posted.fields.is_empty() {
        return match supplied {
            Some(_) => done(visit, &id, "cases.integrate.done"),
            None => not_done(visit, &id, NotNow::NothingAsked),
        };
    }
    if supplied.is_some_and(|supplied| was_sent(counter, case, &service.form, &supplied, posted)) {
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

fn last_supplied(case: &Case) -> Option<IntegrationSupplied> {
    case.acts.iter().rev().find(|act| act.kind == kind::INTEGRATION_SUPPLIED)?.payload()
}

/// Whether this page was already taken in.
fn was_sent(counter: &Counter, case: &Case, form: &Form, supplied: &IntegrationSupplied, posted: &Posted) -> bool {
    let paths: Vec<Place> = supplied.paths.iter().filter_map(|path| path.parse().ok()).collect();
    let reading = read(&form.restrict(&paths), posted, &supplied.answers, today(&counter.visit));
    reading.errors.is_empty() && Deed::Supply(reading.supply).was_done(case, &counter.person.actor)
}

/// Everything that was typed and attached, and everything that is wrong with it, at once.
async fn read_all(counter: &Counter, case: &Case, service: &Service, posted: &Posted) -> Result<Reading, Failure> {
    let Counter { cases, person, visit, .. } = counter;
    let form = restricted(case, &service.form)?;
    let mut reading = read(&form, posted, &case.answers, today(visit));
    refuse_account(counter, case, &form, &mut reading);
    let keeper = Keeper { claim: &counter.claim, owner: &person.fiscal_code, leave: (&service.slug, Verb::Answer) };
    for page in &form.pages {
        let kept = files::keep(cases, visit, page, (&keeper, &case.answers), posted).await?;
        let facts = kept.facts(&case.answers);
        let filled = |path: &Place| path.get(&facts).is_some_and(|value| !value.is_null());
        reading.errors.retain(|error| !filled(&error.path));
        reading.supply.files = overlay(&reading.supply.files, &facts);
        reading.kept.extend(named(cases, &person.fiscal_code, &kept).await?);
        reading.errors.extend(kept.errors);
    }
    let answers = overlay(&overlay(&case.answers, &reading.supply.typed), &reading.supply.files);
    let missing = form.validate(&answers, today(visit)).into_iter();
    // What is not asked again may be wrong itself: whoever asked judges.
    let contradicted = form.disagreements(&form.submission(&answers, today(visit)), |_| false);
    let mut tx = cases.web.database().read().await?;
    let frozen =
        account::wait(&mut tx, (&person.fiscal_code, counter.claim.subject()), cases.web.words(), visit.now).await?;
    let frozen = frozen.map(|why| account::faults(&form, &reading.supply.typed, &why, |_| false)).unwrap_or_default();
    for error in missing.chain(contradicted).chain(frozen) {
        if !reading.errors.iter().any(|other| other.path == error.path) {
            reading.errors.push(error);
        }
    }
    let ids = files::upload_ids(&form, &reading.supply.files);
    reading.supply.attachments = files::attachments(&mut tx, &ids, &person.fiscal_code).await?;
    Ok(reading)
}

/// Who may not name the account reads beside the question why.
fn refuse_account(counter: &Counter, case: &Case, form: &Form, reading: &mut Reading) {
    if counter.capacity.allows(&case.submitted.service, Verb::Account) {
        return;
    }
    account::take_out(form, &mut reading.supply.typed);
    let told = counter.visit.web.words().in_all("cases.account.not_yours", &[]);
    for question in account::asked(form) {
        let path = Place::of(&question.id);
        reading.errors.retain(|error| error.path != path);
        reading.errors.push(FieldError { path, code: "account".to_owned(), text: told.clone() });
    }
}

/// The files just taken in, so that the page can carry them along if something else is wrong.
async fn named(cases: &crate::room::Cases, owner: &str, kept: &KeptFiles) -> Result<Vec<(String, String)>, Failure> {
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

/// Every page of the restricted form at once: there are few fields. Files are read apart.
fn read(form: &Form, posted: &Posted, known: &Facts, today: base::Date) -> Reading {
    let mut all = Reading::default();
    for page in &form.pages {
        let reading = form.read(&page.id, &posted.fields, known, today);
        all.supply.typed = overlay(&all.supply.typed, &reading.facts);
        all.typed.extend(reading.raw);
        all.errors.extend(reading.errors);
    }
    for path in Place::all(&all.supply.typed) {
        if form.question(&path).is_some_and(|(_, question)| matches!(question.kind, Kind::Attachment(_))) {
            path.remove(&mut all.supply.typed);
        }
    }
    all
}

fn build(counter: &Counter, case: &Case, service: &Service, reading: &Reading) -> Result<IntegratePage, Failure> {
    let visit = &counter.visit;
    let form = restricted(case, &service.form)?;
    let request = case.open_request.as_ref().map(|open| open.request.clone());
    let request = request.ok_or(Failure::Conflict("cases.not_now.nothing_asked"))?;
    let page = counter.page("cases.integrate.title", case);
    let fields = form.fields(&case.answers, today(visit));
    let mut member = None;
    let inputs = fields.iter().flat_map(|field| {
        // Who has three children must see whose datum is asked.
        let turns = member != field.path.row && field.path.row.is_some();
        member.clone_from(&field.path.row);
        let heading = turns.then(|| field.member(&case.answers, visit.language)).flatten().map(Input::Member);
        let prefix = format!("{}:", field.path);
        let own = reading.kept.iter().filter(move |(value, _)| value.starts_with(&prefix));
        let files = own.map(|(value, name)| Input::Attached(name.clone(), value.clone()));
        let asked = control(field, &case.answers, &reading.typed, &reading.errors, visit.language);
        heading.into_iter().chain(files).chain([asked]).collect::<Vec<_>>()
    });
    Ok(IntegratePage {
        id: case.id.to_string(),
        message: request.message,
        deadline: page.date(&request.deadline),
        fields: super::case::labelled(&page, service, case, &request.fields),
        faults: faults_by_member(&form, &reading.errors, &case.answers, visit.language),
        inputs: inputs.collect(),
        kept: reading.kept.iter().map(|(value, _)| value.clone()).collect(),
        page: page.faulty(!reading.errors.is_empty()),
    })
}
