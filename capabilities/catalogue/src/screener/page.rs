use askama::Template;
use axum::extract::State;
use base::{Date, rome_date};
use forms::{FieldError, Item, Kind, Path};
use rules::{Facts, Value};
use web::{
    Answer, Failure, Page, Posted, Visit,
    components::{Fault, Tone},
};

use super::{
    PATH, Screener, Standing,
    answers::{Sent, without_row},
    known::Known,
    results::Shown,
};
use crate::{
    Offer,
    inputs::{Input, Typed, control, faults},
    pages::Room,
};

/// The page that was answered.
const ANSWERED: &str = "sp.domanda";
/// The pages answered so far, in the order in which they were asked.
const TRAIL: &str = "sp.percorso";

/// A question, what is known so far, and everything that was said.
#[derive(Template)]
#[template(path = "screener/page.html")]
struct ScreenerPage {
    page: Page,
    asked: Option<Asked>,
    hidden: Vec<(String, String)>,
    trail: Vec<String>,
    results: Vec<Shown>,
    said: Vec<SaidBefore>,
}

/// The question of a page.
struct Asked {
    id: String,
    title: String,
    intro: String,
    faults: Vec<Fault>,
    inputs: Vec<Input>,
    /// Further fields that an answer opened on the same page.
    more: Vec<Fault>,
    /// The group to which a row can be added, and the number of the new row: the page is shown from there.
    add: Option<(String, usize)>,
    /// That no further row can be added.
    full: Option<String>,
    /// Rows that can be taken away, by their heading.
    removable: Vec<(String, String)>,
    /// Which question of at most how many.
    progress: String,
}

/// An answer given before.
struct SaidBefore {
    id: String,
    title: String,
    words: Vec<String>,
}

/// The first question.
pub(crate) async fn begin(visit: Visit, State(room): State<Room>) -> Answer {
    let offer = room.catalogue.offer();
    let screener = offer.screener.as_deref().ok_or(Failure::NotFound)?;
    let sent = Sent { answers: screener.beginning(), ..Sent::default() };
    web::show(&Sheet::new(&visit, &offer, screener, sent, Vec::new()).next())
}

