//! The way in, as it should be; and what the provider takes from somebody.

use axum::http::StatusCode;
use identity::Officer;
use serde_json::json;
use web::Mode;

use super::{
    DECLARED, at_work, come, enter, house,
    idp::{ISSUER, Idp, SECRET, pairs},
    start,
};
use crate::{
    house::{House, PASSWORD, PUBLIC},
    openid::NOW,
};

async fn officer(house: &House, id: &str) -> Option<Officer> {
    identity::officer(&mut house.database.read().await.unwrap(), id).await.unwrap()
}

#[tokio::test]
async fn an_official_comes_in_with_office_and_roles_from_groups() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    let mut browser = house.browser();
    let page = browser.get("/ufficio/accesso?ritorno=/ufficio/prova").await.body;
    assert!(page.contains("Entra con Accesso dell’ente"), "{page}");
    assert!(page.contains("href=\"/ufficio/accesso/ente/avvia?ritorno=%2Fufficio%2Fprova\""), "{page}");
    idp.tell("fiscal_number", json!("TINIT-BNCNNA90M49Z404C"));
    enter(&idp, &mut browser).await;
    assert_eq!(at_work(&mut browser).await.unwrap(), "Ada Prova famiglie [\"operator\"] livello 1");
    let ada = officer(&house, "ada.prova").await.unwrap();
    assert_eq!(ada.fiscal_code.unwrap().as_str(), "BNCNNA90M49Z404C");

    let register = house.register().await;
    let lines: Vec<_> = register.lines().collect();
    assert_eq!(lines.len(), 2, "{register}");
    let found = |way: &str| *lines.iter().find(|line| line.starts_with(way)).unwrap();
    let (request, response) = (found("request "), found("response "));
    assert!(request.contains(&format!("{ISSUER}/authorize?")), "{request}");
    assert!(response.contains(" accepted {\"id_token\":\"ey"), "{response}");
    assert!(!register.contains("gettone-1") && !register.contains(SECRET), "nothing that opens anything: {register}");
}

#[tokio::test]
async fn the_request_asks_for_a_code_with_proof_of_who_began() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    let mut browser = house.browser();
    let asked = pairs(&start(&mut browser, "/ufficio/prova").await.location);
    let said = |name: &str| asked.get(name).map(String::as_str);
    assert_eq!((said("response_type"), said("code_challenge_method")), (Some("code"), Some("S256")));
    assert_eq!((said("client_id"), said("scope")), (Some("sportello"), Some("openid profile groups")));
    assert_eq!(said("redirect_uri"), Some(format!("{PUBLIC}/ufficio/accesso/ente/ritorno").as_str()));
    assert_eq!(said("prompt"), None, "who has a session there need not prove it again");
    let other = pairs(&start(&mut browser, "/ufficio/prova").await.location);
    for name in ["state", "nonce", "code_challenge"] {
        assert_ne!(asked[name], other[name], "{name}");
    }
    let outside = start(&mut browser, "//altrove.example").await.location;
    let reply = browser.get(&idp.authorize(&outside)).await;
    assert_eq!(reply.location, "/ufficio", "nobody is led elsewhere");
}

#[tokio::test]
async fn what_changes_at_the_provider_changes_here_and_the_account_stays() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    let mut before = house.browser();
    enter(&idp, &mut before).await;
    idp.tell("preferred_username", json!("ada.sposata"));
    idp.tell("name", json!("Ada Sposata"));
    idp.tell("groups", json!(["dirigenti", "famiglie"]));
    let mut browser = house.browser();
    enter(&idp, &mut browser).await;
    let now = "Ada Sposata famiglie [\"head\", \"operator\"] livello 1";
    assert_eq!(at_work(&mut browser).await.unwrap(), now);
    assert_eq!(at_work(&mut before).await.unwrap(), now, "also where she is in already");
    assert!(officer(&house, "ada.prova").await.is_some(), "acts name her as before");
    assert!(officer(&house, "ada.sposata").await.is_none());

    idp.tell("groups", json!(["posta"]));
    let reply = come(&idp, &mut house.browser(), "/ufficio/prova").await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert!(reply.body.contains("non fai parte di nessun gruppo"), "{}", reply.body);
    assert_eq!(at_work(&mut before).await, None, "whom the provider gives nothing any more is out");
    assert_eq!(at_work(&mut browser).await, None);
    assert!(officer(&house, "ada.prova").await.unwrap().roles.is_empty());
}

