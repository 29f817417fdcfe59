use std::sync::Arc;

use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use base::{Date, Language, Uuid};
use mandates::Verb;
use rules::Facts;
use web::{Answer, Failure, Posted};

use super::{
    Application, at_rest,
    gate::{self, Gate},
};
use crate::{
    computed::computed,
    files::upload_ids,
    pages::{Counter, sign},
    payload::{Applicant, Attachment, Protocol, Submitted},
    room::Cases,
    sequencer::{Filed, Filing},
    signing::{self, Begun},
    store,
};

/// Files the application: one durable transaction holds number, act, row and receipt. Sending again the same page
/// leads to the same receipt; asking again for what is open or granted leads to the case that there is.
pub async fn send(counter: Counter, Path(service): Path<String>, posted: Posted) -> Answer {
    let Counter { cases, person, visit, .. } = &counter;
    if !counter.capacity.allows(&service, Verb::Submit) {
        return Err(Failure::Conflict(mandates::NOT_IN_SCOPE));
    }
    let key = posted.text("sp.chiave");
    if let Some(case) = already_sent(cases, &person.fiscal_code, key).await? {
        return Ok(receipt(case));
    }
    let asked = cases.catalogue.service(&service).ok_or(Failure::NotFound)?;
    if let Some(way) = at_rest(cases, visit, &service).await? {
        return Ok(way);
    }
    let turn = match gate::look(cases, visit, &asked, &person.fiscal_code).await? {
        Gate::Open(turn) => turn,
        Gate::Wait => return Ok(Redirect::to(&format!("/servizi/{service}/attesa")).into_response()),
        Gate::Shut(_) => return Ok(Redirect::to(&format!("/servizi/{service}/domanda/riepilogo")).into_response()),
    };
    let case = match confirm(&counter, &service, &posted, key).await? {
        Ok(case) => case,
        // The other half of a double click may have sent the draft, and taken it away, while this one was read.
        Err(answer) => match already_sent(cases, &person.fiscal_code, key).await? {
            Some(case) => case,
            None => return Ok((turn, answer).into_response()),
        },
    };
    Ok((web::SetCookie::nothing_carried(visit), receipt(case)).into_response())
}

fn receipt(case: Uuid) -> Response {
    Redirect::to(&format!("/pratiche/{case}/ricevuta")).into_response()
}

/// Files what the page showed; otherwise the answer leads to what is to be done first.
async fn confirm(
    counter: &Counter,
    service: &str,
    posted: &Posted,
    key: &str,
) -> Result<Result<Uuid, Response>, Failure> {
    let Counter { cases, visit, .. } = counter;
    let application = Application::open(cases, visit, service).await?;
    let mut answers = application.answers().clone();
    application.form().accept_declarations(&mut answers, application.today);
    if !application.is_sound(&answers) {
        return Ok(Err(Redirect::to(&application.next_place(None)).into_response()));
    }
    if posted.text("sp.impronta") != application.fingerprint() {
        let notice = web::SetCookie::warning(visit, "cases.ask.look_again");
        return Ok(Err((notice, Redirect::to(&application.next_place(None))).into_response()));
    }
    if let Some(way) = ask_for_signatures(counter, &application, &answers, key).await? {
        return Ok(Err(way));
    }
    let filed = file(counter, &application, &answers, key).await?;
    Ok(filed.ok_or_else(|| Redirect::to(&format!("/servizi/{service}/domanda")).into_response()))
}

/// Where others must sign, what was confirmed waits for them; the way to it. `None`: nobody must.
async fn ask_for_signatures(
    counter: &Counter,
    application: &Application,
    answers: &Facts,
    key: &str,
) -> Result<Option<Response>, Failure> {
    let Counter { cases, visit, .. } = counter;
    let service = &application.service;
    let told = service.form.submission(answers, application.today);
    let summary = || Redirect::to(&application.next_place(None));
    let needed = match signing::needed(service, &told, &application.applicant, application.today) {
        Ok(needed) if needed.is_empty() => return Ok(None),
        Ok(needed) => needed,
        Err(trouble) => return Ok(Some((web::SetCookie::warning(visit, trouble.key()), summary()).into_response())),
    };
    if application.standing.is_some() {
        return Ok(Some(Redirect::to(&format!("/servizi/{}/domanda", service.slug)).into_response()));
    }
    if !counter.claim.is_own() {
        let told = web::SetCookie::warning(visit, "cases.signing.trouble.for_oneself");
        return Ok(Some((told, summary()).into_response()));
    }
    let mut filing = filing(counter, application, answers, key, application.today);
    filing.submitted.ordering = cases.ordering(service, &application.applicant).await?;
    Ok(Some(match signing::begin(cases, filing, &needed).await? {
        Begun::Waiting => {
            let notice = web::SetCookie::notice(visit, "cases.signing.begun");
            (notice, web::SetCookie::nothing_carried(visit), Redirect::to(&sign::place(&service.slug))).into_response()
        }
        Begun::TooLate => (web::SetCookie::warning(visit, "cases.signing.trouble.too_late"), summary()).into_response(),
    }))
}

