use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use forms::{FieldError, Item, overlay};
use rules::Value;
use web::{
    Answer, Failure, Page, Posted, Visit,
    components::{Fault, Step},
};

use super::Application;
use crate::{
    files,
    inputs::{Input, Typed, control, faults},
    pages::Counter,
    room::Cases,
};

/// One page of questions: only those that nobody answered yet, or that the person wants to change.
#[derive(Template)]
#[template(path = "pages/ask/page.html")]
struct QuestionsPage {
    page: Page,
    service: String,
    slug: String,
    intro: String,
    steps: Vec<Step>,
    faults: Vec<Fault>,
    inputs: Vec<Input>,
    revision: i64,
    multipart: bool,
    id: String,
    removable: Vec<(String, String)>,
}

/// Which questions of a page are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    /// What is missing, and what the person wrote.
    Missing,
    /// Also the usual answers that the form assumes.
    Everything,
}

/// Shows a page of questions, with what was typed when a session expired.
pub async fn page(State(cases): State<Cases>, Path((service, id)): Path<(String, String)>, visit: Visit) -> Answer {
    let mut application = Application::open(&cases, &visit, &service).await?;
    if application.form().page(&id).is_none() {
        return Err(Failure::NotFound);
    }
    if let Some(group) = visit.query("aggiungi") {
        add_row(&mut application, &group);
    }
    let mut tx = cases.web.database().begin().await?;
    let parked = web::parked::take(&mut tx, &application.applicant, &visit.path).await?;
    tx.commit().await?;
    let typed = parked.map(typed_again).unwrap_or_default();
    let show = if visit.query("modifica").is_some() { Show::Everything } else { Show::Missing };
    let sheet = Sheet { application: &application, id: &id, show };
    web::show(&sheet.build(&visit, &typed, &[]))
}

/// Reads a page, keeps what is right in the draft, and goes on or shows what is wrong.
pub async fn save(
    State(cases): State<Cases>,
    Path((service, id)): Path<(String, String)>,
    visit: Visit,
    posted: Posted,
) -> Answer {
    let mut application = Application::open(&cases, &visit, &service).await?;
    let known = application.answers.clone();
    let mut reading = application.form().read(&id, &posted.fields, &known, application.today);
    let kept =
        files::keep(&cases, &visit, application.form().page(&id), (&application.applicant, &known), &posted).await?;
    reading.facts = overlay(&reading.facts, &kept.facts);
    reading.errors.retain(|error| !kept.facts.values.contains_key(&error.path.to_string()));
    reading.errors.extend(kept.errors);
    application.draft.answers = overlay(&application.draft.answers, &reading.facts);
    application.answers = overlay(&application.answers, &reading.facts);
    application.draft.revision = posted.text("revisione").parse().unwrap_or(application.draft.revision);
    if !application.save(&cases, &visit).await? {
        return Err(Failure::Conflict("cases.failure.draft_elsewhere"));
    }
    let problems = page_problems(&application, &id, reading.errors);
    if problems.is_empty() {
        return Ok(Redirect::to(&application.next(Some(&id))).into_response());
    }
    let sheet = Sheet { application: &application, id: &id, show: Show::Missing };
    web::show_faulty(&sheet.build(&visit, &reading.raw, &problems))
}

/// Takes a member that the person had added out of the list.
pub async fn remove(
    Counter { cases, person: _, visit }: Counter,
    Path((service, id)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let mut application = Application::open(&cases, &visit, &service).await?;
    let place = posted.text("riga").rsplit_once('.').and_then(|(group, row)| Some((group, row.parse::<usize>().ok()?)));
    let (group, row) = place.ok_or(Failure::BadRequest("web.failure.bad_request.advice"))?;
    let known = application.prefilled.facts.groups.get(group).map_or(0, Vec::len);
    if let Some(rows) = application.draft.answers.groups.get_mut(group).filter(|rows| known <= row && row < rows.len())
    {
        rows.remove(row);
        application.save(&cases, &visit).await?;
    }
    Ok(Redirect::to(&format!("/servizi/{service}/domanda/{id}?modifica=1")).into_response())
}

/// What was not understood, and what does not go together on this page.
fn page_problems(application: &Application, id: &str, mut errors: Vec<FieldError>) -> Vec<FieldError> {
    let status = application.form().status(&application.answers, application.today);
    let own = status.pages.into_iter().filter(|page| page.page == id);
    for error in own.flat_map(|page| page.errors().cloned().collect::<Vec<_>>()) {
        if !errors.iter().any(|other| other.path == error.path) {
            errors.push(error);
        }
    }
    errors
}

fn typed_again(pairs: Vec<(String, String)>) -> Typed {
    let mut typed = Typed::new();
    for (name, value) in pairs {
        typed.entry(name).or_default().push(value);
    }
    typed
}

/// An empty member after those that are known.
fn add_row(application: &mut Application, group: &str) {
    let declared = application.service.form.pages.iter().flat_map(|page| &page.items).find_map(|item| match item {
        Item::Group(declared) if declared.id == group => Some(declared),
        _ => None,
    });
    let Some(declared) = declared else { return };
    let rows = application.answers.groups.entry(declared.id.clone()).or_default();
    // One unfinished member at a time.
    let unfinished = rows.last().is_some_and(|row| row.values().all(Value::is_null));
    if rows.len() < declared.max && !unfinished {
        rows.push(std::collections::BTreeMap::new());
    }
}

/// A page of questions to be drawn.
struct Sheet<'a> {
    application: &'a Application,
    id: &'a str,
    show: Show,
}