/// What the person does with a page.
enum Deed<'p> {
    Add(&'p str),
    Remove(&'p str),
    Change(&'p str),
    Result,
    Onward,
}

impl<'p> Deed<'p> {
    fn of(posted: &'p Posted) -> Self {
        match (posted.text("aggiungi"), posted.text("togli"), posted.text("cambia"), posted.text("vai")) {
            (group, ..) if !group.is_empty() => Self::Add(group),
            (_, row, ..) if !row.is_empty() => Self::Remove(row),
            (_, _, page, _) if !page.is_empty() => Self::Change(page),
            (.., "risultato") => Self::Result,
            _ => Self::Onward,
        }
    }
}

/// Reads a page and shows the next question, or the same again with what is wrong.
pub(crate) async fn answer(visit: Visit, State(room): State<Room>, posted: Posted) -> Answer {
    let offer = room.catalogue.offer();
    let screener = offer.screener.as_deref().ok_or(Failure::NotFound)?;
    let (answered, deed) = (posted.text(ANSWERED), Deed::of(&posted));
    let fields = match deed {
        Deed::Remove(row) => without_row(&posted.fields, row),
        _ => posted.fields.clone(),
    };
    let sent = screener.read_sent(&fields, answered, rome_date(visit.now));
    let trail = trail(screener, posted.text(TRAIL), &sent.answers, rome_date(visit.now));
    let mut sheet = Sheet::new(&visit, &offer, screener, sent, trail);
    match deed {
        Deed::Add(group) => {
            screener.add_row(&mut sheet.sent.answers, group);
            sheet.sent.errors.clear();
            web::show(&sheet.ask(answered))
        }
        Deed::Remove(_) => {
            sheet.sent.errors.clear();
            web::show(&sheet.ask(answered))
        }
        Deed::Change(page) => {
            (sheet.sent.typed, sheet.sent.errors) = Default::default();
            sheet.trail.retain(|before| before != page);
            web::show(&sheet.ask(page))
        }
        // Whoever stops need not answer the question that is shown; what is wrongly written there is told all the same.
        Deed::Result if !sheet.sent.errors.iter().any(|error| error.code != "required") => web::show(&sheet.results()),
        Deed::Result => web::show_faulty(&sheet.ask(answered)),
        Deed::Onward if !sheet.sent.errors.is_empty() => web::show_faulty(&sheet.ask(answered)),
        Deed::Onward => web::show(&sheet.onward(answered)),
    }
}

/// The pages that are answered, in the order in which they were asked as far as the page still says it.
fn trail(screener: &Screener, said: &str, answers: &Facts, today: Date) -> Vec<String> {
    let known = Known::new(screener, answers, today);
    let pages: Vec<&str> = screener.form.pages.iter().map(|page| page.id.as_str()).collect();
    let is_answered = |id: &str| screener.form.page(id).is_some_and(|page| known.is_answered(page));
    let mut trail: Vec<String> = Vec::new();
    for id in said.split_whitespace().chain(pages).filter(|id| is_answered(id)) {
        if !trail.iter().any(|before| before == id) {
            trail.push(id.to_owned());
        }
    }
    trail
}

/// A page to be drawn.
struct Sheet<'a> {
    visit: &'a Visit,
    offer: &'a Offer,
    screener: &'a Screener,
    sent: Sent,
    trail: Vec<String>,
    today: Date,
}

impl<'a> Sheet<'a> {
    fn new(visit: &'a Visit, offer: &'a Offer, screener: &'a Screener, sent: Sent, trail: Vec<String>) -> Self {
        Self { visit, offer, screener, sent, trail, today: rome_date(visit.now) }
    }

    /// After an answer: the same page if it opened further fields, else the next question.
    fn onward(&self, answered: &str) -> ScreenerPage {
        let complete = Known::new(self.screener, &self.sent.answers, self.today).is_settled(answered);
        if complete || self.screener.form.page(answered).is_none() {
            return self.next();
        }
        let mut shown = self.ask(answered);
        shown.asked.iter_mut().for_each(|asked| asked.more = self.unanswered(answered));
        shown
    }

    /// The fields of a page that have no answer yet.
    fn unanswered(&self, page: &str) -> Vec<Fault> {
        let fields = self.screener.form.fields(&self.sent.answers, self.today).into_iter();
        let open = fields.filter(|field| field.page.id == page && field.path.get(&self.sent.answers).is_none());
        let link = |field: forms::Field<'_>| {
            let label = field.question.label.get(self.visit.language);
            Fault { field: field.path.to_string(), message: self.of_member(&field.path, label) }
        };
        open.map(link).collect()
    }

    /// A text with the member of a group that it is about: "Persona 2: Data di nascita".
    fn of_member(&self, path: &Path, text: &str) -> String {
        let group = self.screener.form.question(path).and_then(|(group, _)| group);
        match (group, &path.row) {
            (Some(group), Some((_, row))) => format!("{}: {text}", self.member(group, *row)),
            _ => text.to_owned(),
        }
    }

    fn next(&self) -> ScreenerPage {
        let verdicts = self.screener.verdicts(self.offer, &self.sent.answers, self.today);
        match self.screener.next(&verdicts).map(str::to_owned) {
            Some(page) => self.ask(&page),
            None => self.results(),
        }
    }

    /// A page without a question: what is known.
    fn results(&self) -> ScreenerPage {
        let verdicts = self.screener.verdicts(self.offer, &self.sent.answers, self.today);
        let any = |wanted: fn(&Standing) -> bool| verdicts.iter().any(|verdict| wanted(&verdict.standing));
        let title = if any(|standing| matches!(standing, Standing::Due(_))) {
            "catalogue.screener.results"
        } else if any(|standing| *standing == Standing::Open) {
            "catalogue.screener.results_open"
        } else {
            "catalogue.screener.results_none"
        };
        self.build(self.visit.page(title), None)
    }

    fn ask(&self, id: &str) -> ScreenerPage {
        let Some(declared) = self.screener.form.page(id) else { return self.results() };
        let asked = self.asked(declared);
        let page = self.visit.page_titled(&asked.title).faulty(!self.sent.errors.is_empty());
        self.build(page, Some(asked))
    }

    fn build(&self, page: Page, asked: Option<Asked>) -> ScreenerPage {
        let page = page
            .crumb(self.visit.t("catalogue.screener.title"), PATH)
            .described(self.visit.t("catalogue.screener.lead"));
        let verdicts = self.screener.verdicts(self.offer, &self.sent.answers, self.today);
        let results = verdicts.iter().map(|verdict| Shown::of(verdict, self.screener, self.today, &page));
        ScreenerPage {
            hidden: self.screener.hidden(&self.sent.answers, asked.as_ref().map(|asked| asked.id.as_str())),
            results: if self.trail.is_empty() && asked.is_some() { Vec::new() } else { results.collect() },
            said: self.said(),
            trail: self.trail.clone(),
            asked,
            page,
        }
    }

    fn said(&self) -> Vec<SaidBefore> {
        let language = self.visit.language;
        let pages = self.trail.iter().filter_map(|id| self.screener.form.page(id));
        let said = pages.map(|page| SaidBefore {
            id: page.id.clone(),
            title: page.title.get(language).to_owned(),
            words: self.screener.in_words(page, &self.sent.answers, language),
        });
        said.collect()
    }

    fn asked(&self, declared: &forms::Page) -> Asked {
        let (visit, form) = (self.visit, &self.screener.form);
        let text = |text: &base::Translated| text.get(visit.language).to_owned();
        let group = declared.items.iter().find_map(Item::group);
        let many = group.map_or(0, |group| form.rows(group, &self.sent.answers));
        let removable = group
            .into_iter()
            .flat_map(|group| (1..many).map(move |row| (self.member(group, row), format!("{}.{row}", group.id))));
        let number = (self.trail.len() + 1).min(super::MOST_QUESTIONS);
        let progress = visit.t1("catalogue.screener.progress", "n", number);
        Asked {
            id: declared.id.clone(),
            title: text(&declared.title),
            intro: declared.intro.as_ref().map(text).unwrap_or_default(),
            faults: self.faults(),
            inputs: self.inputs(declared),
            more: Vec::new(),
            add: group.filter(|group| many < group.max).map(|group| (group.id.clone(), many)),
            full: group
                .filter(|group| many == group.max)
                .map(|group| visit.t1("catalogue.screener.full", "most", group.max)),
            removable: removable.collect(),
            progress: progress.replace("{most}", &super::MOST_QUESTIONS.to_string()),
        }
    }

    fn inputs(&self, declared: &forms::Page) -> Vec<Input> {
        let (mut inputs, mut row) = (Vec::new(), None);
        let (answers, typed, errors): (&Facts, &Typed, &[FieldError]) =
            (&self.sent.answers, &self.sent.typed, &self.sent.errors);
        let fields = self.screener.form.fields(answers, self.today);
        for field in fields.into_iter().filter(|field| field.page.id == declared.id) {
            if let (Some(group), Some((_, place))) = (field.group, field.path.row.as_ref())
                && row != Some(*place)
            {
                row = Some(*place);
                inputs.push(Input::Member(self.member(group, *place)));
            }
            if !self.screener.is_given(&field.path) {
                let question = &self.offered(&field);
                inputs.push(control(&forms::Field { question, ..field }, answers, typed, errors, self.visit.language));
            }
        }
        inputs
    }

    /// The question without the options that only another row can have: nobody else is "Io".
    fn offered(&self, field: &forms::Field<'_>) -> forms::Question {
        let mut question = field.question.clone();
        let taken =
            self.screener.mapping.start.iter().filter(|(path, _)| path.id == question.id).map(|(_, value)| value);
        let taken: Vec<&str> = taken.filter_map(Value::as_text).collect();
        if let Kind::Choice(options) = &mut question.kind {
            options.retain(|option| !taken.contains(&option.value.as_str()));
        }
        question
    }

    /// What is wrong, and about whom.
    fn faults(&self) -> Vec<Fault> {
        let mut told = faults(&self.screener.form, &self.sent.errors, self.visit.language);
        for fault in &mut told {
            if let Ok(path) = fault.field.parse::<Path>() {
                fault.message = self.of_member(&path, &fault.message);
            }
        }
        told
    }

    /// The heading of a row: what is said of it from the beginning ("Io"), else its number ("Persona 2").
    fn member(&self, group: &forms::Group, row: usize) -> String {
        let given = self.screener.mapping.start.iter().find(|(path, _)| path.row == Some((group.id.clone(), row)));
        let said =
            given.and_then(|(path, value)| Some(self.screener.form.question(path)?.1.show(value, self.visit.language)));
        said.unwrap_or_else(|| format!("{} {}", group.member.get(self.visit.language), row + 1))
    }
}

impl Asked {
    /// The row under this heading, if it can be taken away.
    fn removable(&self, heading: &str) -> Option<&str> {
        self.removable.iter().find(|(member, _)| member == heading).map(|(_, row)| row.as_str())
    }
}

impl ScreenerPage {
    /// How many benefits would be due.
    fn due(&self) -> usize {
        self.results.iter().filter(|one| one.amount.is_some()).count()
    }

    /// The question before this one.
    fn before(&self) -> Option<&str> {
        self.trail.last().map(String::as_str)
    }

    /// Whether there is still a question that matters.
    fn is_undecided(&self) -> bool {
        self.results.iter().any(|one| !one.asks.is_empty())
    }

    fn trail(&self) -> String {
        self.trail.join(" ")
    }
}