async fn already_sent(cases: &Cases, fiscal_code: &str, key: &str) -> Result<Option<Uuid>, Failure> {
    if key.is_empty() || 64 < key.len() {
        return Err(Failure::BadRequest("cases.failure.no_key"));
    }
    let mut tx = cases.web.database().glance().await?;
    Ok(store::submission_of(&mut tx, fiscal_code, key).await?)
}

/// `None`: another application for the same is open or granted, and the service allows only one; or an account must wait.
async fn file(
    counter: &Counter,
    application: &Application,
    answers: &Facts,
    key: &str,
) -> Result<Option<Uuid>, Failure> {
    if application.standing.is_some() {
        return Ok(None);
    }
    let ordering = counter.cases.ordering(&application.service, &application.applicant).await?;
    let mut day = application.today;
    loop {
        let mut filing = filing(counter, application, answers, key, day);
        filing.submitted.ordering.clone_from(&ordering);
        match counter.cases.sequencer.file(filing).await? {
            Filed::Case(case) => return Ok(Some(case)),
            // The page says what stands against it.
            Filed::Standing | Filed::Frozen => return Ok(None),
            Filed::NoLonger => return Err(Failure::NoLongerFor),
            Filed::OtherDay(today) => day = today, // midnight has passed since the page was sent
        }
    }
}

/// All that can be said before the application's turn to be written, which is short.
fn filing(
    Counter { cases, person, claim, .. }: &Counter,
    application: &Application,
    answers: &Facts,
    key: &str,
    day: Date,
) -> Filing {
    let service = &application.service;
    let answers = service.form.submission(answers, day);
    Filing {
        case: base::new_id(cases.web.clock(), cases.web.chance()),
        key: key.to_owned(),
        claim: claim.clone(),
        draft_owner: application.owner.clone(),
        actor: person.actor.clone(),
        submitted: submitted(cases, application, (&person.fiscal_code, &person.name), answers, day),
        service: Arc::clone(service),
        calendar: cases.calendar_of(&service.office),
        day,
        uploads: upload_ids(application.form(), application.answers()),
        known: application.earlier.ids(),
    }
}

fn submitted(
    cases: &Cases,
    application: &Application,
    (fiscal_code, name): (&str, &str),
    answers: Facts,
    day: Date,
) -> Submitted {
    let service = &application.service;
    Submitted {
        service: service.slug.clone(),
        service_version: service.version.clone(),
        service_name: service.name.get(Language::Italian).to_owned(),
        office: service.office.clone(),
        office_name: cases.catalogue.office_name(&service.office, &service.office).get(Language::Italian).to_owned(),
        responsible: service.process.responsible.get(Language::Italian).to_owned(),
        applicant: Applicant { fiscal_code: fiscal_code.to_owned(), name: name.to_owned() },
        protocol: Protocol::awaited(&service.office, day),
        sources: application.sources(),
        replaced: application.replaced(),
        attachments: application.files.values().map(Attachment::from).collect(),
        decision: computed(service.program.as_ref(), &answers, day),
        due: deadlines::receipt_terms(day, &service.process.rules, &cases.calendar_of(&service.office)).answer_by,
        remedies: service.process.remedies.get(Language::Italian).to_owned(),
        ordering: None,
        signed: None,
        answers,
    }
}

/// Throws a draft away.
pub async fn discard(counter: Counter, Path(service): Path<String>, _: Posted) -> Answer {
    let Counter { cases, visit, .. } = &counter;
    let mut tx = cases.web.database().begin().await?;
    let acting = counter.leave(&mut tx, (&service, Verb::Draft)).await?;
    match cases.catalogue.service(&service) {
        Some(asked) => match counter.throw_away(&mut tx, &asked, &acting).await? {
            None => {}
            Some(way) => return Ok(way),
        },
        None => store::forget_draft(&mut tx, &acting.draft_owner(), &service).await?,
    }
    tx.commit().await?;
    let notice = web::SetCookie::notice(visit, "cases.ask.discarded");
    Ok((notice, web::SetCookie::nothing_carried(visit), Redirect::to(&format!("/servizi/{service}"))).into_response())
}
