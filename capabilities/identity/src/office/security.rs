//! The ways in of one's own account: password, app, passkeys, recovery codes.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect},
};
use web::{
    Answer, Page, Posted, SetCookie, Visit,
    components::{Fact, Fault, Field, Tone},
    sessions, show,
};

use super::{
    SECURITY,
    enrol::{CodesPage, give_recovery},
    entering::{Changing, enter},
};
use crate::{
    Identity, Officer, staff,
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
    passwords: [Field; 2],
}

/// `GET /ufficio/sicurezza`.
pub(super) async fn security(State(identity): State<Identity>, visit: Visit, officer: Officer) -> Answer {
    show(&page(&identity, &visit, &officer, Vec::new()).await?)
}

/// `POST /ufficio/sicurezza/codici`: new recovery codes; those before are worth nothing any more.
pub(super) async fn renew_codes(visit: Visit, Changing(enrolling): Changing) -> Answer {
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
    let cookie = enter(&mut tx, &visit, enrolling.officer, enrolling.kept.proofs).await?;
    tx.commit().await?;
    let told = SetCookie::told(&visit, removed, ("identity.security.removed", "identity.security.gone"));
    Ok((cookie, told, Redirect::to(SECURITY)).into_response())
}

/// `POST /ufficio/sicurezza/password`: another password; other sessions of the account end.
pub(super) async fn change_password(
    State(identity): State<Identity>,
    visit: Visit,
    Changing(enrolling): Changing,
    posted: Posted,
) -> Answer {
    let [first, second] = ["nuova", "ripetuta"].map(|name| posted.all(name).next().unwrap_or_default().to_owned());
    let fault = if !staff::fit_password(&first) {
        Some(("nuova", "identity.security.password_short"))
    } else if first != second {
        Some(("ripetuta", "identity.security.password_differs"))
    } else {
        None
    };
    if let Some((field, key)) = fault {
        let faults = vec![Fault { field: field.to_owned(), message: visit.t(key).to_owned() }];
        return web::show_faulty(&page(&identity, &visit, &enrolling.officer, faults).await?);
    }
    let hash = staff::hashed(visit.web.chance(), &first).await.map_err(anyhow::Error::from)?;
    let mut tx = visit.web.database().begin().await?;
    store::staff::put_password(&mut tx, &enrolling.officer.id, &hash).await?;
    sessions::end_all(&mut tx, &enrolling.officer.id).await?;
    let cookie = enter(&mut tx, &visit, enrolling.officer, enrolling.kept.proofs).await?;
    tx.commit().await?;
    let told = SetCookie::notice(&visit, "identity.security.password_changed");
    Ok((cookie, told, Redirect::to(SECURITY)).into_response())
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
    let password = |name, label: &str| {
        Field::text(name, page.t(label)).input("password", "new-password").width(30).fault_from(&faults)
    };
    Ok(SecurityPage {
        facts: vec![
            Fact::new(page.t("identity.office.account"), officer.id.clone()),
            Fact::new(page.t("identity.security.app"), since.unwrap_or_else(none)),
            Fact::new(page.t("identity.security.codes"), page.tn("identity.security.codes_left", codes)),
        ],
        account: officer.id.clone(),
        second: app.is_some() || !passkeys.is_empty(),
        app: app.is_some(),
        passkeys,
        demanded: identity.0.factors.demanded,
        passwords: [
            password("nuova", "identity.security.password_new").hint(page.t("identity.security.password_hint")),
            password("ripetuta", "identity.security.password_again"),
        ],
        faults,
        page,
    })
}
