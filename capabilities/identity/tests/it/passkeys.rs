//! Passkeys at the officials' door, and what is done to them.

use axum::http::StatusCode;

use crate::{
    authenticator::{Authenticator, Fields, TOUCHED, VERIFIED},
    house::{Browser, House, PASSWORD, Reply},
};

pub const ENROL: &str = "/ufficio/accesso/attiva";
const SECOND: &str = "/ufficio/accesso/secondo";
pub const ALONE: &str = "/ufficio/accesso/passkey";

pub async fn send(browser: &mut Browser<'_>, place: &str, fields: &Fields) -> Reply {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(place, &fields).await
}

/// An officer inside who has just registered the device.
async fn registered<'a>(house: &'a House, id: &str, device: &mut Authenticator) -> Browser<'a> {
    let mut browser = house.browser();
    assert_eq!(browser.login_officer(id, PASSWORD).await.status, StatusCode::SEE_OTHER);
    let page = browser.get(ENROL).await;
    let made = device.make(&page);
    let reply = send(&mut browser, "/ufficio/accesso/attiva/passkey", &made).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.body);
    assert_eq!(reply.codes().len(), 10, "the first second proof comes with recovery codes");
    browser
}

/// A browser that has shown the password, and the page that asks for the passkey.
async fn asked<'a>(house: &'a House, id: &str) -> (Browser<'a>, Reply) {
    let mut browser = house.browser();
    assert_eq!(browser.login_officer(id, PASSWORD).await.location, SECOND);
    let page = browser.get(SECOND).await;
    (browser, page)
}

pub async fn asked_alone(house: &House) -> (Browser<'_>, Reply) {
    let mut browser = house.browser();
    let begun = browser.post("/ufficio/accesso/passkey/inizia", &[("ritorno", "/ufficio/prova")]).await;
    assert_eq!(begun.location, ALONE);
    let page = browser.get(ALONE).await;
    (browser, page)
}

/// Nobody came in.
async fn refused(browser: &mut Browser<'_>, reply: Reply, why: &str) {
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{why}: {}", reply.body);
    assert_eq!(browser.get("/ufficio/prova").await.status, StatusCode::SEE_OTHER, "{why}");
}

#[tokio::test]
async fn a_passkey_of_each_kind_is_a_second_proof() {
    let house = House::new().await;
    for (number, algorithm) in [(1, -7), (2, -8), (3, -257)] {
        let id = format!("ugo{number}");
        house.employ(&id).await;
        let mut device = Authenticator::new(number, algorithm);
        registered(&house, &id, &mut device).await;
        device.flags = TOUCHED;
        let (mut browser, page) = asked(&house, &id).await;
        assert_eq!(page.attribute("data-known"), device.id());
        let entered = send(&mut browser, SECOND, &device.answer(&page)).await;
        assert_eq!(entered.location, "/ufficio/prova", "{algorithm}: {}", entered.body);
        assert!(browser.get("/ufficio/prova").await.body.contains("livello 2"));
    }
}

#[tokio::test]
async fn a_passkey_that_made_sure_of_its_holder_opens_alone() {
    let house = House::new().await;
    let mut device = Authenticator::new(1, -7);
    registered(&house, "ugo.prova", &mut device).await;
    let (mut browser, page) = asked_alone(&house).await;
    assert_eq!((page.attribute("data-known").as_str(), page.attribute("data-verified").as_str()), ("", "1"));
    let entered = send(&mut browser, ALONE, &device.answer(&page)).await;
    assert_eq!(entered.location, "/ufficio/prova", "{}", entered.body);
    assert!(browser.get("/ufficio/prova").await.body.contains("livello 2"));

    device.flags = TOUCHED;
    let (mut browser, page) = asked_alone(&house).await;
    let reply = send(&mut browser, ALONE, &device.answer(&page)).await;
    refused(&mut browser, reply, "having it is not enough").await;
}

#[tokio::test]
async fn what_is_done_to_an_answer_is_refused() {
    let house = House::new().await;
    let mut device = Authenticator::new(1, -7);
    registered(&house, "ugo.prova", &mut device).await;
    type Change = fn(&mut Authenticator);
    let changes: [(&str, Change); 7] = [
        ("another site", |device| device.origin = "http://localhost:8081"),
        ("a site that looks alike", |device| device.origin = "http://localhost:8080.altrove.example"),
        ("a frame of another site", |device| device.cross_origin = true),
        ("a passkey of another site", |device| device.site = "altrove.example"),
        ("nobody touched it", |device| device.flags = VERIFIED),
        ("another ceremony", |device| device.ceremony = Some("webauthn.create")),
        ("the payment ceremony", |device| device.ceremony = Some("payment.get")),
    ];
    for (why, change) in changes {
        change(&mut device);
        let (mut browser, page) = asked(&house, "ugo.prova").await;
        let reply = send(&mut browser, SECOND, &device.answer(&page)).await;
        refused(&mut browser, reply, why).await;
        device.restore();
        house.pass(20 * 60);
    }
    let (mut browser, page) = asked(&house, "ugo.prova").await;
    assert_eq!(
        send(&mut browser, SECOND, &device.answer(&page)).await.status,
        StatusCode::SEE_OTHER,
        "unchanged it opens"
    );
}

