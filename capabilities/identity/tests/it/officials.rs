//! The officials' door.

use axum::http::StatusCode;

use crate::house::{House, PASSWORD};

#[tokio::test]
async fn officials_come_in_by_their_own_door() {
    let house = House::new().await;
    let mut browser = house.browser();
    let asked = browser.get("/ufficio/prova").await;
    assert_eq!(asked.location, "/ufficio/accesso?ritorno=/ufficio/prova");
    let door = browser.get(&asked.location).await;
    assert!(
        door.body.contains("Utenti di prova") && door.body.contains(PASSWORD),
        "the demonstration tells its passwords"
    );
    assert_eq!(door.hidden("ritorno"), "/ufficio/prova");

    let entered = browser.login_officer("Ugo.Prova", PASSWORD).await;
    assert_eq!((entered.status, entered.location.as_str()), (StatusCode::SEE_OTHER, "/ufficio/prova"));
    assert_eq!(browser.get("/ufficio/prova").await.body, r#"Ugo Prova famiglie ["operator"] livello 1"#);
    assert_eq!(browser.get("/prova").await.status, StatusCode::SEE_OTHER, "an official is no citizen");
    assert_eq!(browser.post("/esci", &[]).await.location, "/esci/fatto?ufficio=1");
    assert_eq!(browser.get("/ufficio/prova").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn one_browser_goes_through_one_door_at_a_time() {
    let house = House::new().await;
    let mut browser = house.browser();
    browser.login("/prova", &[("persona", "anna")]).await;
    assert_eq!(browser.get("/ufficio/prova").await.status, StatusCode::SEE_OTHER, "a citizen is no official");
    browser.login_officer("ugo.prova", PASSWORD).await;
    assert_eq!(browser.get("/prova").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn who_is_disabled_is_out_at_once() {
    let house = House::new().await;
    let mut browser = house.browser();
    browser.login_officer("ugo.prova", PASSWORD).await;
    let mut tx = house.database.begin().await.unwrap();
    tx.execute("UPDATE identity_staff SET disabled = 1", &[]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(browser.get("/ufficio/prova").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.login_officer("ugo.prova", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_password_that_was_replaced_while_it_was_compared_opens_nothing() {
    let house = House::new().await;
    let mut browser = house.browser();
    // The attempt is counted when the password in force was read; then it is compared.
    let replace = async {
        while house.count("SELECT count(*) AS n FROM identity_guesses").await == 0 {
            tokio::task::yield_now().await;
        }
        house.execute("UPDATE identity_staff SET password_hash = 'un’altra'").await;
    };
    let (refused, ()) = tokio::join!(browser.login_officer("ugo.prova", PASSWORD), replace);
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(browser.get("/ufficio/prova").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_wrong_password_and_a_missing_account_look_alike() {
    let house = House::new().await;
    let mut browser = house.browser();
    let wrong = browser.login_officer("ugo.prova", "sbagliata").await;
    let missing = browser.login_officer("non.esiste", "sbagliata").await;
    assert_eq!((wrong.status, missing.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(wrong.body.replace("ugo.prova", ""), missing.body.replace("ugo.prova", "").replace("non.esiste", ""));
    assert!(wrong.body.contains("non corretti") && !wrong.body.contains("sbagliata"));
}

#[tokio::test]
async fn guessing_at_an_account_becomes_slow() {
    let house = House::new().await;
    let mut browser = house.browser();
    for _ in 0..5 {
        assert_eq!(browser.login_officer("ugo.prova", "x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let barred = browser.login_officer("ugo.prova", PASSWORD).await;
    assert_eq!(barred.status, StatusCode::TOO_MANY_REQUESTS, "even the right password waits");
    assert!(barred.body.contains("puoi riprovare tra 30 secondi"), "{}", barred.body);
    assert!(barred.body.contains("L’account non è bloccato"), "{}", barred.body);

    house.pass(31);
    assert_eq!(browser.login_officer("ugo.prova", "x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    house.pass(31);
    assert_eq!(browser.login_officer("ugo.prova", "x").await.status, StatusCode::TOO_MANY_REQUESTS, "it grows");
    house.pass(60);
    assert_eq!(browser.login_officer("ugo.prova", PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.login_officer("ugo.prova", "x").await.status, StatusCode::UNPROCESSABLE_ENTITY, "counted anew");
}

#[tokio::test]
async fn a_stranger_elsewhere_does_not_lock_an_officer_out() {
    let house = House::new().await;
    let mut stranger = house.browser();
    stranger.address = [198, 51, 100, 7];
    for _ in 0..12 {
        stranger.login_officer("ugo.prova", "x").await;
        house.pass(20 * 60);
    }
    assert_eq!(house.browser().login_officer("ugo.prova", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guessing_from_everywhere_becomes_slow_for_seconds_only() {
    let house = House::new().await;
    let mut crowd = house.browser();
    for place in 0..=101 {
        crowd.address = [198, 51, 100, place];
        crowd.login_officer("ugo.prova", "x").await;
    }
    let mut officer = house.browser();
    let barred = officer.login_officer("ugo.prova", PASSWORD).await;
    assert_eq!(barred.status, StatusCode::TOO_MANY_REQUESTS);
    house.pass(10);
    assert_eq!(officer.login_officer("ugo.prova", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn guessing_from_an_address_becomes_slow_too() {
    let house = House::new().await;
    let mut browser = house.browser();
    for n in 0..21 {
        // Coming in with an account of one's own in between clears nothing.
        if n == 10 {
            assert_eq!(browser.login_officer("ugo.prova", PASSWORD).await.status, StatusCode::SEE_OTHER);
        }
        let reply = browser.login_officer(&format!("utente{n}"), "x").await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{n}");
    }
    assert_eq!(browser.login_officer("altro", "x").await.status, StatusCode::TOO_MANY_REQUESTS);
    browser.address = [198, 51, 100, 7];
    assert_eq!(browser.login_officer("altro", "x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn officials_are_not_led_elsewhere() {
    let house = House::new().await;
    let mut browser = house.browser();
    for evil in ["//attaccante.example", "https://attaccante.example", "/prova"] {
        let fields = [("utente", "ugo.prova"), ("password", PASSWORD), ("ritorno", evil)];
        assert_eq!(browser.post("/ufficio/accesso", &fields).await.location, "/ufficio");
    }
}

#[tokio::test]
async fn an_official_sees_who_tried_the_account_and_nobody_reads_what_was_typed_for_another() {
    let house = House::new().await;
    let mut stranger = house.browser();
    stranger.address = [198, 51, 100, 7];
    stranger.login_officer("ugo.prova", "sbagliata-sbagliata").await;
    stranger.login_officer("una-password-nel-campo-sbagliato", "x").await;
    let mut ugo = house.browser();
    ugo.login_officer("ugo.prova", PASSWORD).await;
    let page = ugo.get("/ufficio/sicurezza").await.body;
    for told in ["Non riuscito", "Da un altro collegamento", "Entrato", "Da questo collegamento"] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert_eq!(
        house.count("SELECT count(*) AS n FROM identity_staff_logins").await,
        2,
        "of no account nothing is written"
    );
    let mut other = house.browser();
    other.login_officer("ugo.prova", PASSWORD).await;
    assert!(ugo.get("/ufficio/sicurezza").await.body.contains("Sei entrato anche in un altro browser"));
    assert_eq!(ugo.post("/ufficio/sicurezza/altri", &[]).await.location, "/ufficio/sicurezza");
    assert_eq!(other.get("/ufficio/prova").await.status, StatusCode::SEE_OTHER);
    assert_eq!(ugo.get("/ufficio/prova").await.status, StatusCode::OK);
}