impl Sheet<'_> {
    fn build(&self, visit: &Visit, typed: &Typed, errors: &[FieldError]) -> QuestionsPage {
        let service = &self.application.service;
        let declared = service.form.page(self.id);
        let name = service.name.get(visit.language).to_owned();
        let title = declared.map_or("", |page| page.title.get(visit.language));
        let page = visit.page_titled(title).crumb(&name, format!("/servizi/{}", service.slug));
        let labels = ["cases.ask.step.data", "cases.ask.step.confirm", "cases.ask.step.receipt"];
        let intro = declared.and_then(|page| page.intro.as_ref()).map_or("", |intro| intro.get(visit.language));
        QuestionsPage {
            service: name,
            slug: service.slug.clone(),
            intro: intro.to_owned(),
            steps: Step::sequence(labels.map(|key| page.t(key)), 0),
            faults: faults(self.application.form(), errors, visit.language),
            inputs: self.inputs(visit, typed, errors),
            revision: self.application.draft.revision,
            multipart: declared.is_some_and(asks_files),
            id: self.id.to_owned(),
            removable: self.removable(visit),
            page: page.faulty(!errors.is_empty()),
        }
    }

    fn inputs(&self, visit: &Visit, typed: &Typed, errors: &[FieldError]) -> Vec<Input> {
        let application = self.application;
        let mut inputs = Vec::new();
        let mut member = None;
        for field in application.form().fields(&application.answers, application.today) {
            let faulty = errors.iter().any(|error| error.path == field.path);
            if field.page.id != self.id || !(faulty || self.is_shown(&field)) {
                continue;
            }
            if member != field.path.row && field.path.row.is_some() {
                member.clone_from(&field.path.row);
                inputs.push(Input::Member(self.heading(&field, visit)));
            }
            inputs.extend(self.attached(&field));
            inputs.push(control(&field, &application.answers, typed, errors, visit.language));
        }
        inputs
    }

    /// What a registry knows is never asked; an assumed answer only when the person wants to change it.
    fn is_shown(&self, field: &forms::Field<'_>) -> bool {
        let application = self.application;
        let on_confirm = field.question.kind == forms::Kind::Declaration { on_confirm: true };
        if application.is_known(&field.path) || on_confirm {
            return false;
        }
        let typed = field.path.get(&application.draft.answers).is_some();
        let assumed = application.prefilled.assumed.contains(&field.path);
        self.show == Show::Everything || typed || !assumed
    }

    fn heading(&self, field: &forms::Field<'_>, visit: &Visit) -> String {
        let (Some(group), Some((_, row))) = (field.group, field.path.row.as_ref()) else { return String::new() };
        self.member(group, *row, visit)
    }

    /// Members that the person added: those of a registry are corrected at the registry.
    fn removable(&self, visit: &Visit) -> Vec<(String, String)> {
        let groups = self.application.form().page(self.id).into_iter().flat_map(|page| &page.items);
        let mut removable = Vec::new();
        for item in groups {
            let Item::Group(group) = item else { continue };
            let known = self.application.prefilled.facts.groups.get(&group.id).map_or(0, Vec::len);
            for row in known..self.application.draft.answers.groups.get(&group.id).map_or(0, Vec::len) {
                let member = self.member(group, row, visit);
                removable.push((format!("{}.{row}", group.id), visit.t1("cases.ask.remove_member", "member", member)));
            }
        }
        removable
    }

    fn member(&self, group: &forms::Group, row: usize, visit: &Visit) -> String {
        let name = forms::Path::in_row(&group.id, row, "nome");
        let name = name.get(&self.application.answers).filter(|name| !name.is_null());
        let name = name.map(Value::to_string).unwrap_or_default();
        format!("{} {} {name}", group.member.get(visit.language), row + 1).trim().to_owned()
    }

    fn attached(&self, field: &forms::Field<'_>) -> Vec<Input> {
        if !matches!(field.question.kind, forms::Kind::Attachment(_)) {
            return Vec::new();
        }
        let names = files::named(&self.application.answers, &field.path, &self.application.files);
        names.into_iter().map(|(id, name)| Input::Attached(name, format!("{}:{id}", field.path))).collect()
    }
}

fn asks_files(page: &forms::Page) -> bool {
    page.questions().any(|(_, question)| matches!(question.kind, forms::Kind::Attachment(_)))
}