#[tokio::test]
async fn who_cannot_be_placed_gets_no_account() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    for (name, value, told) in [
        ("groups", json!("posta"), "nessun gruppo"),
        ("groups", json!(["famiglie", "anagrafe"]), "più uffici"),
        ("groups", json!({"famiglie": true}), "nessun gruppo"),
        ("preferred_username", json!(null), "non ci ha detto tutto"),
        ("preferred_username", json!("Ada Prova"), "non ci ha detto tutto"),
        ("preferred_username", json!("ada/../ugo"), "non ci ha detto tutto"),
        ("name", json!(" "), "non ci ha detto tutto"),
        ("fiscal_number", json!("BNCNNA90M49Z404X"), "non ci ha detto tutto"),
    ] {
        idp.tell(name, value.clone());
        let mut browser = house.browser();
        let reply = come(&idp, &mut browser, "/ufficio/prova").await;
        assert!(reply.status == StatusCode::FORBIDDEN && reply.body.contains(told), "{name} {value}: {}", reply.body);
        assert_eq!(at_work(&mut browser).await, None);
        assert_eq!(house.count("SELECT count(*) AS n FROM identity_staff").await, 1, "{name} {value}");
        for (name, good) in [
            ("groups", json!(["famiglie"])),
            ("preferred_username", json!("ada.prova")),
            ("name", json!("Ada Prova")),
            ("fiscal_number", json!(null)),
        ] {
            idp.tell(name, good);
        }
    }
    enter(&idp, &mut house.browser()).await;
}

#[tokio::test]
async fn what_the_token_leaves_out_is_asked_beside_it() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    enter(&idp, &mut house.browser()).await;
    assert!(idp.asked().contains(&format!("{ISSUER}/userinfo")), "no fiscal code was in the token");
    idp.tell("groups", json!(null));
    idp.tell_beside("groups", json!(["dirigenti"]));
    idp.tell_beside("name", json!("Un Altro"));
    let mut browser = house.browser();
    enter(&idp, &mut browser).await;
    let page = at_work(&mut browser).await.unwrap();
    assert_eq!(page, "Ada Prova famiglie [\"head\", \"operator\"] livello 1", "what is signed comes first");
    idp.tell_beside("sub", json!("u-99"));
    let reply = come(&idp, &mut house.browser(), "/ufficio/prova").await;
    assert!(reply.status == StatusCode::FORBIDDEN && reply.location.is_empty(), "{}", reply.body);
}

#[tokio::test]
async fn in_production_the_word_for_one_proof_is_not_enough() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Production).await;
    let mut browser = house.browser();
    assert_eq!(come(&idp, &mut browser, "/ufficio/prova").await.location, "/ufficio/accesso/attiva");
    assert_eq!(at_work(&mut browser).await, None);
    // Who has only a cookie of the provider, from an hour ago, sets up no second proof.
    let anew = browser.get("/ufficio/accesso/attiva").await.location;
    assert_eq!(anew, "/ufficio/accesso/ente/avvia?ritorno=/ufficio/sicurezza");
    let started = browser.get(&anew).await;
    assert!(started.location.contains("&prompt=login&max_age=0"), "{}", started.location);
    assert_eq!(browser.get(&idp.authorize(&started.location)).await.status, StatusCode::FORBIDDEN);
    idp.tell("auth_time", json!(NOW));
    assert_eq!(come(&idp, &mut browser, "/ufficio/sicurezza").await.location, "/ufficio/accesso/attiva");
    assert_eq!(browser.get("/ufficio/accesso/attiva").await.status, StatusCode::OK);
    for (name, value) in [("amr", json!(["pwd", "mfa"])), ("acr", json!("twice"))] {
        idp.tell(name, value);
        let mut browser = house.browser();
        enter(&idp, &mut browser).await;
        assert!(at_work(&mut browser).await.unwrap().ends_with("livello 2"));
        idp.tell(name, json!(null));
    }
}

