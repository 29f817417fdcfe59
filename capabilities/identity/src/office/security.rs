//! The ways in of one's own account: password, app, passkeys, recovery codes.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect},
};
use web::{
    Answer, Page, Posted, SetCookie, Visit,
    components::{Fact, Fault, Field, Table, Tone},
    sessions, show,
};

use super::{
    LOGIN, SECURITY,
    enrol::{CodesPage, give_recovery},
    entering::Changing,
    how_long, logins,
};
use crate::{
    Identity, Officer,
    address::Address,
    guesses::Attempt,
    staff,
    store::{self, passkeys::Held},
};

#[derive(Template)]
#[template(path = "office/security.html")]
struct SecurityPage {
    page: Page,
    faults: Vec<Fault>,
    /// For password managers.
    account: String,
    facts: Vec<Fact>,
    app: bool,
    passkeys: Vec<Held>,
    second: bool,
    demanded: bool,
    /// Who lets this official in instead of a password.
    employer: Option<String>,
    /// Sessions of the account elsewhere.
    others: u32,
    logins: Table,
    passwords: [Field; 3],
}

/// The fields of another password: the present one, the new one twice.
const PASSWORDS: [&str; 3] = ["attuale", "nuova", "ripetuta"];

/// `GET /ufficio/sicurezza`.
pub(super) async fn security(State(identity): State<Identity>, visit: Visit, officer: Officer) -> Answer {
    show(&page(&identity, &visit, &officer, Vec::new()).await?)
}

/// `POST /ufficio/sicurezza/altri`: ends the other sessions of the account, such as one that was forgotten at another desk.
pub(super) async fn end_others(visit: Visit, _: Officer, _: Posted) -> Answer {
    crate::pages::leave_others(&visit, SECURITY).await
}

/// `POST /ufficio/sicurezza/codici`: new recovery codes; those before are worth nothing any more.
pub(super) async fn renew_codes(visit: Visit, Changing(enrolling): Changing, _: Posted) -> Answer {
    if !enrolling.second {
        return Ok(Redirect::to(SECURITY).into_response());
    }
    let mut tx = visit.web.database().begin().await?;
    let codes = give_recovery(&mut tx, &visit, &enrolling.officer.id).await?;
    tx.commit().await?;
    show(&CodesPage::new(&visit, codes, SECURITY.to_owned()))
}

/// `POST /ufficio/sicurezza/togli`: takes away the app, or a passkey; other sessions of the account end, since whoever held it
/// may have opened one. The last one stays where one is demanded.
pub(super) async fn remove(
    State(identity): State<Identity>,
    visit: Visit,
    Changing(enrolling): Changing,
    posted: Posted,
) -> Answer {
    let (id, passkey) = (&enrolling.officer.id.clone(), posted.text("passkey"));
    let mut tx = visit.web.database().begin().await?;
    if !sessions::consume(&mut tx, &enrolling.session).await? {
        return Ok(Redirect::to(LOGIN).into_response());
    }
    let removed = if passkey.is_empty() {
        store::factors::remove_app(&mut tx, id).await?
    } else {
        store::passkeys::remove(&mut tx, id, passkey).await?
    };
    let left = store::factors::any(&mut tx, id).await?;
    if !left && identity.0.factors.demanded {
        let cookie = SetCookie::warning(&visit, "identity.security.last");
        return Ok((cookie, Redirect::to(SECURITY)).into_response());
    }
    if !left {
        store::factors::put_recovery(&mut tx, id, &[]).await?;
    }
    sessions::end_all(&mut tx, id).await?;
    let cookie = sessions::renew(&mut tx, &visit, &enrolling.session).await?;
    tx.commit().await?;
    let told = SetCookie::told(&visit, removed, ("identity.security.removed", "identity.security.gone"));
    Ok((cookie, told, Redirect::to(SECURITY)).into_response())
}

