use askama::Template;
use axum::extract::Path;
use base::Date;
use catalogue::Service;
use mandates::Verb;
use web::{
    Answer, Failure, Page,
    components::{Fact, Table, TimelineItem, Tone},
    words::fill,
};

use super::Counter;
use crate::{
    answers::{Section, case_sections},
    case::{Case, State as CaseState},
    clock::ClockView,
    decide::Step,
    explain::{Explained, explained, granted_amount},
    gone, keeping,
    payload::FieldRequest,
    room::Cases,
    signing, store,
    view::{Reader, attachments, filed_by, state_key, timeline, tone},
};

/// A case as its applicant sees it.
#[derive(Template)]
#[template(path = "pages/case.html")]
struct CasePage {
    page: Page,
    id: String,
    /// Where the notice is under which the application was filed (art. 13 GDPR).
    notice: String,
    tone: Tone,
    state: String,
    facts: Vec<Fact>,
    clock: ClockView,
    /// To which office the application was passed on, and why.
    passed: Option<(String, String)>,
    asked: Option<(String, Vec<FieldRequest>, String)>,
    proposal: Option<(String, String)>,
    observed: Option<String>,
    may_call_substitute: bool,
    outcome: Option<(Tone, String, String)>,
    decision: Option<Explained>,
    timeline: Vec<TimelineItem>,
    sections: Vec<Section>,
    attachments: Vec<(String, String)>,
    letters: Vec<(String, String)>,
    registered: Table,
    may_withdraw: bool,
    may_answer: bool,
    may_observe: bool,
    may_contest: bool,
    remedies: String,
    appeal: String,
}

/// Shows a case to its applicant.
pub async fn show(counter: Counter, Path(id): Path<String>) -> Answer {
    let Counter { cases, visit, .. } = &counter;
    let (case, service, registered) = match counter.look_registered(&id).await {
        Err(Failure::NotFound) => return gone::for_citizen(cases, visit, &id).await,
        found => found?,
    };
    let term = cases.term(&case, &service, visit);
    let receives = counter.capacity.allows(&case.submitted.service, Verb::Receive);
    let reader = if receives { Reader::Applicant } else { Reader::WithoutLetters };
    let page = visit.page_titled(service.name.get(visit.language)).crumb(visit.t("cases.list.title"), "/pratiche");
    let shown = CasePage {
        id: case.id.to_string(),
        notice: format!("{}/informativa/{}", service.slug, case.submitted.service_version),
        tone: tone(case.state),
        state: page.t(&state_key(case.state)).to_owned(),
        facts: [facts(&page, &case, &service, cases), emergencies(&page, &counter, &case).await?].concat(),
        clock: ClockView::of(&page, cases.catalogue.office(case.office().id).as_ref(), &term),
        passed: passed(&page, &case, cases, term.due),
        observed: case.observations.clone(),
        may_call_substitute: counter.offers(&case, &service, (Step::CallSubstitute, Verb::Object)),
        asked: asked(&page, &case, &service),
        proposal: proposal(&page, &case),
        outcome: outcome(&page, &case, &service),
        decision: computed(&page, &case, &service),
        timeline: timeline(&page, &case, (&service, &cases.catalogue), Some(term.due), reader),
        sections: case_sections(&page, &service.form, (&case, &case.answers), &cases.catalogue.offer().registries),
        attachments: attachments("/pratiche", &case),
        letters: if reader == Reader::Applicant { letters(&page, &case, &service) } else { Vec::new() },
        registered: registered.table(&page, cases, None),
        may_withdraw: counter.offers(&case, &service, (Step::Withdraw, Verb::Withdraw)),
        may_answer: counter.capacity.allows(&case.submitted.service, Verb::Answer),
        may_contest: counter.offers(&case, &service, (Step::Contest, Verb::Object)),
        may_observe: counter.capacity.allows(&case.submitted.service, Verb::Object),
        remedies: if case.state.is_closed() { "" } else { service.process.remedies.get(visit.language) }.to_owned(),
        appeal: if matches!(case.state, CaseState::Refused | CaseState::RefusedBySilence) {
            service.process.appeal.get(visit.language)
        } else {
            ""
        }
        .to_owned(),
        page,
    };
    web::show(&shown)
}

/// What the rules say, as long as it counts: of what was withdrawn nothing is due any more.
fn computed(page: &Page, case: &Case, service: &Service) -> Option<Explained> {
    explained(page, service, case).filter(|_| case.state != CaseState::Withdrawn)
}

fn facts(page: &Page, case: &Case, service: &Service, cases: &Cases) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new(page.t("cases.fact.protocol"), stamped(page, case, cases)),
        Fact::new(page.t("cases.fact.filed"), page.moment(&case.submitted_at)),
        Fact::new(page.t("cases.fact.office"), cases.office_name(case).get(page.language)),
        Fact::new(page.t("cases.fact.responsible"), cases.responsible(case, service).get(page.language)),
        keeping::fact(page, case, service, cases),
    ];
    facts.extend(filed_by(page, case));
    facts.extend(signing::facts(page, service, &case.submitted));
    facts
}

