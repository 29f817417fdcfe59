//! What a browser must not be made to carry: somebody else's answer, an answer for another, one that was used.

use axum::http::StatusCode;

use super::{
    answered, come_back,
    coming::known,
    enter, house,
    net::{ALTRO, Net, OP, field, object},
    start,
};
use crate::house::{PUBLIC, encode};

#[tokio::test]
async fn an_answer_of_another_provider_is_refused_before_the_code_is_shown_to_anybody() {
    let net = Net::new();
    let house = house(&net).await;
    known(&net, &house).await;
    let mut browser = house.browser();
    for issuer in [Some(ALTRO), Some("https://attaccante.example"), Some("https://op.example/"), None] {
        let started = start(&mut browser, OP, "/prova").await;
        let state = field(&object(&started.location).1, "state");
        let before = net.asked().len();
        let answer = match issuer {
            Some(issuer) => answered("codice-rubato", &state, issuer),
            None => format!("{PUBLIC}/accesso/oidc/ritorno?code=codice-rubato&state={state}"),
        };
        assert_eq!(browser.get(&answer).await.status, StatusCode::FORBIDDEN, "{issuer:?}");
        assert_eq!(net.asked().len(), before, "nobody was given the code");
    }
    let strays = house.strays().await;
    assert_eq!(strays.matches("comes from another provider").count(), 4, "{strays}");
    assert!(!house.register().await.contains("response"), "what the browser alone brought is no part of the register");
}

#[tokio::test]
async fn states_are_good_once_in_the_browser_that_began_and_in_time() {
    let net = Net::new();
    let house = house(&net).await;
    known(&net, &house).await;
    let (mut browser, mut other) = (house.browser(), house.browser());
    for state in ["", "x", "0000000000000000000000000000000000000000000000000000000000000000"] {
        assert_eq!(browser.get(&answered("codice-1", state, OP)).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(browser.get("/accesso/oidc/ritorno").await.status, StatusCode::FORBIDDEN);

    // Login CSRF: the attacker's answer in somebody else's browser, which may have begun a login of its own.
    let started = start(&mut browser, OP, "/prova").await;
    let answer = net.authorize(&started.location);
    start(&mut other, OP, "/prova").await;
    let refused = other.get(&answer).await;
    assert!(refused.body.contains("in un altro browser"), "{}", refused.body);

    // The browser that began goes on; a second time nothing is left, whatever code it brings.
    let accepted = browser.get(&answer).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.body);
    let before = net.asked().len();
    assert_eq!(browser.get(&answer).await.status, StatusCode::FORBIDDEN);
    assert_eq!(net.asked().len(), before);
    assert_eq!(browser.get(&accepted.location).await.location, "/prova");

    let started = start(&mut browser, OP, "/prova").await;
    let late = net.authorize(&started.location);
    house.pass(601);
    assert!(browser.get(&late).await.body.contains("scaduta"));
}

#[tokio::test]
async fn a_failed_answer_uses_the_state_up() {
    let net = Net::new();
    let house = house(&net).await;
    known(&net, &house).await;
    let mut browser = house.browser();
    let started = start(&mut browser, OP, "/prova").await;
    let state = field(&object(&started.location).1, "state");
    assert_eq!(browser.get(&answered("indovinato", &state, OP)).await.status, StatusCode::BAD_GATEWAY);
    assert!(house.strays().await.contains(&format!("oidc {state} ")) && !house.register().await.contains("response"));
    let right = net.authorize(&started.location);
    assert_eq!(browser.get(&right).await.status, StatusCode::FORBIDDEN, "nobody guesses twice");
}

#[tokio::test]
async fn a_code_is_worth_nothing_in_another_login() {
    let net = Net::new();
    let house = house(&net).await;
    known(&net, &house).await;
    let (mut attacker, mut victim) = (house.browser(), house.browser());
    // The attacker's own code, put into the victim's login: the proof of the key (PKCE) is another one's.
    let own = start(&mut attacker, OP, "/prova").await;
    let code = net.grant(&own.location);
    let started = start(&mut victim, OP, "/prova").await;
    let state = field(&object(&started.location).1, "state");
    assert_eq!(victim.get(&answered(&code, &state, OP)).await.status, StatusCode::BAD_GATEWAY);

    // A code that was used already.
    enter(&net, &mut victim).await;
    let again = start(&mut victim, OP, "/prova").await;
    let state = field(&object(&again.location).1, "state");
    assert_eq!(victim.get(&answered("codice-2", &state, OP)).await.status, StatusCode::BAD_GATEWAY);
}

#[tokio::test]
async fn whoever_gives_up_reads_so() {
    let net = Net::new();
    let house = house(&net).await;
    known(&net, &house).await;
    let mut browser = house.browser();
    for (error, status, told) in [
        ("access_denied", StatusCode::FORBIDDEN, "Hai interrotto l’accesso"),
        ("server_error", StatusCode::BAD_GATEWAY, "non risponde come dovrebbe"),
    ] {
        let started = start(&mut browser, OP, "/prova").await;
        let state = field(&object(&started.location).1, "state");
        let text = encode("<script>alert(1)</script>");
        let back = format!("/accesso/oidc/ritorno?error={error}&error_description={text}&state={state}");
        let refused = browser.get(&back).await;
        assert_eq!(refused.status, status);
        assert!(refused.body.contains(told) && !refused.body.contains("alert(1)"), "{}", refused.body);
    }
    let strays = house.strays().await;
    assert!(strays.contains("the provider did not identify the person: access_denied"), "{strays}");
    assert!(!strays.contains("alert") && !house.register().await.contains("response"), "{strays}");
}

#[tokio::test]
async fn the_way_back_never_leaves_this_site() {
    let net = Net::new();
    let house = house(&net).await;
    known(&net, &house).await;
    let mut browser = house.browser();
    for back in ["https://attaccante.example/", "//attaccante.example", "/\\attaccante.example", "javascript:alert(1)"]
    {
        let started = start(&mut browser, OP, back).await;
        let answer = net.authorize(&started.location);
        let accepted = browser.get(&answer).await;
        assert_eq!(browser.get(&accepted.location).await.location, "/profilo", "{back}");
    }
    let unknown = start(&mut browser, "https://attaccante.example", "/prova").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "nobody is led to whom the federation does not know");
}

#[tokio::test]
async fn sessions_change_their_token_at_the_login() {
    let net = Net::new();
    let house = house(&net).await;
    known(&net, &house).await;
    let mut browser = house.browser();
    enter(&net, &mut browser).await;
    let first = browser.jar.clone();
    let accepted = come_back(&net, &mut browser).await;
    browser.get(&accepted.location).await;
    assert_ne!(first, browser.jar);
}
