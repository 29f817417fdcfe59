//! A page of questions as it is drawn.

use askama::Template;
use forms::{FieldError, Item};
use mandates::Verb;
use web::{
    Page, Visit,
    components::{Fault, Step, Tone},
};

use super::{Application, By, merge, page::member_mark};
use crate::{
    files,
    inputs::{Input, Typed, control, faults_by_member},
};

/// One page of questions: only those that nobody answered yet, or that the person wants to change.
#[derive(Template)]
#[template(path = "pages/ask/page.html")]
pub struct QuestionsPage {
    /// The frame.
    pub page: Page,
    service: String,
    /// Under which address the draft stands.
    base: String,
    /// Where this page is, and where the questions wait for later.
    here: String,
    later: String,
    /// Where the person asks for help.
    help: Option<String>,
    /// What throws the draft away.
    discard: Option<String>,
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
    pub elsewhere: Option<String>,
    multipart: bool,
    /// Why the account is not asked, where another must name it.
    account: bool,
    id: String,
    removable: Vec<(String, String)>,
}

/// Which questions of a page are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// What is missing, and what the person wrote.
    Missing,
    /// Also the usual answers that the form assumes.
    Everything,
}

/// A page of questions to be drawn.
pub struct Sheet<'a> {
    /// What it is about.
    pub application: &'a Application,
    /// Which page.
    pub id: &'a str,
    /// Which of its questions.
    pub show: Show,
    /// What was typed and is shown again.
    pub typed: Typed,
    /// What is wrong.
    pub problems: Vec<FieldError>,
    /// What another device wrote meanwhile, field by field.
    pub contested: Vec<FieldError>,
    /// That it did, and when.
    pub elsewhere: Option<String>,
}

impl<'a> Sheet<'a> {
    /// Without anything wrong.
    pub fn new(application: &'a Application, id: &'a str, show: Show, typed: Typed) -> Self {
        Self { application, id, show, typed, problems: Vec::new(), contested: Vec::new(), elsewhere: None }
    }

    /// The page.
    pub fn build(&self, visit: &Visit) -> QuestionsPage {
        let service = &self.application.service;
        let declared = service.form.page(self.id);
        let name = service.name.get(visit.language).to_owned();
        let title = declared.map_or("", |page| page.title.get(visit.language));
        let page = visit.page_titled(title).crumb(
            &name,
            if let By::Helper(_) = self.application.by { self.application.folder() } else { service.href() },
        );
        let own = self.application.by == By::Person;
        let labels = ["cases.ask.step.data", "cases.ask.step.confirm", "cases.ask.step.receipt"];
        let intro = declared.and_then(|page| page.intro.as_ref()).map_or("", |intro| intro.get(visit.language));
        let fields = self.fields();
        QuestionsPage {
            service: name,
            base: self.application.folder(),
            here: self.application.place(self.id),
            later: if self.application.by == By::Person { service.href() } else { self.application.folder() },
            help: self.is_ones_own().then(|| format!("{}/aiuto", service.href())),
            discard: self.discard(),
            intro: intro.to_owned(),
            steps: if own { Step::sequence(labels.map(|key| page.t(key)), 0) } else { Vec::new() },
            faults: faults_by_member(self.application.form(), &self.problems, self.naming(), visit.language),
            inputs: self.inputs(visit, &fields),
            seen: self.marks(&fields),
            key: self.application.draft.idempotency_key.clone(),
            revision: self.application.draft.revision,
            multipart: declared.is_some_and(asks_files),
            account: !self.names_account() && declared.is_some_and(asks_account),
            id: self.id.to_owned(),
            removable: self.removable(visit),
            elsewhere: self.elsewhere.clone(),
            page: page.faulty(!self.problems.is_empty()),
        }
    }

    /// Whether the person fills it in, for themselves: help is one's own to ask for.
    fn is_ones_own(&self) -> bool {
        let acting = self.application.authority.as_ref().map(|(_, acting)| acting);
        self.application.by == By::Person && acting.is_none_or(mandates::Acting::is_own)
    }

