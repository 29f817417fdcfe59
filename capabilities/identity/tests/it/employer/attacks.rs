//! What others try.

use axum::http::StatusCode;
use serde_json::json;
use web::Mode;

use super::{
    at_work, come, enter, house,
    idp::{Change, ISSUER, Idp},
    start,
};
use crate::{
    authenticator::Authenticator,
    house::{House, PASSWORD, encode},
    openid::{
        NOW,
        words::{Key, encode as base64, sign_shared},
    },
    passkeys::{ALONE, ENROL, asked_alone, send},
};

/// The provider's word lets nobody in as it is now.
async fn refused(idp: &Idp, house: &House, why: &str) {
    let mut browser = house.browser();
    let reply = come(idp, &mut browser, "/ufficio/prova").await;
    let told = reply.status == StatusCode::FORBIDDEN && reply.body.contains("non ha superato");
    assert!(told, "{why}: {}", reply.body);
    assert_eq!(at_work(&mut browser).await, None, "{why}");
}

#[tokio::test]
async fn a_token_that_is_not_the_answer_to_this_question_opens_nothing() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    let claims = [
        ("iss", json!("https://altro.example")),
        ("aud", json!("altro")),
        ("aud", json!(["sportello", "altro"])),
        ("aud", json!([])),
        ("azp", json!("altro")),
        ("nonce", json!("di un altro")),
        ("nonce", json!(null)),
        ("exp", json!(NOW - 600)),
        ("iat", json!(NOW - 3_600)),
        ("iat", json!(NOW + 600)),
        ("nbf", json!(NOW + 600)),
        ("at_hash", json!("AAAA")),
        ("sub", json!("")),
        ("sub", json!("a".repeat(256))),
    ];
    for (name, value) in claims {
        idp.change(move |draft| draft.claims[name] = value.clone());
        refused(&idp, &house, name).await;
    }
    idp.unchanged();
    enter(&idp, &mut house.browser()).await;
}

#[tokio::test]
async fn a_token_that_the_provider_did_not_sign_opens_nothing() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    let attacker = std::sync::Arc::new(Key::new("ente-1"));
    let public = idp.key().set().to_string();
    let tricks: [(&str, Change); 6] = [
        ("another key under its name", {
            let attacker = attacker.clone();
            Box::new(move |draft| draft.text = Some(attacker.sign(&draft.header, &draft.claims)))
        }),
        ("a key of its own", {
            let attacker = attacker.clone();
            Box::new(move |draft| {
                draft.header["jwk"] = attacker.public();
                draft.text = Some(attacker.sign(&draft.header, &draft.claims));
            })
        }),
        ("a key that nobody knows", Box::new(|draft| draft.header["kid"] = json!("altra"))),
        ("none", {
            Box::new(|draft| {
                let header = json!({"alg": "none"}).to_string();
                draft.text = Some(format!("{}.{}.", base64(header), base64(draft.claims.to_string())));
            })
        }),
        ("a secret that everybody knows", {
            Box::new(move |draft| {
                draft.header["alg"] = json!("HS256");
                draft.text = Some(sign_shared(public.as_bytes(), &draft.header, &draft.claims));
            })
        }),
        ("a token for something else", Box::new(|draft| draft.header["typ"] = json!("logout+jwt"))),
    ];
    for (name, trick) in tricks {
        idp.change(trick);
        refused(&idp, &house, name).await;
    }
}

