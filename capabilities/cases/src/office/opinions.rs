//! Opinions of experts (art. 16 and 17 L. 241/1990): an expert of the office answers here; the answer of one outside is
//! written down by whoever works on the case.

use axum::extract::Path;
use catalogue::Service;
use identity::Officer;
use web::{
    Answer, Failure, Page, Posted,
    components::{Choice, Fault, Field, Tone},
};

use super::{
    Desk, What,
    act::LONGEST,
    form::FormPage,
    place,
    settle::{overtaken, settle},
};
use crate::{
    case::{Case, Opinion},
    decide::{Deed, NotNow, Question, last_opinion_day},
    perform::{Attempt, attempt},
    room::today,
    typed::{TypedText, too_long},
};

const OFFICER: &str = "collega";
const OUTSIDE: &str = "esterno";
const QUESTION: &str = "quesito";
const SHARED: &str = "visibile";
const TECHNICAL: &str = "tecnico";
const ANSWER: &str = "parere";
const YES: &str = "si";
const NO: &str = "no";

/// An opinion on the page of a case.
pub struct ShownOpinion {
    /// Who was asked.
    pub expert: String,
    /// How its state is shown.
    pub tone: Tone,
    /// Whether it is awaited, late or given.
    pub state: String,
    /// What was asked.
    pub question: String,
    /// Who reads it, and by when it is due.
    pub reach: String,
    /// The answer.
    pub text: Option<String>,
    /// Where this officer writes the answer.
    pub answer_href: Option<String>,
}

/// The opinions of a case, as an officer sees them.
pub fn shown(desk: &Desk, page: &Page, case: &Case) -> Vec<ShownOpinion> {
    case.opinions.iter().map(|opinion| one(desk, page, case, opinion)).collect()
}

fn one(desk: &Desk, page: &Page, case: &Case, opinion: &Opinion) -> ShownOpinion {
    let (tone, key) = match (&opinion.given, opinion.reminded) {
        (Some(_), _) => (Tone::Success, "cases.office.opinion.given"),
        (None, true) => (Tone::Danger, "cases.office.opinion.late"),
        (None, false) => (Tone::Warning, "cases.office.opinion.awaited"),
    };
    let reach =
        if opinion.request.shared { "cases.office.opinion.shared" } else { "cases.office.opinion.confidential" };
    let clock = if opinion.request.stops_term { "cases.office.opinion.stops" } else { "cases.office.opinion.counts" };
    let by = page.t1("cases.office.opinion.by", "by", page.date(&opinion.request.answer_by));
    let awaited = opinion.given.is_none() && !case.state.is_closed() && case.answers(opinion, &desk.actor(case));
    ShownOpinion {
        expert: opinion.request.expert.clone(),
        tone,
        state: page.t(key).to_owned(),
        question: opinion.request.question.clone(),
        reach: format!("{} {} {by}", page.t(reach), page.t(clock)),
        text: opinion.given.as_ref().map(|(_, given)| given.text.clone()),
        answer_href: awaited.then(|| format!("{}/parere/{}", place(case), opinion.seq)),
    }
}

/// Shows the form of a question.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    let (case, service, parked) = desk.open(&id, What::Decision).await?;
    web::show(&asking(&desk, (&case, &service), &colleagues(&desk).await?, &parked, Vec::new()))
}

/// Asks.
pub async fn ask(desk: Desk, Path(id): Path<String>, posted: Posted) -> Answer {
    let answer = ask_now(&desk, &id, &posted).await;
    overtaken(&desk, &id, answer, &posted).await
}

async fn ask_now(desk: &Desk, id: &str, posted: &Posted) -> Answer {
    let (_, service) = desk.look(id).await?;
    let colleagues = colleagues(desk).await?;
    let question = question(posted, &colleagues);
    let faults = too_long(&desk.visit, LONGEST, [(QUESTION, posted.text(QUESTION)), (OUTSIDE, posted.text(OUTSIDE))]);
    if !faults.is_empty() {
        let (case, ..) = desk.open(id, What::Decision).await?;
        return web::show_faulty(&asking(desk, (&case, &service), &colleagues, posted, faults));
    }
    match attempt(desk, id, &Deed::Consult(question)).await? {
        Attempt::NotNow(case, why @ (NotNow::NoExpert | NotNow::NoReasons)) => {
            let (field, key) = match why {
                NotNow::NoExpert => (OUTSIDE, why.key()),
                _ => (QUESTION, "cases.office.opinion.no_question"),
            };
            let faults = vec![Fault { field: field.to_owned(), message: desk.visit.t(key).to_owned() }];
            web::show_faulty(&asking(desk, (&case, &service), &colleagues, posted, faults))
        }
        attempt => {
            let kept = vec![TypedText::new(desk.visit.t("cases.office.opinion.question"), posted.text(QUESTION))];
            settle(desk, attempt, "cases.office.done.consulted", kept)
        }
    }
}

