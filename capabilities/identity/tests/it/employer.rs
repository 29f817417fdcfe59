//! Officials who come in by the administration's own identity provider, and everything that must not be a way in. The provider is
//! played in memory; `stories/browser` has a real one.

mod attacks;
mod coming;
mod idp;
mod leaving;

use std::sync::Arc;

use axum::http::StatusCode;
use idp::{Idp, SECRET};
use web::Mode;

use crate::house::{Browser, House, Reply, encode};

/// With a shared secret; `twice` stands for two proofs.
const DECLARED: &str = concat!(
    organisation!(),
    r#"
    [staff]
    issuer = "https://accesso.example/ente"
    name = "Accesso dell’ente"
    client_id = "sportello"
    client_secret = "segreto"
    [staff.claims]
    fiscal_code = "fiscal_number"
    [staff.two_proofs]
    amr = ["mfa"]
    acr = ["twice"]
    [[staff.groups]]
    group = "famiglie"
    office = "famiglie"
    roles = ["operator"]
    [[staff.groups]]
    group = "dirigenti"
    office = "famiglie"
    roles = ["head", "operator"]
    [[staff.groups]]
    group = "anagrafe"
    office = "anagrafi"
    roles = ["operator"]
"#
);

async fn house(idp: &Arc<Idp>, mode: Mode) -> House {
    let house = House::employing(idp.clone(), DECLARED, mode, |folder| {
        std::fs::write(folder.join("segreto"), format!("{SECRET}\n")).unwrap();
    });
    let house = house.await;
    house.look().await;
    house
}

async fn start(browser: &mut Browser<'_>, back: &str) -> Reply {
    browser.get(&format!("/ufficio/accesso/ente/avvia?ritorno={}", encode(back))).await
}

/// The whole way, until a page says what became of it.
async fn come(idp: &Idp, browser: &mut Browser<'_>, back: &str) -> Reply {
    let started = start(browser, back).await;
    assert_eq!(started.status, StatusCode::FOUND, "{}", started.body);
    browser.get(&idp.authorize(&started.location)).await
}

async fn enter(idp: &Idp, browser: &mut Browser<'_>) {
    let reply = come(idp, browser, "/ufficio/prova").await;
    assert_eq!(reply.location, "/ufficio/prova", "{} {}", reply.status, reply.body);
}

/// What a page of the office says, or that it does not open.
async fn at_work(browser: &mut Browser<'_>) -> Option<String> {
    let page = browser.get("/ufficio/prova").await;
    (page.status == StatusCode::OK).then_some(page.body)
}
