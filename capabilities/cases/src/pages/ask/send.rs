use axum::{
    extract::Path,
    response::{IntoResponse, Redirect, Response},
};
use base::{Date, Language, Timestamp, Uuid, rome_date};
use catalogue::Service;
use database::Tx;
use rules::{Decision, Facts};
use sha2::{Digest, Sha256};
use web::{Answer, Failure, Posted};

use acts::NewAct;

use super::Application;
use crate::{
    computed::computed,
    earlier::Earlier,
    files::upload_ids,
    pages::Counter,
    payload::{Applicant, Attachment, Protocol, Submitted, kind},
    room::Cases,
    store,
};

/// Files the application: one durable transaction holds number, act, row and receipt. Sending again the same page
/// leads to the same receipt; asking again for what is open or granted leads to the case that there is.
pub async fn send(counter: Counter, Path(service): Path<String>, posted: Posted) -> Answer {
    let Counter { cases, person, visit } = &counter;
    let key = posted.text("sp.chiave");
    if let Some(case) = already_sent(cases, &person.fiscal_code, key).await? {
        return Ok(receipt(case));
    }
    let answer = confirm(&counter, &service, &posted, key).await?;
    // The other half of a double click may have sent the draft, and taken it away, while this one was read.
    let sent = already_sent(cases, &person.fiscal_code, key).await?;
    Ok(sent.map_or(answer, |case| (web::SetCookie::nothing_carried(visit), receipt(case)).into_response()))
}

fn receipt(case: Uuid) -> Response {
    Redirect::to(&format!("/pratiche/{case}/ricevuta")).into_response()
}

/// Files what the page showed; otherwise leads to what is to be done first.
async fn confirm(counter: &Counter, service: &str, posted: &Posted, key: &str) -> Answer {
    let Counter { cases, visit, .. } = counter;
    let application = Application::open(cases, visit, service).await?;
    let mut answers = application.answers.clone();
    application.form().accept_declarations(&mut answers, application.today);
    if !application.is_sound(&answers) {
        return Ok(Redirect::to(&application.next_place(None)).into_response());
    }
    if posted.text("sp.impronta") != application.fingerprint() {
        let notice = web::SetCookie::warning(visit, "cases.ask.look_again");
        return Ok((notice, Redirect::to(&application.next_place(None))).into_response());
    }
    let filed = file(counter, &application, &answers, key).await?;
    Ok(filed.map_or_else(|| Redirect::to(&format!("/servizi/{service}/domanda")).into_response(), receipt))
}

async fn already_sent(cases: &Cases, fiscal_code: &str, key: &str) -> Result<Option<Uuid>, Failure> {
    if key.is_empty() || 64 < key.len() {
        return Err(Failure::BadRequest("cases.failure.no_key"));
    }
    let mut tx = cases.web.database().read().await?;
    Ok(store::submission_of(&mut tx, fiscal_code, key).await?)
}

/// What an application says on the day on which it is filed: computed before the one writer's turn, which is short.
struct Computed {
    day: Date,
    answers: Facts,
    decision: Option<Decision>,
    due: Date,
}

impl Computed {
    fn on(day: Date, cases: &Cases, application: &Application, answers: &Facts) -> Self {
        let service = &application.service;
        let answers = service.form.submission(answers, day);
        let decision = computed(service.program.as_ref(), &answers, day);
        let due = deadlines::receipt_terms(day, &service.process.rules, &cases.calendar_of(&service.office)).answer_by;
        Self { day, answers, decision, due }
    }
}

