//! Whoever reviews emergencies sees who opened what and why, and says whether there was one; not what the case says.

use askama::Template;
use axum::{
    extract::{FromRequestParts, Path},
    http::StatusCode,
    http::request::Parts,
    response::{IntoResponse, Redirect},
};
use base::Uuid;
use identity::{Listing, Officer, Power, Reader};
use web::{
    Answer, Failure, Page, Posted, SetCookie, Visit,
    components::{Fault, Tone},
};

use super::super::act::LONGEST;
use crate::{
    case::Case,
    room::Cases,
    store::{self, Emergency, Review},
    typed::too_long,
};

const PLACE: &str = "/ufficio/emergenza/riesame";
const VERDICT: &str = "esito";
const TEXT: &str = "motivo";

/// An officer who reviews: an extractor.
pub struct Reviewer {
    cases: Cases,
    officer: Officer,
    visit: Visit,
}

impl FromRequestParts<Cases> for Reviewer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, cases: &Cases) -> Result<Self, Failure> {
        let (officer, visit) = cases.catalogue.at_work(parts, Power::ReviewEmergencies).await?;
        Ok(Self { cases: cases.clone(), officer, visit })
    }
}

#[derive(Template)]
#[template(path = "office/emergency/review.html")]
struct ReviewPage {
    page: Page,
    faults: Vec<Fault>,
    /// What was written about one that a colleague had reviewed meanwhile, to be copied.
    late: Option<String>,
    told: Vec<Told>,
}

/// One of them.
struct Told {
    id: String,
    who: String,
    /// Which case, whose, of which office; not what it says.
    about: String,
    reason: String,
    tone: Tone,
    state: String,
    /// What was said of it.
    said: String,
    /// Whether this officer can review it.
    open: bool,
    /// What was typed and cannot be taken so.
    typed: String,
    fault: String,
}

/// Shows those that nobody has reviewed, and what was said of the others.
pub async fn show(reviewer: Reviewer) -> Answer {
    web::show(&build(&reviewer, None).await?)
}

/// Writes down whether there was an emergency.
pub async fn review(reviewer: Reviewer, Path(id): Path<String>, posted: Posted) -> Answer {
    let Reviewer { cases, officer, visit } = &reviewer;
    let (text, verdict) = (posted.text(TEXT).trim(), posted.text(VERDICT));
    let long = too_long(visit, LONGEST, [(TEXT, text)]).pop().map(|fault| fault.message);
    let missing = text.is_empty() || !["si", "no"].contains(&verdict);
    let parsed = id.parse::<Uuid>().map_err(|_| Failure::NotFound)?;
    if let Some(fault) = long.or_else(|| missing.then(|| visit.t("cases.emergency.verdict_missing").to_owned())) {
        let page = build(&reviewer, Some((&id, text, fault))).await?;
        // Its form is there only as long as nobody else has reviewed it.
        let open = page.told.iter().any(|told| told.id == id && told.open);
        return if open { web::show_faulty(&page) } else { overtaken(&reviewer, parsed, text).await };
    }
    let review = Review {
        by: officer.name.clone(),
        at: cases.web.clock().now(),
        justified: verdict == "si",
        text: text.to_owned(),
    };
    let mut tx = cases.web.database().begin().await?;
    let done = store::review_emergency(&mut tx, parsed, &officer.id, &review).await?;
    tx.commit().await?;
    if !done {
        return overtaken(&reviewer, parsed, text).await;
    }
    Ok((SetCookie::notice(visit, "cases.emergency.reviewed"), Redirect::to(PLACE)).into_response())
}

/// Somebody else was faster: what was written is not lost. Of one that is not there, or one's own, nothing is said.
async fn overtaken(reviewer: &Reviewer, id: Uuid, text: &str) -> Answer {
    let Reviewer { cases, officer, .. } = reviewer;
    let mut tx = cases.web.database().read().await?;
    let there = store::emergencies(&mut tx).await?.into_iter().any(|one| one.id == id && one.officer.0 != officer.id);
    drop(tx);
    if !there {
        return Err(Failure::NotFound);
    }
    let page = ReviewPage { late: Some(text.to_owned()), ..build(reviewer, None).await? };
    Ok((StatusCode::CONFLICT, web::show(&page)?).into_response())
}

async fn build(reviewer: &Reviewer, faulty: Option<(&str, &str, String)>) -> Result<ReviewPage, Failure> {
    let Reviewer { cases, officer, visit } = reviewer;
    let mut tx = cases.web.database().read().await?;
    let (mut emergencies, mut subjects) = (Vec::new(), Vec::new());
    for one in store::emergencies(&mut tx).await? {
        let case = store::find(&mut tx, one.case).await?;
        let about = case.as_ref().map(|case| about(cases, visit, case)).unwrap_or_default();
        subjects.extend(case.map(|case| case.submitted.applicant.fiscal_code));
        emergencies.push((one, about));
    }
    drop(tx);
    let office = cases.catalogue.office_name(&officer.office, &officer.office);
    let listing = Listing {
        reader: &Reader::officer(officer, office),
        kind: "cases/emergencies",
        purpose: &visit.web.words().in_all("cases.emergency.review_purpose", &[]),
        subjects: subjects.iter().map(String::as_str).collect(),
    };
    identity::record_listing(cases.web.database(), visit.now, &listing).await?;
    let page = visit.page("cases.emergency.review").faulty(faulty.is_some());
    let told = emergencies.iter().map(|(one, about)| {
        let wrong = faulty.as_ref().filter(|(id, ..)| *id == one.id.to_string());
        let (typed, fault) =
            wrong.map_or((String::new(), String::new()), |(_, typed, fault)| ((*typed).to_owned(), fault.clone()));
        Told { typed, fault, about: about.clone(), ..told(cases, officer, &page, one) }
    });
    let told = told.collect();
    let fault = |(id, _, fault): (&str, &str, String)| Fault { field: format!("text-{id}"), message: fault };
    Ok(ReviewPage { told, late: None, faults: faulty.map(fault).into_iter().collect(), page })
}

fn about(cases: &Cases, visit: &Visit, case: &Case) -> String {
    let number = protocol::shown(&cases.catalogue, &case.submitted.protocol);
    format!("{number} · {} · {}", case.submitted.applicant.name, cases.office_name(case).get(visit.language))
}

fn told(cases: &Cases, officer: &Officer, page: &Page, one: &Emergency) -> Told {
    let (account, name, office) = &one.officer;
    let office = cases.catalogue.office_name(office, office).get(page.language).to_owned();
    let who = format!("{name}, {office}");
    let (tone, key) = match one.review.as_ref().map(|review| review.justified) {
        None => (Tone::Warning, "cases.emergency.to_review"),
        Some(true) => (Tone::Success, "cases.emergency.justified"),
        Some(false) => (Tone::Danger, "cases.emergency.unjustified"),
    };
    let said = one.review.as_ref();
    Told {
        id: one.id.to_string(),
        who: page.t2("cases.emergency.opened", "who", who, "when", page.moment(&one.opened_at)),
        about: String::new(),
        reason: one.reason.clone(),
        tone,
        state: page.t(key).to_owned(),
        said: said
            .map_or_else(String::new, |review| format!("{} ({}, {})", review.text, review.by, page.moment(&review.at))),
        open: one.review.is_none() && *account != officer.id,
        typed: String::new(),
        fault: String::new(),
    }
}