    /// Who helps throws nothing away.
    fn discard(&self) -> Option<String> {
        let word = match self.application.by {
            By::Person => "annulla",
            By::Nobody => "elimina",
            By::Helper(_) => return None,
        };
        Some(format!("{}/{word}", self.application.folder()))
    }

    fn fields(&self) -> Vec<forms::Field<'_>> {
        let fields = self.application.form().fields(self.application.answers(), self.application.today).into_iter();
        let fields = fields.filter(|field| self.names_account() || field.question.kind != forms::Kind::Iban);
        fields.filter(|field| field.page.id == self.id && self.is_drawn(field)).collect()
    }

    /// Beside what is open, whatever something is said of; but never what is not asked here.
    fn is_drawn(&self, field: &forms::Field<'_>) -> bool {
        let told_of = self.told().any(|error| error.path == field.path);
        (told_of && self.application.may_ask(&field.path)) || self.is_shown(field)
    }

    /// Whether who fills in may name the account to which money goes.
    fn names_account(&self) -> bool {
        self.application.allows(Verb::Account)
    }

    /// What stands beside fields: what is wrong, and what another device wrote.
    fn told(&self) -> impl Iterator<Item = &FieldError> {
        self.problems.iter().chain(&self.contested)
    }

    /// What members are named by: who helps does not read the names that a registry knows.
    fn naming(&self) -> &rules::Facts {
        let application = self.application;
        if application.by == By::Person { application.answers() } else { &application.draft.answers }
    }

    fn inputs(&self, visit: &Visit, fields: &[forms::Field<'_>]) -> Vec<Input> {
        let told: Vec<FieldError> = self.told().cloned().collect();
        let mut inputs = Vec::new();
        let mut member = None;
        for field in fields {
            if member != field.path.row && field.path.row.is_some() {
                member.clone_from(&field.path.row);
                inputs.extend(field.member(self.naming(), visit.language).map(Input::Member));
            }
            inputs.extend(self.attached(field));
            inputs.push(control(field, self.application.answers(), &self.typed, &told, visit.language));
        }
        inputs
    }

    /// What the page shows of the draft, so that a change from elsewhere is noticed when it comes back.
    fn marks(&self, fields: &[forms::Field<'_>]) -> String {
        let mark = |field: &forms::Field<'_>| merge::mark(&field.path, field.path.get(self.application.answers()));
        fields.iter().map(mark).collect::<Vec<_>>().join(" ")
    }

    /// What a registry knows is never asked; an assumed answer only when the person wants to change it.
    fn is_shown(&self, field: &forms::Field<'_>) -> bool {
        let application = self.application;
        if !application.may_ask(&field.path) {
            return false;
        }
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

    /// Members that the person added: those of a registry are corrected at the registry.
    fn removable(&self, visit: &Visit) -> Vec<(String, String)> {
        if self.application.by != By::Person {
            return Vec::new();
        }
        let groups = self.application.form().page(self.id).into_iter().flat_map(|page| &page.items);
        let mut removable = Vec::new();
        for item in groups {
            let Item::Group(group) = item else { continue };
            let known = self.application.prefilled.facts.groups.get(&group.id).map_or(0, Vec::len);
            let rows = self.application.draft.answers.groups.get(&group.id).map_or(&[][..], Vec::as_slice);
            for (row, answers) in rows.iter().enumerate().skip(known) {
                let member = group.heading(row, self.application.answers(), visit.language);
                let named = format!("{}.{}", group.id, member_mark(answers));
                removable.push((named, visit.t1("cases.ask.remove_member", "member", member)));
            }
        }
        removable
    }

    fn attached(&self, field: &forms::Field<'_>) -> Vec<Input> {
        if !matches!(field.question.kind, forms::Kind::Attachment(_)) {
            return Vec::new();
        }
        let names = files::named(self.application.answers(), &field.path, &self.application.files);
        names.into_iter().map(|(id, name)| Input::Attached(name, format!("{}:{id}", field.path))).collect()
    }
}

fn asks_account(page: &forms::Page) -> bool {
    page.questions().any(|(_, question)| question.kind == forms::Kind::Iban)
}

fn asks_files(page: &forms::Page) -> bool {
    page.questions().any(|(_, question)| matches!(question.kind, forms::Kind::Attachment(_)))
}