/// `None`: another application for the same is open or granted, and the service allows only one.
async fn file(
    counter: &Counter,
    application: &Application,
    answers: &Facts,
    key: &str,
) -> Result<Option<Uuid>, Failure> {
    if application.standing.is_some() {
        return Ok(None);
    }
    let (cases, applicant) = (&counter.cases, &application.applicant);
    let computed = Computed::on(application.today, cases, application, answers);
    let case = base::new_id(cases.web.clock(), cases.web.chance());
    let mut tx = cases.web.database().begin().await?;
    // Looked up again under the lock: the other half of a double click may have been faster.
    if let Some(case) = store::submission_of(&mut tx, applicant, key).await? {
        return Ok(Some(case));
    }
    // Read under the lock, once: registers, acts and instants are in the same order.
    let now = cases.web.clock().now();
    let protocol = store::next_number(&mut tx, &application.service.office, now).await?;
    // After the number was taken: its register stays locked, so that of two tabs the second sees the first one's case.
    let newer = Earlier::of(&mut tx, applicant).await?.since(&application.earlier);
    if newer.against(&mut tx, &application.service, answers).await?.is_some() {
        return Ok(None);
    }
    let computed = match rome_date(now) {
        day if day == computed.day => computed,
        day => Computed::on(day, cases, application, answers), // midnight has passed since the page was sent
    };
    let submitted = compose(counter, application, computed, protocol);
    write(&mut tx, counter, application, (case, now), (&submitted, key)).await?;
    tx.commit().await?;
    Ok(Some(case))
}

/// The act, the case's row, the register's entry; the draft is gone, and its files are the case's.
async fn write(
    tx: &mut Tx,
    Counter { cases, person, .. }: &Counter,
    application: &Application,
    (case, now): (Uuid, Timestamp),
    (submitted, key): (&Submitted, &str),
) -> Result<(), Failure> {
    let payload = serde_json::to_value(submitted).map_err(Failure::internal)?;
    let fingerprint = hex::encode(Sha256::digest(payload.to_string()));
    let act = NewAct { case, kind: kind::SUBMITTED, actor: person.actor.clone(), payload };
    let calendar = cases.calendar_of(&application.service.office);
    let rules = (&application.service.process.rules, &*calendar);
    store::open(tx, cases.web.chance(), rules, (now, act)).await?;
    store::register(tx, case, submitted, now, &fingerprint).await?;
    store::insert_submission(tx, &person.fiscal_code, key, case).await?;
    store::attach(tx, &person.fiscal_code, &upload_ids(application.form(), &application.answers), case).await?;
    forget(tx, &application.service, &person.fiscal_code).await
}

fn compose(
    Counter { cases, person, .. }: &Counter,
    application: &Application,
    computed: Computed,
    protocol: Protocol,
) -> Submitted {
    let service = &application.service;
    let office = cases.catalogue.office(&service.office);
    Submitted {
        service: service.slug.clone(),
        service_version: service.version.clone(),
        service_name: service.name.get(Language::Italian).to_owned(),
        office: service.office.clone(),
        office_name: office
            .map_or_else(|| service.office.clone(), |office| office.name.get(Language::Italian).to_owned()),
        responsible: service.process.responsible.get(Language::Italian).to_owned(),
        applicant: Applicant { fiscal_code: person.fiscal_code.clone(), name: person.name.clone() },
        protocol,
        sources: application.sources(),
        replaced: application.replaced(),
        attachments: application.files.values().map(Attachment::from).collect(),
        decision: computed.decision,
        due: computed.due,
        remedies: service.process.remedies.get(Language::Italian).to_owned(),
        answers: computed.answers,
    }
}

/// Throws a draft away.
pub async fn discard(Counter { cases, person, visit }: Counter, Path(service): Path<String>) -> Answer {
    let mut tx = cases.web.database().begin().await?;
    match cases.catalogue.service(&service) {
        Some(asked) => forget(&mut tx, &asked, &person.fiscal_code).await?,
        None => store::forget_draft(&mut tx, &person.fiscal_code, &service).await?,
    }
    tx.commit().await?;
    let notice = web::SetCookie::notice(&visit, "cases.ask.discarded");
    Ok((notice, web::SetCookie::nothing_carried(&visit), Redirect::to(&format!("/servizi/{service}"))).into_response())
}

/// Forgets a draft, the files that only it names, and what waits to be typed into it.
pub async fn forget(tx: &mut Tx, service: &Service, applicant: &str) -> Result<(), Failure> {
    let Some(draft) = store::find_draft(tx, applicant, &service.slug).await? else { return Ok(()) };
    store::forget_uploads(tx, applicant, &upload_ids(&service.form, &draft.answers)).await?;
    store::forget_draft(tx, applicant, &service.slug).await?;
    Ok(web::parked::forget_below(tx, applicant, &format!("/servizi/{}/domanda", service.slug)).await?)
}