#[tokio::test]
async fn an_answer_is_for_the_browser_that_asked_and_once() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    let (mut browser, mut victim) = (house.browser(), house.browser());
    let started = start(&mut browser, "/ufficio/prova").await;
    let answer = idp.authorize(&started.location);
    let reply = victim.get(&answer).await;
    assert!(reply.status == StatusCode::FORBIDDEN && reply.body.contains("un altro browser"), "{}", reply.body);
    assert_eq!(at_work(&mut victim).await, None, "nobody is let in as somebody else");
    assert_eq!(browser.get(&answer).await.location, "/ufficio/prova");
    let mut again = house.browser();
    again.jar.clone_from(&browser.jar);
    again.jar.remove("sportello");
    let reply = again.get(&answer).await;
    assert_eq!((reply.status, at_work(&mut again).await), (StatusCode::FORBIDDEN, None));
    let late = start(&mut browser, "/ufficio/prova").await;
    house.pass(601);
    assert_eq!(browser.get(&idp.authorize(&late.location)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_answer_of_another_provider_is_not_shown_to_this_one() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    let mut browser = house.browser();
    for other in ["&iss=https%3A%2F%2Faltro.example", ""] {
        let started = start(&mut browser, "/ufficio/prova").await;
        let answer = idp.authorize(&started.location).replace(&format!("&iss={}", encode(ISSUER)), other);
        let before = idp.asked().len();
        assert_eq!(browser.get(&answer).await.status, StatusCode::FORBIDDEN, "{other}");
        assert_eq!(idp.asked().len(), before, "the code goes to nobody");
    }
    let strays = house.strays().await;
    assert!(strays.lines().count() == 2 && strays.starts_with("ente "), "{strays}");
}

#[tokio::test]
async fn a_citizens_login_is_none_of_an_official() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    let mut browser = house.browser();
    start(&mut browser, "/ufficio/prova").await;
    house.execute("UPDATE identity_logins SET provider = 'spid'").await;
    let sql = "SELECT request_id FROM identity_logins";
    let rows = house.database.read().await.unwrap().rows(sql, &[]).await.unwrap();
    let state = rows[0].text("request_id").unwrap();
    let answer = format!("/ufficio/accesso/ente/ritorno?code=x&state={state}&iss={}", encode(ISSUER));
    assert_eq!(browser.get(&answer).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_assertions").await, 0, "it waits on");
}

#[tokio::test]
async fn a_key_that_is_new_is_looked_up_and_not_for_everybody_who_invents_one() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    idp.renew_key("ente-2");
    house.pass(31);
    enter(&idp, &mut house.browser()).await;
    let lookups = || idp.asked().iter().filter(|url| url.ends_with("/jwks")).count();
    let before = lookups();
    idp.change(|draft| draft.header["kid"] = json!("inventata"));
    for _ in 0..3 {
        assert_eq!(come(&idp, &mut house.browser(), "/ufficio/prova").await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(lookups(), before);
}

#[tokio::test]
async fn a_configuration_of_somebody_else_is_not_taken() {
    for (name, value) in [
        ("issuer", json!("https://accesso.example/altro")),
        ("issuer", json!("https://accesso.example/ente/")),
        ("jwks_uri", json!(null)),
        ("token_endpoint", json!("javascript:alert(1)")),
        ("authorization_endpoint", json!("https://accesso.example/\" onclick=\"x")),
        ("code_challenge_methods_supported", json!(["plain"])),
    ] {
        let idp = Idp::new();
        idp.configure(name, value);
        let house = house(&idp, Mode::Demo).await;
        let reply = start(&mut house.browser(), "/ufficio").await;
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE, "{name}");
    }
}

#[tokio::test]
async fn a_provider_that_falls_silent_keeps_what_was_known_of_it() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    idp.configure("issuer", json!("https://altro.example"));
    house.pass(3_700);
    house.look().await;
    assert_eq!(start(&mut house.browser(), "/ufficio").await.status, StatusCode::FOUND);
}

#[tokio::test]
async fn what_was_set_up_here_opens_nothing_without_the_provider() {
    let idp = Idp::new();
    idp.tell("auth_time", json!(NOW));
    let house = house(&idp, Mode::Demo).await;
    let mut browser = house.browser();
    enter(&idp, &mut browser).await;
    let mut device = Authenticator::new(1, -7);
    let page = browser.get(ENROL).await;
    let made = send(&mut browser, "/ufficio/accesso/attiva/passkey", &device.make(&page)).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    let (mut alone, page) = asked_alone(&house).await;
    let reply = send(&mut alone, ALONE, &device.answer(&page)).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", reply.location);
    assert_eq!(at_work(&mut alone).await, None);
    // Beside the provider's word it is a second proof.
    let mut beside = house.browser();
    assert_eq!(come(&idp, &mut beside, "/ufficio/prova").await.location, "/ufficio/accesso/secondo");
    assert_eq!(at_work(&mut beside).await, None);
    assert_eq!(browser.login_officer("ada.prova", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.login_officer("ada.prova", "").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn ways_in_are_changed_by_who_proves_it_anew_and_not_by_a_cookie_of_the_provider() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    let mut browser = house.browser();
    enter(&idp, &mut browser).await;
    let place = browser.get("/ufficio/accesso/attiva").await.location;
    assert_eq!(place, "/ufficio/accesso?conferma=1&ritorno=/ufficio/sicurezza", "she proved it an hour ago");
    let page = browser.get(&place).await.body;
    assert!(page.contains("/ente/avvia?ritorno=%2Fufficio%2Fsicurezza"), "{page}");
    let started = start(&mut browser, "/ufficio/sicurezza").await;
    assert!(started.location.contains("&prompt=login&max_age=0"), "{}", started.location);
    let reply = browser.get(&idp.authorize(&started.location)).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN, "the provider did not ask anew");
    idp.tell("auth_time", json!(NOW));
    let reply = come(&idp, &mut browser, "/ufficio/sicurezza").await;
    assert_eq!(reply.location, "/ufficio/sicurezza");
    assert_eq!(browser.get("/ufficio/accesso/attiva").await.status, StatusCode::OK);
    let page = browser.get("/ufficio/sicurezza").await.body;
    assert!(page.contains("Entri con Accesso dell’ente") && !page.contains("name=\"attuale\""), "{page}");
}