/// The opinion that this officer is to write down.
fn awaited<'c>(desk: &Desk, case: &'c Case, seq: i64) -> Result<&'c Opinion, Failure> {
    let opinion = case.awaited_opinion(seq).filter(|opinion| case.answers(opinion, &desk.actor(case)));
    opinion.ok_or(Failure::NotFound)
}

/// Shows the form of an answer.
pub async fn write(desk: Desk, Path((id, seq)): Path<(String, i64)>) -> Answer {
    let (case, _, parked) = desk.open(&id, What::Case).await?;
    let opinion = awaited(&desk, &case, seq)?;
    web::show(&answering(&desk, &case, opinion, parked.text(ANSWER), Vec::new()))
}

/// Takes the answer in.
pub async fn advise(desk: Desk, Path((id, seq)): Path<(String, i64)>, posted: Posted) -> Answer {
    let text = posted.text(ANSWER);
    let mut faults = too_long(&desk.visit, LONGEST, [(ANSWER, text)]);
    if text.trim().is_empty() {
        let message = desk.visit.t("cases.office.opinion.no_answer").to_owned();
        faults.push(Fault { field: ANSWER.to_owned(), message });
    }
    if !faults.is_empty() {
        let (case, ..) = desk.open(&id, What::Case).await?;
        let opinion = awaited(&desk, &case, seq)?;
        return web::show_faulty(&answering(&desk, &case, opinion, text, faults));
    }
    let attempt = attempt(&desk, &id, &Deed::Advise { request: seq, text: text.to_owned() }).await?;
    let kept = vec![TypedText::new(desk.visit.t("cases.office.opinion.answer"), text)];
    settle(&desk, attempt, "cases.office.done.advised", kept)
}

async fn colleagues(desk: &Desk) -> Result<Vec<Officer>, Failure> {
    let mut tx = desk.cases.web.database().read().await?;
    desk.handlers(&mut tx).await
}

fn question(posted: &Posted, colleagues: &[Officer]) -> Question {
    let colleague = colleagues.iter().find(|colleague| colleague.id == posted.text(OFFICER));
    Question {
        expert: colleague.map_or_else(|| posted.text(OUTSIDE).to_owned(), |colleague| colleague.name.clone()),
        officer: colleague.map(|colleague| colleague.id.clone()),
        question: posted.text(QUESTION).to_owned(),
        shared: posted.text(SHARED) == YES,
        technical: posted.text(TECHNICAL) == YES,
    }
}

fn asking(
    desk: &Desk,
    (case, service): (&Case, &Service),
    colleagues: &[Officer],
    posted: &Posted,
    faults: Vec<Fault>,
) -> FormPage {
    let page = desk.page("cases.office.opinion.title", case);
    let last_day = last_opinion_day(&service.process.rules, today(&desk.visit), false);
    let others = colleagues.iter().filter(|colleague| colleague.id != desk.officer.id);
    let others = others.map(|one| Choice::new(&one.id, &one.name).chosen(one.id == posted.text(OFFICER)));
    let nobody = Choice::new("", page.t("cases.office.opinion.outside_choice")).chosen(posted.text(OFFICER).is_empty());
    let either = |name: &str, key: &str, (yes, no): (&str, &str)| {
        let chosen = posted.text(name) == YES;
        let choices = vec![Choice::new(NO, page.t(no)).chosen(!chosen), Choice::new(YES, page.t(yes)).chosen(chosen)];
        Field::radios(name, page.t(key), choices)
    };
    let mut fields = vec![
        Field::select(OFFICER, page.t("cases.office.opinion.colleague"), [nobody].into_iter().chain(others).collect())
            .optional(),
        Field::text(OUTSIDE, page.t("cases.office.opinion.outside"))
            .hint(page.t("cases.office.opinion.outside_hint"))
            .value(posted.text(OUTSIDE))
            .optional()
            .fault_from(&faults),
        Field::area(QUESTION, page.t("cases.office.opinion.question")).value(posted.text(QUESTION)).fault_from(&faults),
        either(
            SHARED,
            "cases.office.opinion.who_reads",
            ("cases.office.opinion.shared", "cases.office.opinion.confidential"),
        ),
    ];
    if 0 < service.process.rules.opinion_suspension_days {
        let words = ("cases.office.opinion.stops", "cases.office.opinion.counts");
        fields.push(either(TECHNICAL, "cases.office.opinion.clock", words));
    }
    FormPage {
        id: case.id.to_string(),
        lead: page.t1("cases.office.opinion.lead", "by", page.date(&last_day)),
        fields,
        send: page.t("cases.office.opinion.send").to_owned(),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}

fn answering(desk: &Desk, case: &Case, opinion: &Opinion, typed: &str, faults: Vec<Fault>) -> FormPage {
    let page = desk.page("cases.office.opinion.answer_title", case);
    let answer = Field::area(ANSWER, page.t("cases.office.opinion.answer")).value(typed).fault_from(&faults);
    FormPage {
        id: case.id.to_string(),
        lead: format!("{}: {}", opinion.request.expert, opinion.request.question),
        fields: vec![answer],
        send: page.t("cases.office.opinion.save").to_owned(),
        page: page.faulty(!faults.is_empty()),
        faults,
    }
}
