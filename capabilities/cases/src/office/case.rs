use askama::Template;
use axum::extract::Path;
use base::Uuid;
use deadlines::Silence;
use identity::Power;
use rules::{Decision, Moment};
use web::{
    Answer, Failure, Page,
    components::{Fact, Fault, Field, Table, TimelineItem, Tone},
};

use super::{
    Desk, What,
    opinions::{self, ShownOpinion},
    read,
};
use crate::{
    answers::{Section, case_sections},
    case::Case,
    clock::ClockView,
    decide::{NotNow, Step, allowed},
    explain::{Explained, Explainer, Stage, TraceLine},
    files, gone, keeping, mass,
    registered::Registered,
    room::{Cases, today},
    signing, store,
    view::{Reader, attachments, filed_by, state_key, timeline, tone},
};

/// A case as an officer sees it: data with provenance, the law's computation beside it, clock, history, what to do.
#[derive(Template)]
#[template(path = "office/case.html")]
struct CasePage {
    page: Page,
    faults: Vec<Fault>,
    id: String,
    tone: Tone,
    state: String,
    facts: Vec<Fact>,
    clock: ClockView,
    decision: Option<Explained>,
    trace: Vec<TraceLine>,
    sections: Vec<Section>,
    attachments: Vec<(String, String)>,
    registered: Table,
    timeline: Vec<TimelineItem>,
    may: May,
    note: Field,
    observations: Option<String>,
    /// Why nobody decides any more, where the law has decided by silence.
    decided_by_law: String,
    opinions: Vec<ShownOpinion>,
    /// From when on it will be granted together with others.
    together: Option<String>,
}

/// What this officer may do now.
struct May {
    take: bool,
    work: bool,
    release: bool,
    ask: bool,
    refuse: bool,
    assign: bool,
    pass_on: bool,
    extend: bool,
    consult: bool,
    take_over: bool,
    holder: Option<String>,
    /// Why this officer must leave it to others; a key of words.
    abstains: Option<&'static str>,
}

/// Shows a case, and writes down that it was read.
pub async fn show(desk: Desk, Path(id): Path<String>) -> Answer {
    match build(&desk, &id, "", Vec::new()).await {
        Err(Failure::NotFound) => gone::for_officer(&desk.cases, &desk.visit, (&desk.officer, &id)).await,
        built => web::show(&built?),
    }
}

/// The case again, with the note as it was typed and what is wrong in it.
pub async fn faulty(desk: &Desk, id: &str, note: &str, faults: Vec<Fault>) -> Answer {
    web::show_faulty(&build(desk, id, note, faults).await?)
}

async fn build(desk: &Desk, id: &str, note: &str, faults: Vec<Fault>) -> Result<CasePage, Failure> {
    let Desk { cases, visit, .. } = desk;
    let (case, service, _) = desk.open(id, What::Case).await?;
    let mut tx = cases.web.database().read().await?;
    let registered = Registered::of(&mut tx, case.id).await?;
    let together = mass::awaits(&mut tx, &case).await?;
    drop(tx);
    let term = cases.term(&case, &service, visit);
    let page = desk.page_titled(format!("{} · {}", desk.shown(&case), case.submitted.applicant.name));
    let (traced, explainer) = (trace(&case, &service), Explainer::new(&page, &service, &case.answers, Stage::Filed));
    Ok(CasePage {
        id: case.id.to_string(),
        tone: tone(case.state),
        state: page.t(&state_key(case.state)).to_owned(),
        facts: facts(&page, &case, &service, cases),
        clock: ClockView::of(&page, cases.catalogue.office(case.office().id).as_ref(), &term),
        decided_by_law: decided_by_law(&page, &term, &case),
        opinions: opinions::shown(desk, &page, &case),
        decision: case.decision.as_ref().map(|decision| explainer.explain(decision)),
        trace: traced.iter().flat_map(|decision| explainer.trace(decision)).collect(),
        sections: case_sections(&page, &service.form, (&case, &case.answers), &cases.catalogue.offer().registries),
        attachments: attachments("/ufficio/pratiche", &case),
        registered: registered.table(&page, cases, Some(&desk.officer.office)),
        timeline: timeline(&page, &case, (&service, &cases.catalogue), Some(term.due), Reader::Officer),
        may: may(desk, &case, &service),
        note: Field::area("testo", page.t("cases.office.case.note")).value(note).fault_from(&faults),
        observations: case.observations.clone(),
        together: together.map(|(_, from)| page.t1("cases.office.mass.awaits", "when", page.moment(&from))),
        page: page.faulty(!faults.is_empty()),
        faults,
    })
}