#[tokio::test]
async fn an_altered_answer_is_refused_whatever_was_altered() {
    let house = House::new().await;
    let mut device = Authenticator::new(1, -7);
    registered(&house, "ugo.prova", &mut device).await;
    for altered in ["contesto", "dispositivo", "firma"] {
        for rubbish in ["", "????", "AAAA"] {
            let (mut browser, page) = asked(&house, "ugo.prova").await;
            let mut fields = device.answer(&page);
            let field = fields.iter_mut().find(|(name, _)| *name == altered).unwrap();
            field.1 = if rubbish.is_empty() { turn_a_bit(&field.1) } else { rubbish.to_owned() };
            let reply = send(&mut browser, SECOND, &fields).await;
            refused(&mut browser, reply, altered).await;
            house.pass(20 * 60);
        }
    }
}

/// Another last but one character: another byte, and still base64.
fn turn_a_bit(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = bytes.len() - 3;
    bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
    String::from_utf8(bytes).unwrap()
}

#[tokio::test]
async fn an_answer_is_good_for_its_question_alone() {
    let house = House::new().await;
    let mut device = Authenticator::new(1, -7);
    registered(&house, "ugo.prova", &mut device).await;
    let (mut browser, page) = asked(&house, "ugo.prova").await;
    let answer = device.answer(&page);
    let again = browser.get(SECOND).await;
    assert_ne!(again.attribute("data-challenge"), page.attribute("data-challenge"));
    let reply = send(&mut browser, SECOND, &answer).await;
    refused(&mut browser, reply, "the page asked anew").await;

    let page = browser.get(SECOND).await;
    let answer = device.answer(&page);
    // Somebody has the cookie and the answer, and is as fast.
    let mut thief = house.browser();
    thief.jar.clone_from(&browser.jar);
    let (own, stolen) = tokio::join!(send(&mut browser, SECOND, &answer), send(&mut thief, SECOND, &answer));
    let mut places = [own.location.as_str(), stolen.location.as_str()];
    places.sort_unstable();
    assert_eq!(places, ["/ufficio/accesso", "/ufficio/prova"]);
    let late = send(&mut thief, SECOND, &answer).await;
    assert_eq!(late.location, "/ufficio/accesso", "the cookie is worth nothing any more");
}

#[tokio::test]
async fn a_passkey_that_counts_never_counts_backwards() {
    let house = House::new().await;
    let mut device = Authenticator::new(1, -7);
    device.counter = 5;
    registered(&house, "ugo.prova", &mut device).await;
    for (counter, good) in [(5, false), (6, true), (6, false), (4, false), (0, false), (900, true)] {
        device.counter = counter;
        let (mut browser, page) = asked(&house, "ugo.prova").await;
        let reply = send(&mut browser, SECOND, &device.answer(&page)).await;
        assert_eq!(reply.status == StatusCode::SEE_OTHER, good, "{counter}");
        house.pass(20 * 60);
    }
}

#[tokio::test]
async fn nobody_comes_in_with_a_colleagues_passkey() {
    let house = House::new().await;
    house.employ("ada.prova").await;
    let (mut own, mut other) = (Authenticator::new(1, -7), Authenticator::new(2, -8));
    registered(&house, "ugo.prova", &mut own).await;
    registered(&house, "ada.prova", &mut other).await;
    let (mut browser, page) = asked(&house, "ugo.prova").await;
    let reply = send(&mut browser, SECOND, &other.answer(&page)).await;
    refused(&mut browser, reply, "the password of one, the passkey of another").await;

    let (mut browser, page) = asked_alone(&house).await;
    let mut fields = own.answer(&page);
    let handle = other.answer(&page).pop().unwrap();
    *fields.last_mut().unwrap() = handle;
    let reply = send(&mut browser, ALONE, &fields).await;
    refused(&mut browser, reply, "the holder of another").await;
}

#[tokio::test]
async fn a_passkey_belongs_to_one_account() {
    let house = House::new().await;
    house.employ("ada.prova").await;
    let mut device = Authenticator::new(1, -7);
    registered(&house, "ugo.prova", &mut device).await;
    let mut browser = house.browser();
    browser.login_officer("ada.prova", PASSWORD).await;
    let page = browser.get(ENROL).await;
    let reply = send(&mut browser, "/ufficio/accesso/attiva/passkey", &device.make(&page)).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_passkeys").await, 1);
}

#[tokio::test]
async fn what_is_done_to_a_registration_is_refused() {
    let house = House::new().await;
    let mut browser = house.browser();
    browser.login_officer("ugo.prova", PASSWORD).await;
    for (altered, value) in [
        ("algoritmo", "-8"),
        ("algoritmo", "-65535"),
        ("algoritmo", "x"),
        ("chiave", "AAAA"),
        ("contesto", "e30"),
        ("dispositivo", "AAAA"),
        ("credenziale", ""),
    ] {
        let page = browser.get(ENROL).await;
        let mut fields = Authenticator::new(1, -7).make(&page);
        value.clone_into(&mut fields.iter_mut().find(|(name, _)| *name == altered).unwrap().1);
        let reply = send(&mut browser, "/ufficio/accesso/attiva/passkey", &fields).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{altered} {value}");
    }
    let page = browser.get(ENROL).await;
    let mut elsewhere = Authenticator::new(1, -7);
    elsewhere.origin = "https://altrove.example";
    let reply = send(&mut browser, "/ufficio/accesso/attiva/passkey", &elsewhere.make(&page)).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_passkeys").await, 0);
}

#[tokio::test]
async fn a_disabled_account_has_no_passkey() {
    let house = House::new().await;
    let mut device = Authenticator::new(1, -7);
    registered(&house, "ugo.prova", &mut device).await;
    house.execute("UPDATE identity_staff SET disabled = 1").await;
    let (mut browser, page) = asked_alone(&house).await;
    let reply = send(&mut browser, ALONE, &device.answer(&page)).await;
    refused(&mut browser, reply, "disabled").await;
}
