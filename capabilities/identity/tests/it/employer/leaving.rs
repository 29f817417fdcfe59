//! The way out: of here and of the provider.

use axum::http::StatusCode;
use serde_json::{Value, json};
use web::Mode;

use super::{at_work, enter, house, idp::Idp};
use crate::{
    house::{Browser, PASSWORD, Reply},
    openid::{NOW, words::Key},
};

const LEFT: &str = "/ufficio/accesso/ente/fuori";

async fn tell(browser: &mut Browser<'_>, token: &str) -> Reply {
    browser.post_across(LEFT, &[("logout_token", token)]).await
}

#[tokio::test]
async fn who_leaves_here_is_led_to_leave_the_provider() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    let mut browser = house.browser();
    enter(&idp, &mut browser).await;
    let reply = browser.post("/esci", &[]).await;
    let place = "https://accesso.example/ente/logout?client_id=sportello&post_logout_redirect_uri=";
    assert!(
        reply.refresh.contains(place) && reply.body.contains("Accesso dell’ente"),
        "{} {}",
        reply.refresh,
        reply.body
    );
    assert!(!reply.refresh.contains("ey"), "no token in an address");
    assert_eq!(at_work(&mut browser).await, None);
    browser.login_officer("ugo.prova", PASSWORD).await;
    assert_eq!(
        browser.post("/esci", &[]).await.location,
        "/esci/fatto?ufficio=1",
        "who came by a password is not led there"
    );
}

#[tokio::test]
async fn who_leaves_the_provider_is_out_here() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    let (mut first, mut second, mut other) = (house.browser(), house.browser(), house.browser());
    enter(&idp, &mut first).await;
    idp.tell("sid", json!("s-2"));
    enter(&idp, &mut second).await;
    other.login_officer("ugo.prova", PASSWORD).await;
    let token = idp.goodbye(|_, _| ());
    let reply = tell(&mut house.browser(), &token).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    assert_eq!(at_work(&mut first).await, None);
    assert!(at_work(&mut second).await.is_some(), "one session was named");
    assert_eq!(tell(&mut house.browser(), &token).await.status, StatusCode::BAD_REQUEST, "it is heard once");
    let all = idp.goodbye(|_, claims| {
        claims.as_object_mut().unwrap().remove("sid");
        claims["jti"] = json!("addio-2");
    });
    assert_eq!(tell(&mut house.browser(), &all).await.status, StatusCode::OK);
    assert_eq!(at_work(&mut second).await, None);
    assert!(at_work(&mut other).await.is_some());
}

#[tokio::test]
async fn a_new_key_and_a_session_without_a_name_keep_nobody_in() {
    let idp = Idp::new();
    idp.tell("sid", json!(null));
    let house = house(&idp, Mode::Demo).await;
    let mut browser = house.browser();
    enter(&idp, &mut browser).await;
    idp.renew_key("ente-2");
    house.pass(31);
    let token = idp.goodbye(|_, claims| claims["exp"] = json!(NOW + 300));
    assert_eq!(tell(&mut house.browser(), &token).await.status, StatusCode::OK);
    assert_eq!(at_work(&mut browser).await, None);
}

#[tokio::test]
async fn nobody_else_puts_an_official_out() {
    let idp = Idp::new();
    let house = house(&idp, Mode::Demo).await;
    let mut browser = house.browser();
    enter(&idp, &mut browser).await;
    let set = |name: &'static str, value: Value| move |_: &mut Value, claims: &mut Value| claims[name] = value;
    let mut tokens = vec![
        idp.goodbye(set("iss", json!("https://altro.example"))),
        idp.goodbye(set("aud", json!("altro"))),
        idp.goodbye(set("events", json!({}))),
        idp.goodbye(set("events", json!({"http://schemas.openid.net/event/backchannel-logout": true}))),
        idp.goodbye(set("nonce", json!("x"))),
        idp.goodbye(set("sub", json!(""))),
        idp.goodbye(set("jti", json!(null))),
        idp.goodbye(set("exp", json!(NOW - 300))),
        idp.goodbye(set("iat", json!(NOW + 600))),
        idp.goodbye(set("iat", json!(NOW - 3_600))),
        idp.goodbye(|header, _| header["typ"] = json!("at+jwt")),
        idp.goodbye(|header, _| header["kid"] = json!("altra")),
        "ey.ey.ey".to_owned(),
        String::new(),
    ];
    let attacker = Key::new(&idp.key().kid);
    let header = json!({"alg": "ES256", "kid": attacker.kid});
    tokens.push(
        attacker.sign(&header, &json!({"iss": "https://accesso.example/ente", "aud": "sportello", "sub": "u-17"})),
    );
    for token in tokens {
        assert_eq!(tell(&mut house.browser(), &token).await.status, StatusCode::BAD_REQUEST, "{token}");
    }
    assert!(at_work(&mut browser).await.is_some());
}
