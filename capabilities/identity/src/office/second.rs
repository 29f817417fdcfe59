//! The second proof of who has shown the password.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Redirect},
};
use database::Tx;
use web::{
    Answer, Failure, Page, Posted, Visit,
    components::{Fault, Field},
    sessions, show,
};

use super::{
    LOGIN,
    entering::{Arriving, Proof, ask, back, enter},
    how_long, logins,
    passkey::{self, PasskeyForm, Said},
};
use crate::{
    Identity,
    address::Address,
    factors::{recovery, totp},
    guesses::Attempt,
    store::{factors, passkeys},
};

#[derive(Template)]
#[template(path = "office/second.html")]
struct SecondPage {
    page: Page,
    faults: Vec<Fault>,
    app: bool,
    code: Field,
    passkey: Option<PasskeyForm>,
}

/// `GET /ufficio/accesso/secondo`.
pub(super) async fn second_page(State(identity): State<Identity>, visit: Visit, arriving: Arriving) -> Answer {
    show(&page(&identity, &visit, &arriving, None).await?)
}

/// `POST /ufficio/accesso/secondo`: a code of the app, a recovery code, or what a passkey signed.
pub(super) async fn prove(
    State(identity): State<Identity>,
    visit: Visit,
    address: Address,
    arriving: Arriving,
    posted: Posted,
) -> Answer {
    let from = address.digest(&identity.0.address_secret);
    let attempt = match guessable(&posted) {
        true => Attempt::code(&arriving.officer.id, &from),
        false => Attempt::unguessable(&from),
    };
    let mut tx = visit.web.database().begin().await?;
    let admitted = attempt.admit(&mut tx, visit.now).await?;
    tx.commit().await?;
    if let Err(free_at) = admitted {
        let wait = how_long(&visit, free_at.duration_since(visit.now));
        let shown = page(&identity, &visit, &arriving, Some(visit.t1("identity.second.wait", "time", wait))).await?;
        return Ok((StatusCode::TOO_MANY_REQUESTS, Html(shown.render()?)).into_response());
    }
    let mut tx = visit.web.database().begin().await?;
    // One of two at once goes on: the question that a passkey answers is good for one answer.
    if !sessions::consume(&mut tx, &arriving.session).await? {
        return Ok(Redirect::to(LOGIN).into_response());
    }
    let Some(proof) = proof(&mut tx, &identity, &visit, &arriving, &posted).await? else {
        drop(tx);
        let mut tx = visit.web.database().begin().await?;
        let how = if Said::of(&posted).is_some() { Proof::Passkey } else { Proof::Code };
        logins::note(&mut tx, (&identity, &visit), &arriving.officer.id, (how.as_str(), false)).await?;
        tx.commit().await?;
        let wrong = visit.t("identity.second.wrong").to_owned();
        return web::show_faulty(&page(&identity, &visit, &arriving, Some(wrong)).await?);
    };
    attempt.forgive(&mut tx, visit.now).await?;
    let next = back(&arriving.kept.back);
    let cookie = enter(&mut tx, &identity, &visit, arriving.officer, arriving.kept.and(proof)).await?;
    tx.commit().await?;
    Ok((cookie, Redirect::to(&next)).into_response())
}

fn typed(posted: &Posted) -> String {
    posted.text("codice").chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether it is a code of an app, of which there are but a million.
fn guessable(posted: &Posted) -> bool {
    Said::of(posted).is_none() && typed(posted).len() == totp::DIGITS
}

/// What was proved, if anything.
async fn proof(
    tx: &mut Tx,
    identity: &Identity,
    visit: &Visit,
    arriving: &Arriving,
    posted: &Posted,
) -> Result<Option<Proof>, Failure> {
    let id = &arriving.officer.id;
    if let Some(said) = Said::of(posted) {
        let asked = passkey::Asking { identity, visit, kept: &arriving.kept, verified: false };
        let holder = asked.check(tx, &said).await?.filter(|holder| holder == id);
        return Ok(holder.map(|_| Proof::Passkey));
    }
    let typed = typed(posted);
    if guessable(posted) {
        let taken = of_app(tx, identity, visit, id, &typed).await?;
        return Ok(taken.then_some(Proof::Code));
    }
    let Some(digest) = recovery::digest(id, &typed) else { return Ok(None) };
    Ok(factors::use_recovery(tx, id, &digest).await?.then_some(Proof::RecoveryCode))
}

/// Whether `typed` is a code of the official's app, which is used up then.
async fn of_app(tx: &mut Tx, identity: &Identity, visit: &Visit, id: &str, typed: &str) -> Result<bool, Failure> {
    let Some(app) = factors::app(tx, id).await? else { return Ok(false) };
    let secret = identity.0.factors.vault.open(id, &app.secret).ok_or_else(|| {
        Failure::internal(anyhow::anyhow!(
            "the app of {id} is sealed with another factors.key: reset the second factor"
        ))
    })?;
    match totp::step_of(&secret, typed, visit.now, app.last_step) {
        Some(step) => Ok(factors::use_step(tx, id, step).await?),
        None => Ok(false),
    }
}

async fn page(
    identity: &Identity,
    visit: &Visit,
    arriving: &Arriving,
    fault: Option<String>,
) -> Result<SecondPage, Failure> {
    let mut tx = visit.web.database().read().await?;
    let id = &arriving.officer.id;
    let app = factors::app(&mut tx, id).await?.is_some();
    let ids: Vec<_> = passkeys::of_officer(&mut tx, id).await?.into_iter().map(|held| held.passkey.id).collect();
    drop(tx);
    let passkey = if ids.is_empty() {
        None
    } else {
        let challenge = ask(visit, &arriving.session).await?;
        Some(PasskeyForm::get(visit, identity, challenge, super::SECOND).only(&ids))
    };
    let faults: Vec<_> = fault.map(|message| Fault { field: "codice".to_owned(), message }).into_iter().collect();
    let page = visit.page("identity.second.title").faulty(!faults.is_empty());
    let hint = if app { "identity.second.code_hint" } else { "identity.second.recovery_hint" };
    let label = if app { "identity.second.code" } else { "identity.second.recovery" };
    let code = Field::text("codice", page.t(label)).hint(page.t(hint)).input("text", "one-time-code").width(30);
    Ok(SecondPage { code: code.fault_from(&faults), app, passkey, faults, page })
}