/// An act adopted after silent consent has no effect (art. 2 c. 8-bis L. 241/1990): the desk says so and offers none.
fn decided_by_law(page: &Page, term: &deadlines::State, case: &Case) -> String {
    let formed = term.silence.filter(|silence| silence.formed && (!case.state.is_closed() || case.silence.is_some()));
    let key = match formed.map(|silence| silence.meaning) {
        Some(Silence::Consent) => NotNow::ConsentFormed.key(),
        Some(Silence::Refusal) => NotNow::RefusalFormed.key(),
        Some(Silence::Late) | None => return String::new(),
    };
    page.t(key).to_owned()
}

fn facts(page: &Page, case: &Case, service: &catalogue::Service, cases: &Cases) -> Vec<Fact> {
    let submitted = &case.submitted;
    let stamp = protocol::stamp(&cases.catalogue, &submitted.protocol, case.submitted_at, page.language);
    let mut facts = vec![
        Fact::new(page.t("cases.fact.service"), service.name.get(page.language)),
        Fact::new(page.t("cases.fact.applicant"), &submitted.applicant.name),
        Fact::new(page.t("cases.fact.fiscal_code"), &submitted.applicant.fiscal_code),
        Fact::new(page.t("cases.fact.protocol"), stamp),
        Fact::new(page.t("cases.fact.filed"), page.moment(&case.submitted_at)),
        Fact::new(page.t("cases.fact.version"), &submitted.service_version),
        keeping::fact(page, case, service, cases),
    ];
    facts.extend(filed_by(page, case));
    facts.extend(signing::facts(page, service, submitted));
    facts.extend(case.contested().map(|text| Fact::new(page.t("cases.fact.contested"), text)));
    facts
}

/// The computation anew, with every intermediate value: of the case's own version, on the day and with the knowledge
/// of the decision that it holds.
fn trace(case: &Case, service: &catalogue::Service) -> Option<Decision> {
    let moment = case.decision.as_ref().map_or_else(|| Moment::at(base::rome_date(case.last_at())), |made| made.moment);
    service.program.as_ref()?.decide(&case.answers, moment).ok()
}

fn may(desk: &Desk, case: &Case, service: &catalogue::Service) -> May {
    let Desk { cases, officer, visit } = desk;
    let actor = desk.actor(case);
    let ground = cases.ground(case, service).read_by(officer, case);
    let context = ground.context(&actor, today(visit));
    let may = |step| allowed(case, &context, step).is_ok();
    let others = case.officer.as_ref().filter(|taken| !case.state.is_closed() && taken.officer != officer.id);
    May {
        take: may(Step::Take),
        work: may(Step::Grant),
        release: may(Step::Release),
        ask: may(Step::Ask),
        refuse: may(Step::Notice) || may(Step::Refuse),
        pass_on: may(Step::PassOn),
        assign: may(Step::Assign) && desk.may(Power::AssignCases),
        extend: may(Step::Extend),
        consult: may(Step::Consult),
        take_over: may(Step::TakeOver) && desk.may(Power::ConcludeInPlace),
        abstains: match allowed(case, &context, Step::Advise) {
            Err(why @ (NotNow::FiledByOfficer | NotNow::ConcernsOfficer)) => Some(why.key()),
            _ => None,
        },
        holder: others.map(|taken| visit.t1("cases.office.case.held", "name", &taken.officer_name)),
    }
}

/// A file that the applicant attached, as an attachment.
pub async fn download(desk: Desk, Path((id, upload)): Path<(String, String)>) -> Answer {
    let cases = &desk.cases;
    let mut tx = cases.web.database().begin().await?;
    let case = read(&mut tx, &desk, &id, What::Attachment).await?;
    let found = match upload.parse::<Uuid>() {
        Ok(upload) => store::find_upload(&mut tx, upload, &case.submitted.applicant.fiscal_code).await?,
        Err(_) => None,
    };
    // What is no file of this case is no reading: the transaction that recorded one is dropped.
    let Some(file) = found.filter(|file| file.case == Some(case.id)) else {
        identity::note_refusal(&cases.web, &desk.officer.id, &desk.visit.path);
        return Err(Failure::NotFound);
    };
    tx.commit().await?;
    Ok(files::download(file))
}