#[tokio::test]
async fn an_account_with_a_password_is_nobody_elses_until_it_is_handed_over() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    house.employ("ada.prova").await;
    let reply = come(&idp, &mut house.browser(), "/ufficio/prova").await;
    assert!(reply.status == StatusCode::FORBIDDEN && reply.body.contains("con il tuo stesso nome"), "{}", reply.body);
    let mut local = house.browser();
    local.login_officer("ada.prova", PASSWORD).await;
    assert!(at_work(&mut local).await.unwrap().starts_with("Ugo Prova"));

    hand_over(&house, None).await;
    assert_eq!(at_work(&mut local).await, None);
    assert_eq!(local.login_officer("ada.prova", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    enter(&idp, &mut house.browser()).await;
    idp.tell("sub", json!("u-18"));
    idp.tell_beside("sub", json!("u-18"));
    let reply = come(&idp, &mut house.browser(), "/ufficio/prova").await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "a namesake who comes later is somebody else");
    hand_over(&house, Some("u-18")).await;
    enter(&idp, &mut house.browser()).await;
    house.employ("altro.prova").await;
    let mut tx = house.database.begin().await.unwrap();
    let taken = identity::hand_over(&mut tx, "altro.prova", Some(&format!("{ISSUER} u-18"))).await;
    assert!(taken.unwrap_err().to_string().contains("another account"));
}

async fn hand_over(house: &House, subject: Option<&str>) {
    let mut tx = house.database.begin().await.unwrap();
    let subject = subject.map(|subject| format!("{ISSUER} {subject}"));
    assert!(identity::hand_over(&mut tx, "ada.prova", subject.as_deref()).await.unwrap());
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_account_that_was_closed_here_stays_closed() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    let mut browser = house.browser();
    enter(&idp, &mut browser).await;
    let mut tx = house.database.begin().await.unwrap();
    assert!(identity::disable_staff(&mut tx, "ada.prova").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(at_work(&mut browser).await, None);
    let reply = come(&idp, &mut browser, "/ufficio/prova").await;
    assert!(reply.status == StatusCode::FORBIDDEN && reply.body.contains("è stato chiuso"), "{}", reply.body);
    assert_eq!(at_work(&mut browser).await, None);
}

#[tokio::test]
async fn where_the_provider_alone_opens_there_is_no_other_door() {
    let idp = Idp::new();
    let declared = DECLARED.replace("client_id =", "passwords = false\n    client_id =");
    let house = House::employing(idp.clone(), &declared, Mode::Demo, |folder| {
        std::fs::write(folder.join("segreto"), SECRET).unwrap();
    })
    .await;
    house.look().await;
    let mut browser = house.browser();
    let page = browser.get("/ufficio/accesso").await.body;
    assert!(
        page.contains("/ente/avvia") && !page.contains("name=\"password\"") && !page.contains("/passkey/"),
        "{page}"
    );
    assert_eq!(browser.login_officer("ugo.prova", PASSWORD).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post("/ufficio/accesso/passkey/inizia", &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post("/ufficio/accesso/passkey", &[]).await.status, StatusCode::NOT_FOUND);
    enter(&idp, &mut browser).await;
}

#[tokio::test]
async fn a_provider_that_is_silent_is_told_and_passwords_still_open() {
    let idp = Idp::new();
    idp.fall_silent();
    let house = house(&idp, Mode::Demo).await;
    let mut browser = house.browser();
    let reply = start(&mut browser, "/ufficio").await;
    assert!(reply.status == StatusCode::SERVICE_UNAVAILABLE && reply.body.contains("non risponde"), "{}", reply.body);
    assert_eq!(browser.login_officer("ugo.prova", PASSWORD).await.location, "/ufficio/prova");
}

#[tokio::test]
async fn we_prove_who_we_are_as_the_provider_takes_it() {
    let idp = Idp::new();
    idp.configure("token_endpoint_auth_methods_supported", json!(["client_secret_post"]));
    let posting = house(&idp, Mode::Demo).await;
    enter(&idp, &mut posting.browser()).await;

    let signing = Idp::new();
    let declared = DECLARED.replace("client_secret = \"segreto\"", "");
    let house = House::employing(signing.clone(), &declared, Mode::Demo, |_| ()).await;
    house.look().await;
    let mut browser = house.browser();
    let keys = browser.get("/ufficio/accesso/ente/chiavi.json").await.body;
    assert!(keys.contains("\"kty\":\"RSA\"") && !keys.contains("\"d\""), "{keys}");
    signing.learn(serde_json::from_str(&keys).unwrap());
    enter(&signing, &mut browser).await;
    assert_eq!(posting.browser().get("/ufficio/accesso/ente/chiavi.json").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn without_a_provider_there_is_no_such_way() {
    let house = House::new().await;
    let mut browser = house.browser();
    for path in ["avvia", "ritorno", "chiavi.json"] {
        assert_eq!(browser.get(&format!("/ufficio/accesso/ente/{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(!browser.get("/ufficio/accesso").await.body.contains("/ente/"));
}
