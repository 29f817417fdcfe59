use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect},
};
use forms::Kind;
use mandates::Verb;
use registry::About;
use rules::{Decision, Facts};
use web::{
    Answer, Page, Visit,
    components::{Step, Tone},
};

use super::{
    Application, Next, again,
    gate::{self, Gate, Shut},
};
use crate::{
    answers::{Section, Shown, View},
    explain::{Explained, Explainer, Stage},
    pages::sign,
    room::Cases,
    signing,
};

/// The one confirmation: what is known, what is due and why, one button.
#[derive(Template)]
#[template(path = "pages/ask/summary.html")]
struct SummaryPage {
    page: Page,
    service: String,
    slug: String,
    steps: Vec<Step>,
    sections: Vec<Section>,
    decision: Option<Explained>,
    declarations: Vec<String>,
    key: String,
    fingerprint: String,
    revision: i64,
    lead: &'static str,
    changed: bool,
    open_case: Option<String>,
    add_rows: Vec<(String, String)>,
    /// Whether registries filled something in, and why they are read, where the service says it.
    from_registries: bool,
    purpose: String,
    /// Whether who fills in may also send.
    may_send: bool,
    /// Why it cannot be confirmed now.
    shut: Option<Shut>,
    /// By what applications are put in order, where that is not as usual.
    order: Vec<String>,
    /// Who must sign besides, and until when: confirming asks them.
    signers: Vec<String>,
}

/// Shows the confirmation, or goes where something is still missing.
pub async fn summary(State(cases): State<Cases>, Path(service): Path<String>, visit: Visit) -> Answer {
    if let Some(way) = super::at_rest(&cases, &visit, &service).await? {
        return Ok(way);
    }
    let application = Application::open(&cases, &visit, &service).await?;
    if let Some(row) = &application.standing {
        return again::show(&cases, &visit, &application, row);
    }
    if application.next(None) != Next::Confirm {
        return Ok(Redirect::to(&application.next_place(None)).into_response());
    }
    match gate::look(&cases, &visit, &application.service, &application.applicant).await? {
        Gate::Open(turn) => Ok((turn, web::show(&build(&application, &visit, None))?).into_response()),
        Gate::Wait => Ok(Redirect::to(&format!("/servizi/{service}/attesa")).into_response()),
        Gate::Shut(shut) => web::show(&build(&application, &visit, Some(shut))),
    }
}

fn build(application: &Application, visit: &Visit, shut: Option<Shut>) -> SummaryPage {
    let service = &application.service;
    let name = service.name.get(visit.language).to_owned();
    let page = visit.page("cases.ask.summary.title").crumb(&name, service.href());
    let action = |shown: &Shown<'_>| action(&page, application, shown);
    // Only what the application will hold: registries may know more than the form asks.
    let answers = application.submission();
    let (sources, replaced, names) = (application.sources(), application.replaced(), application.file_names());
    let view = View {
        page: &page,
        form: &service.form,
        answers,
        sources: &sources,
        replaced: &replaced,
        names: &names,
        registries: &application.registries,
        screened: Some(&application.screened),
        action: &action,
    };
    let sections = view.sections();
    let decision = application.decision();
    let signers = signers(application, &page);
    SummaryPage {
        service: name,
        slug: service.slug.clone(),
        steps: steps(application, &page),
        sections,
        decision: decision
            .as_ref()
            .map(|decision| Explainer::new(&page, service, answers, Stage::Applying).explain(decision)),
        declarations: declarations(application, visit),
        fingerprint: application.fingerprint(),
        key: application.draft.idempotency_key.clone(),
        revision: application.draft.revision,
        lead: match () {
            () if shut.is_some() => "cases.ask.summary.lead_shut",
            () if signers.is_empty() => lead(application, decision.as_ref()),
            () => "cases.signing.summary.lead",
        },
        changed: application.draft.revision > 0 && application.draft.service_version != service.version,
        open_case: application.open_case().map(|id| id.to_string()),
        add_rows: application.add_rows(&page),
        from_registries: !sources.is_empty(),
        purpose: service.decl.facts_purpose.as_ref().map_or("", |told| told.get(visit.language)).to_owned(),
        order: catalogue::order_sentences(service, &page),
        may_send: application.allows(Verb::Submit),
        signers,
        shut,
        page,
    }
}

/// Who will be asked to sign, by the codes as they stand in the answers.
fn signers(application: &Application, page: &Page) -> Vec<String> {
    let needed =
        signing::needed(&application.service, application.submission(), &application.applicant, application.today);
    let told = needed.unwrap_or_default().into_iter();
    let role = |italian: &str| sign::capital(&sign::role(&application.service, italian, page.language));
    told.map(|one| format!("{}: {}", role(&one.role), one.code)).collect()
}

/// What the page begins with: nobody is told to confirm with one click what is not due.
fn lead(application: &Application, decision: Option<&Decision>) -> &'static str {
    match decision.and_then(|decision| decision.entitled) {
        Some(false) => "cases.ask.summary.lead_not_due",
        _ if application.draft.revision == 0 && application.screened == Facts::default() => {
            "cases.ask.summary.lead_one_click"
        }
        _ => "cases.ask.summary.lead",
    }
}

/// A registry's value can be contested, and where the form says so replaced; one's own can be changed.
fn action(page: &Page, application: &Application, shown: &Shown<'_>) -> Vec<(String, String)> {
    let change = format!("{}?modifica=1", application.place(shown.page));
    let Some(source) = shown.source else { return vec![(page.t("cases.ask.change").to_owned(), change)] };
    // A company reports a change to the chamber of commerce itself: the form says so.
    if application.registries.about(&format!("{}.", source.registry)) == Some(About::Companies) {
        return Vec::new();
    }
    let correction = application.registries.correction_href(&source.registry, shown.label, shown.value);
    let wrong = (page.t("cases.ask.wrong").to_owned(), correction);
    let another = shown.replaceable.then(|| (page.t("cases.ask.another").to_owned(), change));
    another.into_iter().chain([wrong]).collect()
}

fn declarations(application: &Application, visit: &Visit) -> Vec<String> {
    let fields = application.form().fields(application.answers(), application.today).into_iter();
    let on_confirm = fields.filter(|field| field.question.kind == Kind::Declaration { on_confirm: true });
    on_confirm.map(|field| field.question.label.get(visit.language).to_owned()).collect()
}

/// The pages that were asked, then the confirmation, then the receipt.
pub fn steps(application: &Application, page: &Page) -> Vec<Step> {
    if application.draft.revision == 0 {
        return Vec::new();
    }
    let labels = ["cases.ask.step.data", "cases.ask.step.confirm", "cases.ask.step.receipt"];
    Step::sequence(labels.map(|key| page.t(key)), 1)
}