/// That the office is not the one to which it was sent, and when it answers; once the case is closed the history says it.
fn passed(page: &Page, case: &Case, cases: &Cases, due: Date) -> Option<(String, String)> {
    let passed = case.passed_on.as_ref().filter(|_| !case.state.is_closed())?;
    let key = if passed.anew { "cases.case.passed.anew" } else { "cases.case.passed.goes_on" };
    let office = cases.office_name(case);
    let told = page.t2(key, "office", office.get(page.language), "due", page.date(&due));
    Some((told, passed.reason.clone()))
}

/// The segnatura of the application as a line.
pub fn stamped(page: &Page, case: &Case, cases: &Cases) -> String {
    protocol::stamp(&cases.catalogue, &case.submitted.protocol, case.submitted_at, page.language)
}

fn asked(page: &Page, case: &Case, service: &Service) -> Option<(String, Vec<FieldRequest>, String)> {
    let request = &case.open_request.as_ref()?.request;
    Some((request.message.clone(), labelled(page, service, case, &request.fields), page.date(&request.deadline)))
}

/// The requests with the questions' labels as the reader knows them, and whose datum is meant: acts keep the Italian ones.
pub fn labelled(page: &Page, service: &Service, case: &Case, fields: &[FieldRequest]) -> Vec<FieldRequest> {
    let label = |field: &FieldRequest| service.form.label(&field.path.parse().ok()?, &case.answers, page.language);
    let said = |field: &FieldRequest| FieldRequest {
        label: label(field).unwrap_or_else(|| field.label.clone()),
        ..field.clone()
    };
    fields.iter().map(said).collect()
}

fn proposal(page: &Page, case: &Case) -> Option<(String, String)> {
    let proposal = case.proposal.as_ref().filter(|_| case.state == CaseState::RefusalProposed)?;
    let by = proposal.observations_by.filter(|_| case.observations.is_none());
    Some((proposal.reasons.clone(), by.map(|by| page.date(&by)).unwrap_or_default()))
}

fn outcome(page: &Page, case: &Case, service: &Service) -> Option<(Tone, String, String)> {
    let title = |key| page.t(key).to_owned();
    match case.state {
        CaseState::Granted => {
            let amount = granted_amount(page, service, case.granted.as_ref()?);
            let text = amount.map(|amount| page.t1("cases.outcome.granted_amount", "amount", amount));
            Some((Tone::Success, title("cases.outcome.granted"), text.unwrap_or_default()))
        }
        CaseState::Refused => {
            let reasons = case.refused.as_ref().map(|refusal| refusal.reasons.clone());
            Some((Tone::Danger, title("cases.outcome.refused"), reasons.unwrap_or_default()))
        }
        CaseState::GrantedBySilence => {
            Some((Tone::Success, title("cases.outcome.granted_by_silence"), by_law(page, case)))
        }
        CaseState::RefusedBySilence => {
            Some((Tone::Danger, title("cases.outcome.refused_by_silence"), by_law(page, case)))
        }
        CaseState::Withdrawn => Some((Tone::Neutral, title("cases.outcome.withdrawn"), String::new())),
        _ => None,
    }
}

/// The effect is of the law: nobody decided.
fn by_law(page: &Page, case: &Case) -> String {
    let Some(effect) = &case.silence else { return String::new() };
    let law = catalogue::law_reference(&effect.law, page.language);
    page.t2("cases.outcome.by_silence", "due", page.date(&effect.term_ended), "law", law)
}

fn letters(page: &Page, case: &Case, service: &Service) -> Vec<(String, String)> {
    let href = |seq: i64| format!("/pratiche/{}/comunicazioni/{seq}", case.id);
    case.letters
        .iter()
        .rev()
        .map(|(seq, letter)| {
            (service.letter_title(&letter.letter, page.language).unwrap_or(&letter.title).to_owned(), href(*seq))
        })
        .collect()
}

/// Who of another office opened it in an emergency, why, and what whoever reviewed that said.
async fn emergencies(page: &Page, counter: &Counter, case: &Case) -> Result<Vec<Fact>, Failure> {
    let mut tx = counter.cases.web.database().read().await?;
    let told = store::emergencies_of(&mut tx, case.id).await?.into_iter().map(|one| {
        let (_, name, _) = one.officer;
        let mut values = vec![("who", name), ("reason", one.reason)];
        let key = if one.review.is_some() { "cases.emergency.verdict_said" } else { "cases.emergency.not_reviewed" };
        values.extend(one.review.map(|review| {
            let verdict = if review.justified { "cases.emergency.justified" } else { "cases.emergency.unjustified" };
            ("verdict", format!("{}. {}", page.t(verdict), review.text))
        }));
        Fact::new(page.t("cases.emergency.opened_fact"), fill(page.t(key), &values))
    });
    Ok(told.collect())
}
