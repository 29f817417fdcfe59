use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect},
};
use base::{Timestamp, Uuid};
use forms::{FieldError, Item};
use rules::Value;
use web::{
    Answer, Failure, Page, Posted, Visit,
    components::{Fault, Step, Tone},
};

use super::{Application, merge, saving::Saving};
use crate::{
    files,
    inputs::{Input, Typed, control, faults},
    pages::{
        Counter,
        moved::{self, Moved},
    },
    room::Cases,
    store,
};

/// The field that holds the draft's key.
const DRAFT: &str = "sp.bozza";

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
    /// What the fields show; see [`merge::SEEN`].
    seen: String,
    /// The draft's key: tells whether it was sent meanwhile.
    key: String,
    /// That another device changed what was changed here too, and when.
    elsewhere: Option<String>,
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

/// How often a page is put on the draft again when another device saves at the same moment.
const ATTEMPTS: usize = 5;

/// Shows a page of questions, with what was typed when a session expired.
pub async fn page(State(cases): State<Cases>, Path((service, id)): Path<(String, String)>, visit: Visit) -> Answer {
    let mut application = Application::open(&cases, &visit, &service).await?;
    if application.form().page(&id).is_none() {
        return Err(Failure::NotFound);
    }
    if let Some(group) = visit.query("aggiungi") {
        add_row(&mut application, &group);
    }
    let mut tx = cases.web.database().read().await?;
    let parked = web::parked::find(&mut tx, &application.applicant, &visit.path).await?.unwrap_or_default();
    let show = if visit.query("modifica").is_some() { Show::Everything } else { Show::Missing };
    let sheet = Sheet::new(&application, &id, show, typed_again(parked.fields));
    let mut shown = sheet.build(&visit);
    if !parked.files.is_empty() {
        let text = visit.t1("cases.ask.page.files_again", "names", parked.files.join(", "));
        shown.page = shown.page.with_notice(Tone::Warning, text);
    }
    web::show(&shown)
}

