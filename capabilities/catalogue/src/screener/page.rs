use askama::Template;
use axum::extract::State;
use base::{Date, rome_date};
use forms::{FieldError, Item};
use rules::Facts;
use web::{
    Answer, Failure, Page, Posted, Visit,
    components::{Fault, Tone},
};

use super::{PATH, Screener, answers::Sent, known::Known, results::Shown};
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
    /// That an answer opened further fields on the same page.
    more: bool,
    /// The group to which a row can be added, and the words of its button.
    add: Option<(String, String)>,
    /// Rows that can be taken away, and the words of the button.
    removable: Vec<(String, String)>,
    /// Which question of at most how many.
    progress: String,
}

/// An answer given before.
struct SaidBefore {
    id: String,
    title: String,
    words: String,
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
    let answered = posted.text(ANSWERED).to_owned();
    let sent = screener.read_sent(&posted.fields, &answered, rome_date(visit.now));
    let known = |id: &&str| screener.form.page(id).is_some();
    let trail = posted.text(TRAIL).split_whitespace().filter(known).take(super::MOST_QUESTIONS).map(str::to_owned);
    let mut sheet = Sheet::new(&visit, &offer, screener, sent, trail.collect());
    match Deed::of(&posted) {
        Deed::Add(group) => {
            screener.add_row(&mut sheet.sent.answers, group);
            sheet.sent.errors.clear();
            web::show(&sheet.ask(&answered))
        }
        Deed::Remove(row) => {
            Screener::remove_row(&mut sheet.sent.answers, row);
            (sheet.sent.typed, sheet.sent.errors) = Default::default();
            web::show(&sheet.ask(&answered))
        }
        Deed::Change(page) => {
            (sheet.sent.typed, sheet.sent.errors) = Default::default();
            sheet.trail.retain(|before| before != page);
            web::show(&sheet.ask(page))
        }
        Deed::Result => web::show(&sheet.results()),
        Deed::Onward if !sheet.sent.errors.is_empty() => web::show_faulty(&sheet.ask(&answered)),
        Deed::Onward => web::show(&sheet.onward(&answered)),
    }
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
    fn onward(mut self, answered: &str) -> ScreenerPage {
        let complete = Known::new(self.screener, &self.sent.answers, self.today).is_settled(answered);
        if self.screener.form.page(answered).is_some() {
            if !complete {
                let mut shown = self.ask(answered);
                shown.asked.iter_mut().for_each(|asked| asked.more = true);
                return shown;
            }
            if !self.trail.iter().any(|before| before == answered) {
                self.trail.push(answered.to_owned());
            }
        }
        self.next()
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
        self.build(self.visit.page("catalogue.screener.results"), None)
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
        let results = verdicts.iter().map(|verdict| Shown::of(verdict, self.screener, &page));
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
        let member = |row: usize| group.map(|group| member(group, row, visit)).unwrap_or_default();
        let removable = (1..many).map(|row| {
            let group = group.map_or("", |group| &group.id);
            (format!("{group}.{row}"), visit.t1("catalogue.screener.remove", "member", member(row)))
        });
        let number = (self.trail.len() + 1).min(super::MOST_QUESTIONS);
        let progress = visit.t1("catalogue.screener.progress", "n", number);
        Asked {
            id: declared.id.clone(),
            title: text(&declared.title),
            intro: declared.intro.as_ref().map(text).unwrap_or_default(),
            faults: faults(form, &self.sent.errors, visit.language),
            inputs: self.inputs(declared),
            more: false,
            add: group.filter(|group| many < group.max).map(|group| {
                let member = text(&group.member);
                (group.id.clone(), visit.t1("catalogue.screener.add", "member", member))
            }),
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
                inputs.push(Input::Member(member(group, *place, self.visit)));
            }
            inputs.push(control(&field, answers, typed, errors, self.visit.language));
        }
        inputs
    }
}

fn member(group: &forms::Group, row: usize, visit: &Visit) -> String {
    format!("{} {}", group.member.get(visit.language), row + 1)
}

impl ScreenerPage {
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
