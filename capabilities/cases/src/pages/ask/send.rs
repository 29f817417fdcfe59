use axum::{
    extract::Path,
    response::{IntoResponse, Redirect},
};
use base::{Language, Timestamp, Uuid, rome_date};
use catalogue::Service;
use database::Tx;
use rules::Facts;
use sha2::{Digest, Sha256};
use web::{Answer, Failure, Posted, Visit};

use acts::NewAct;

use super::{
    Application, again,
    application::{decide, upload_ids},
};
use crate::pages::Counter;
use crate::{
    payload::{Applicant, Attachment, Submitted, kind},
    room::Cases,
    store, who,
};

/// Files the application: one durable transaction holds number, act, row and receipt. Sending again the same page
/// leads to the same receipt; asking again for what is open or granted leads to the case that there is.
pub async fn send(Counter { cases, person, visit }: Counter, Path(service): Path<String>, posted: Posted) -> Answer {
    let key = posted.text("chiave").to_owned();
    let receipt = |case: Uuid| Redirect::to(&format!("/pratiche/{case}/ricevuta")).into_response();
    if let Some(case) = already_sent(&cases, &person.fiscal_code, &key).await? {
        return Ok(receipt(case));
    }
    let application = Application::open(&cases, &visit, &service).await?;
    let mut answers = application.answers.clone();
    application.form().accept_declarations(&mut answers, application.today);
    if !application.is_sound(&answers) {
        // The other half of a double click may have sent the draft and taken it away meanwhile.
        let sent = already_sent(&cases, &person.fiscal_code, &key).await?;
        return Ok(sent.map_or_else(|| Redirect::to(&application.next(None)).into_response(), receipt));
    }
    if posted.text("impronta") != application.fingerprint() {
        let notice = web::SetCookie::warning(&visit, "cases.ask.look_again");
        return Ok((notice, Redirect::to(&application.next(None))).into_response());
    }
    let filed = file(&cases, &visit, &application, &answers, &key).await?;
    let next = filed.map_or_else(|| Redirect::to(&format!("/servizi/{service}/domanda")).into_response(), receipt);
    Ok((web::SetCookie::nothing_carried(&visit), next).into_response())
}

async fn already_sent(cases: &Cases, fiscal_code: &str, key: &str) -> Result<Option<Uuid>, Failure> {
    if key.is_empty() || 64 < key.len() {
        return Err(Failure::BadRequest("cases.failure.no_key"));
    }
    let mut tx = cases.web.database().read().await?;
    Ok(store::submission_of(&mut tx, fiscal_code, key).await?)
}

/// `None`: another application for the same is open or granted, and the service allows only one.
async fn file(
    cases: &Cases,
    visit: &Visit,
    application: &Application,
    answers: &Facts,
    key: &str,
) -> Result<Option<Uuid>, Failure> {
    let mut tx = cases.web.database().begin().await?;
    // Looked up again under the lock: the other half of a double click may have been faster.
    if let Some(case) = store::submission_of(&mut tx, &application.applicant, key).await? {
        return Ok(Some(case));
    }
    let case = base::new_id(cases.web.clock(), cases.web.chance());
    // Read under the lock, once: registers, acts and instants are in the same order.
    let now = cases.web.clock().now();
    let submitted = compose(cases, visit, application, (answers, now), &mut tx).await?;
    // After the number was taken: its register stays locked, so that of two tabs the second sees the first one's case.
    if again::standing(&mut tx, &application.service, &application.applicant, answers).await?.is_some() {
        return Ok(None);
    }
    let payload = serde_json::to_value(&submitted).map_err(Failure::internal)?;
    let fingerprint = hex::encode(Sha256::digest(payload.to_string()));
    let act = NewAct { case, kind: kind::SUBMITTED, actor: who::citizen(visit)?.actor, payload };
    let rules = (&application.service.process.rules, &*cases.calendar);
    store::write(&mut tx, &cases.web, rules, Some(0), (now, &[act])).await?;
    store::register(&mut tx, case, &submitted, now, &fingerprint).await?;
    store::insert_submission(&mut tx, &application.applicant, key, case).await?;
    store::attach(&mut tx, &application.applicant, &upload_ids(application.form(), answers), case).await?;
    forget(&mut tx, &application.service, &application.applicant).await?;
    tx.commit().await?;
    Ok(Some(case))
}

async fn compose(
    cases: &Cases,
    visit: &Visit,
    application: &Application,
    (answers, now): (&Facts, Timestamp),
    tx: &mut Tx,
) -> Result<Submitted, Failure> {
    let service = &application.service;
    let office = cases.catalogue.office(&service.office);
    let protocol = store::next_number(tx, &service.office, now).await?;
    let answers = application.form().submission(answers, application.today);
    let terms = deadlines::receipt_terms(rome_date(now), &service.process.rules, &cases.calendar);
    Ok(Submitted {
        service: service.slug.clone(),
        service_version: service.version.clone(),
        service_name: service.name.get(Language::Italian).to_owned(),
        office: service.office.clone(),
        office_name: office
            .map_or_else(|| service.office.clone(), |office| office.name.get(Language::Italian).to_owned()),
        responsible: service.process.responsible.get(Language::Italian).to_owned(),
        applicant: Applicant { fiscal_code: application.applicant.clone(), name: who::citizen(visit)?.name },
        protocol,
        sources: application.sources(),
        replaced: application.replaced(),
        attachments: attachments(application),
        decision: decide(service, &answers, application.today),
        due: terms.answer_by,
        remedies: service.process.remedies.get(Language::Italian).to_owned(),
        answers,
    })
}

fn attachments(application: &Application) -> Vec<Attachment> {
    let named = application.files.values().map(|file| Attachment {
        upload: file.id.to_string(),
        file_name: file.file_name.clone(),
        sha256: file.sha256.clone(),
    });
    named.collect()
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