/// Reads a page, keeps what is right in the draft, and goes on or shows what is wrong, or what another device wrote.
pub async fn save(
    Counter { cases, person, visit }: Counter,
    Path((service, id)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let mut application = match Application::open(&cases, &visit, &service).await {
        Err(Failure::Conflict(why)) => return closed(&cases, &visit, &service, why, &posted),
        opened => opened?,
    };
    if let Some(case) = sent_elsewhere(&cases, &person.fiscal_code, &posted).await? {
        let kept = moved::typed(Some(application.form()), &visit, &posted);
        let onward = ("cases.moved.receipt", format!("/pratiche/{case}/ricevuta"));
        let text = visit.t("cases.moved.sent").to_owned();
        return Moved { text, kept, files: names(&posted), onward }.show(&visit);
    }
    let declared = application.form().page(&id).ok_or(Failure::NotFound)?;
    let files =
        files::keep(&cases, &visit, Some(declared), (&person.fiscal_code, &application.answers), &posted).await?;
    for _ in 0..ATTEMPTS {
        let before = application.draft.updated_at;
        let saving = Saving::put(&mut application, &visit, &id, &posted, &files);
        if application.save(&cases, &visit).await? {
            return answer(&application, &visit, &id, saving, before);
        }
        application = Application::open(&cases, &visit, &service).await?;
    }
    Err(Failure::Busy)
}

/// On to the next page; or the same again, with what is wrong or what another device wrote at `elsewhere`.
fn answer(application: &Application, visit: &Visit, id: &str, saving: Saving, elsewhere: Timestamp) -> Answer {
    let Saving { typed, problems, contested } = saving;
    if problems.is_empty() && contested.is_empty() {
        return Ok(Redirect::to(&application.next(Some(id))).into_response());
    }
    let elsewhere = (!contested.is_empty())
        .then(|| visit.t1("cases.ask.elsewhere.text", "when", base::long_timestamp(elsewhere, visit.language)));
    let sheet = Sheet { application, id, show: Show::Missing, typed, problems, contested, elsewhere };
    let shown = sheet.build(visit);
    if shown.elsewhere.is_none() {
        return web::show_faulty(&shown);
    }
    Ok((StatusCode::CONFLICT, web::show(&shown)?).into_response())
}

/// The service takes no applications any more: what was typed is given back.
fn closed(cases: &Cases, visit: &Visit, service: &str, why: &str, posted: &Posted) -> Answer {
    let service = cases.catalogue.service(service).ok_or(Failure::NotFound)?;
    let kept = moved::typed(Some(&service.form), visit, posted);
    let onward = ("cases.moved.service", service.href());
    Moved { text: visit.t(why).to_owned(), kept, files: names(posted), onward }.show(visit)
}

fn names(posted: &Posted) -> Vec<String> {
    posted.files.iter().map(|file| file.file_name.clone()).collect()
}

/// The case that another device made of this draft meanwhile.
async fn sent_elsewhere(cases: &Cases, applicant: &str, posted: &Posted) -> Result<Option<Uuid>, Failure> {
    let mut tx = cases.web.database().read().await?;
    Ok(store::submission_of(&mut tx, applicant, posted.text(DRAFT)).await?)
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
    typed: Typed,
    problems: Vec<FieldError>,
    contested: Vec<FieldError>,
    elsewhere: Option<String>,
}

impl<'a> Sheet<'a> {
    fn new(application: &'a Application, id: &'a str, show: Show, typed: Typed) -> Self {
        Self { application, id, show, typed, problems: Vec::new(), contested: Vec::new(), elsewhere: None }
    }

    fn build(&self, visit: &Visit) -> QuestionsPage {
        let service = &self.application.service;
        let declared = service.form.page(self.id);
        let name = service.name.get(visit.language).to_owned();
        let title = declared.map_or("", |page| page.title.get(visit.language));
        let page = visit.page_titled(title).crumb(&name, format!("/servizi/{}", service.slug));
        let labels = ["cases.ask.step.data", "cases.ask.step.confirm", "cases.ask.step.receipt"];
        let intro = declared.and_then(|page| page.intro.as_ref()).map_or("", |intro| intro.get(visit.language));
        let fields = self.fields();
        QuestionsPage {
            service: name,
            slug: service.slug.clone(),
            intro: intro.to_owned(),
            steps: Step::sequence(labels.map(|key| page.t(key)), 0),
            faults: faults(self.application.form(), &self.problems, visit.language),
            inputs: self.inputs(visit, &fields),
            seen: self.marks(&fields),
            key: self.application.draft.idempotency_key.clone(),
            revision: self.application.draft.revision,
            multipart: declared.is_some_and(asks_files),
            id: self.id.to_owned(),
            removable: self.removable(visit),
            elsewhere: self.elsewhere.clone(),
            page: page.faulty(!self.problems.is_empty()),
        }
    }

    fn fields(&self) -> Vec<forms::Field<'_>> {
        let fields = self.application.form().fields(&self.application.answers, self.application.today).into_iter();
        let faulty = |path: &forms::Path| self.told().any(|error| error.path == *path);
        fields.filter(|field| field.page.id == self.id && (faulty(&field.path) || self.is_shown(field))).collect()
    }

    /// What stands beside fields: what is wrong, and what another device wrote.
    fn told(&self) -> impl Iterator<Item = &FieldError> {
        self.problems.iter().chain(&self.contested)
    }

    fn inputs(&self, visit: &Visit, fields: &[forms::Field<'_>]) -> Vec<Input> {
        let told: Vec<FieldError> = self.told().cloned().collect();
        let mut inputs = Vec::new();
        let mut member = None;
        for field in fields {
            if member != field.path.row && field.path.row.is_some() {
                member.clone_from(&field.path.row);
                inputs.push(Input::Member(self.heading(field, visit)));
            }
            inputs.extend(self.attached(field));
            inputs.push(control(field, &self.application.answers, &self.typed, &told, visit.language));
        }
        inputs
    }

    /// What the page shows of the draft, so that a change from elsewhere is noticed when it comes back.
    fn marks(&self, fields: &[forms::Field<'_>]) -> String {
        let mark = |field: &forms::Field<'_>| merge::mark(&field.path, field.path.get(&self.application.answers));
        fields.iter().map(mark).collect::<Vec<_>>().join(" ")
    }

    /// What a registry knows is never asked; an assumed answer only when the person wants to change it.
    fn is_shown(&self, field: &forms::Field<'_>) -> bool {
        let application = self.application;
        let on_confirm = field.question.kind == forms::Kind::Declaration { on_confirm: true };
        if on_confirm {
            return false;
        }
        if application.is_known(&field.path) {
            return self.show == Show::Everything && application.is_replaceable(&field.path);
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
        let name = group.name_of(row, &self.application.answers).unwrap_or_default();
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