/// `POST /ufficio/sicurezza/password`: another password, for who knows the present one (ASVS 5.0, 6.2.3); other sessions of
/// the account end.
pub(super) async fn change_password(
    State(identity): State<Identity>,
    visit: Visit,
    address: Address,
    Changing(enrolling): Changing,
    posted: Posted,
) -> Answer {
    let officer = &enrolling.officer;
    let typed = PASSWORDS.map(|name| posted.all(name).next().unwrap_or_default().to_owned());
    let fault = match unfit(&typed) {
        Some((field, key)) => Some((field, visit.t(key).to_owned())),
        None => {
            let attempt = Attempt::new(&officer.id, &address.digest(&identity.0.address_secret));
            not_theirs(&visit, &officer.id, &typed[0], &attempt).await?.map(|message| (PASSWORDS[0], message))
        }
    };
    if let Some((field, message)) = fault {
        let faults = vec![Fault { field: field.to_owned(), message }];
        return web::show_faulty(&page(&identity, &visit, officer, faults).await?);
    }
    let hash = staff::hashed(visit.web.chance(), &typed[1]).await.map_err(anyhow::Error::from)?;
    let mut tx = visit.web.database().begin().await?;
    if !sessions::consume(&mut tx, &enrolling.session).await? {
        return Ok(Redirect::to(LOGIN).into_response());
    }
    store::staff::put_password(&mut tx, &officer.id, &hash).await?;
    sessions::end_all(&mut tx, &officer.id).await?;
    let cookie = sessions::renew(&mut tx, &visit, &enrolling.session).await?;
    tx.commit().await?;
    let told = SetCookie::notice(&visit, "identity.security.password_changed");
    Ok((cookie, told, Redirect::to(SECURITY)).into_response())
}

/// What is wrong with a new password, before anybody asks whose it is.
fn unfit([_, new, again]: &[String; 3]) -> Option<(&'static str, &'static str)> {
    match staff::fit_password(new) {
        false => Some((PASSWORDS[1], "identity.security.password_short")),
        true => (new != again).then_some((PASSWORDS[2], "identity.security.password_differs")),
    }
}

/// Why `typed` is not the present password; guessing it is slowed as at the door.
async fn not_theirs(visit: &Visit, id: &str, typed: &str, attempt: &Attempt) -> Result<Option<String>, web::Failure> {
    let mut tx = visit.web.database().begin().await?;
    let admitted = attempt.admit(&mut tx, visit.now).await?;
    let hash = store::staff::password_hash(&mut tx, id).await?;
    tx.commit().await?;
    if let Err(free_at) = admitted {
        let wait = how_long(visit, free_at.duration_since(visit.now));
        return Ok(Some(visit.t1("identity.security.wait", "time", wait)));
    }
    if !staff::verify(typed.to_owned(), hash).await {
        return Ok(Some(visit.t("identity.security.password_wrong").to_owned()));
    }
    let mut tx = visit.web.database().begin().await?;
    attempt.forgive(&mut tx, visit.now).await?;
    tx.commit().await?;
    Ok(None)
}

async fn page(
    identity: &Identity,
    visit: &Visit,
    officer: &Officer,
    faults: Vec<Fault>,
) -> Result<SecurityPage, web::Failure> {
    let mut tx = visit.web.database().read().await?;
    let app = store::factors::app(&mut tx, &officer.id).await?;
    let passkeys = store::passkeys::of_officer(&mut tx, &officer.id).await?;
    let codes = store::factors::recovery_left(&mut tx, &officer.id).await?;
    let page = visit.page("identity.security.title").faulty(!faults.is_empty());
    let since = app.as_ref().map(|app| page.t1("identity.security.since", "when", page.moment(&app.since)));
    let none = || page.t("identity.security.none").to_owned();
    let [present, new, again] = PASSWORDS;
    let password = |name, label: &str, kind| {
        Field::text(name, page.t(label)).input("password", kind).width(30).fault_from(&faults)
    };
    Ok(SecurityPage {
        facts: vec![
            Fact::new(page.t("identity.office.account"), officer.id.clone()),
            Fact::new(page.t("identity.security.app"), since.unwrap_or_else(none)),
            Fact::new(page.t("identity.security.codes"), page.tn("identity.security.codes_left", codes)),
        ],
        others: sessions::others(&mut tx, visit).await?,
        logins: logins::table(identity, visit, &page, &logins::logins_of(&mut tx, &officer.id).await?),
        account: officer.id.clone(),
        second: app.is_some() || !passkeys.is_empty(),
        app: app.is_some(),
        passkeys,
        demanded: identity.0.factors.demanded,
        employer: match store::employees::is_one(&mut tx, &officer.id).await? {
            true => Some(identity.0.staff.as_ref().map(|staff| staff.name.clone()).unwrap_or_default()),
            false => None,
        },
        passwords: [
            password(present, "identity.security.password_present", "current-password"),
            password(new, "identity.security.password_new", "new-password")
                .hint(page.t("identity.security.password_hint")),
            password(again, "identity.security.password_again", "new-password"),
        ],
        faults,
        page,
    })
}
