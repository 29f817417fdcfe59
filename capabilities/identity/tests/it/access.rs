//! Login with an e-ID: the whole way, and every way round it.

use axum::http::StatusCode;
use base::Clock as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use crate::house::House;

const ANNA: &[(&str, &str)] = &[("persona", "anna"), ("livello", "2")];

#[tokio::test]
async fn the_whole_way_in_and_out() {
    let house = House::new().await;
    let mut browser = house.browser();
    let asked = browser.get("/prova?a=1").await;
    assert_eq!((asked.status, asked.location.as_str()), (StatusCode::SEE_OTHER, "/accesso?ritorno=/prova%3Fa%3D1"));
    let choose = browser.get(&asked.location).await;
    assert!(choose.body.contains("Entra con IdP dimostrativo"));
    assert!(choose.body.contains("SPID, CIE e CNS si potranno usare quando saranno collegati"));
    assert!(choose.body.contains("/accesso/saml/avvia?idp=dimostrativo"));

    let page = browser.login("/prova?a=1", ANNA).await;
    assert_eq!(page.body, "Anna Bianchi BNCNNA90M49Z404C livello 2 []");
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_pairs").await, 1);
    assert_eq!(
        house.count("SELECT count(*) AS n FROM identity_messages WHERE outcome IN ('sent', 'accepted')").await,
        2
    );
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_logins WHERE claims IS NOT NULL").await, 0);

    let session = browser.jar.clone();
    let out = browser.post("/esci", &[]).await;
    assert_eq!(out.location, "/esci/fatto");
    assert!(browser.get("/esci/fatto").await.body.contains("Sei uscito"));
    browser.jar = session;
    assert_eq!(browser.get("/prova").await.status, StatusCode::SEE_OTHER, "the old cookie opens nothing");
}

#[tokio::test]
async fn a_link_alone_logs_nobody_out() {
    let house = House::new().await;
    let mut browser = house.browser();
    browser.login("/prova", ANNA).await;
    assert!(browser.get("/esci").await.body.contains("Vuoi uscire"));
    assert_eq!(browser.get("/esci/fatto").await.location, "/esci");
    assert_eq!(browser.get("/prova").await.status, StatusCode::OK);
    browser.site = "cross-site";
    assert_eq!(browser.post("/esci", &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn anybody_of_the_sample_world_can_be_found_by_fiscal_code() {
    let house = House::new().await;
    let mut browser = house.browser();
    let page = browser.login("/prova", &[("codice", "doovea69r54 h501y"), ("livello", "3")]).await;
    assert_eq!(page.body, "Eva Òdo DOOVEA69R54H501Y livello 3 []");

    let start = browser.get("/accesso/saml/avvia?idp=dimostrativo").await;
    let request = browser.get(&start.location).await.hidden("richiesta");
    for (code, words) in [
        ("DOOVEA69R54H501X", "Controlla il codice fiscale"),
        ("VRDGFR55L04D612V", "non c’è nessuno"),
        ("", "Scegli una persona"),
    ] {
        let reply = browser.post("/idp-dimostrativo/scelta", &[("richiesta", &request), ("codice", code)]).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(reply.body.contains(words), "{}", reply.body);
    }
}

#[tokio::test]
async fn a_level_below_the_asked_one_is_refused_and_can_be_raised() {
    let house = House::new().await;
    let mut browser = house.browser();
    let (weak, _) = browser.answer("/prova", &[("persona", "anna"), ("livello", "1")]).await;
    let refused = browser.deliver(&weak).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("con il livello richiesto"));
    let registered = "SELECT count(*) AS n FROM identity_messages WHERE provider = 'dimostrativo' AND outcome LIKE '%lower than asked%'";
    assert_eq!(house.count(registered).await, 1);

    browser.login("/prova", ANNA).await;
    let up = browser.get("/prova/forte?x=1").await;
    assert_eq!(up.location, "/accesso?livello=3&ritorno=%2Fprova%2Fforte%3Fx%3D1");
    let choose = browser.get(&up.location).await;
    assert!(choose.body.contains("livello=3"), "{}", choose.body);
}

#[tokio::test]
async fn answers_are_taken_once() {
    let house = House::new().await;
    let mut browser = house.browser();
    let (message, _) = browser.answer("/prova", ANNA).await;
    let first = browser.deliver(&message).await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let again = browser.deliver(&message).await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    assert!(again.body.contains("già stata usata"));
    browser.get(&first.location).await;
    let code_again = browser.get(&first.location).await;
    assert_eq!(code_again.status, StatusCode::BAD_REQUEST, "the one-time code too");
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_messages WHERE outcome LIKE '%expired%'").await, 1);
}

#[tokio::test]
async fn the_table_of_used_assertions_outlives_the_request() {
    let house = House::new().await;
    let mut browser = house.browser();
    let (message, _) = browser.answer("/prova", ANNA).await;
    browser.deliver(&message).await;
    // As if the note that this request was answered had been lost.
    let mut tx = house.database.begin().await.unwrap();
    tx.execute("UPDATE identity_logins SET answered_at = NULL", &[]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(browser.deliver(&message).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_messages WHERE outcome LIKE '%used before%'").await, 1);
}

#[tokio::test]
async fn an_answer_slipped_into_another_browser_logs_nobody_in() {
    let house = House::new().await;
    let (mut attacker, mut victim) = (house.browser(), house.browser());
    let (message, _) = attacker.answer("/prova", ANNA).await;
    let accepted = victim.deliver(&message).await;
    let stopped = victim.get(&accepted.location).await;
    assert_eq!(stopped.status, StatusCode::FORBIDDEN);
    assert!(stopped.body.contains("in un altro browser"));
    assert_eq!(victim.get("/prova").await.status, StatusCode::SEE_OTHER);

    // Also when the victim has a login of their own under way.
    victim.get("/accesso/saml/avvia?idp=dimostrativo").await;
    assert_eq!(victim.get(&accepted.location).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_session_that_existed_before_is_not_the_one_after() {
    let house = House::new().await;
    let mut browser = house.browser();
    browser.jar.insert("sportello".to_owned(), "scelto-da-altri".to_owned());
    browser.login("/prova", ANNA).await;
    assert_ne!(browser.jar["sportello"], "scelto-da-altri");
    let first = browser.jar["sportello"].clone();
    browser.login("/prova", ANNA).await;
    assert_ne!(browser.jar["sportello"], first);
    browser.jar.insert("sportello".to_owned(), first);
    assert_eq!(browser.get("/prova").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn late_answers_and_late_codes_are_told_kindly() {
    let house = House::new().await;
    let mut browser = house.browser();
    let (message, _) = browser.answer("/prova", ANNA).await;
    house.pass(601);
    let late = browser.deliver(&message).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    assert!(late.body.contains("scaduta") && late.body.contains("href=\"/accesso\""));

    let (message, _) = browser.answer("/prova", ANNA).await;
    let accepted = browser.deliver(&message).await;
    house.pass(121);
    assert_eq!(browser.get(&accepted.location).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get("/accesso/fine").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn who_gives_up_at_the_provider_reads_the_official_words() {
    let house = House::new().await;
    let mut browser = house.browser();
    let (message, _) = browser.answer("/prova", &[("annulla", "1")]).await;
    let reply = browser.deliver(&message).await;
    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert!(reply.body.contains("Processo di autenticazione annullato dall’utente"), "{}", reply.body);
}

#[tokio::test]
async fn rubbish_is_refused_and_fills_no_disk() {
    let house = House::new().await;
    let mut browser = house.browser();
    for rubbish in ["", "PHg+", "%%%", "PCFET0NUWVBFIHg+PHgvPg=="] {
        assert_eq!(browser.deliver(rubbish).await.status, StatusCode::FORBIDDEN, "{rubbish}");
    }
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_messages").await, 0);
    let strays = house.strays().await;
    assert_eq!(strays.lines().count(), 4, "{strays}");
    assert!(strays.contains("not base64 of XML") && !strays.contains("PHg"), "a digest, and why: {strays}");
    assert_eq!(browser.get("/accesso/saml/avvia?idp=altro").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_nobody_signed_is_no_part_of_the_register_though_it_answers_our_question() {
    let house = House::new().await;
    let mut browser = house.browser();
    let (message, _) = browser.answer("/prova", ANNA).await;
    let decoded = String::from_utf8(STANDARD.decode(&message).unwrap()).unwrap();
    // Anybody can ask for a login and answer it himself.
    let made_up = STANDARD.encode(decoded.replace("Anna", "Eva"));
    for _ in 0..3 {
        assert_eq!(browser.deliver(&made_up).await.status, StatusCode::FORBIDDEN);
    }
    let responses = "SELECT count(*) AS n FROM identity_messages WHERE direction = 'response'";
    assert_eq!(house.count(responses).await, 0);
    let strays = house.strays().await;
    let digest = hex::encode(Sha256::digest(&made_up));
    assert_eq!(strays.matches(&digest).count(), 3, "{strays}");
    assert!(strays.starts_with("saml _") && strays.contains("signature does not hold"), "{strays}");

    // The question is forgotten as one that nobody answered, and then the answers.
    let forget = async || {
        let mut tx = house.database.begin().await.unwrap();
        identity::forget_old(&mut tx, house.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    };
    house.pass(2 * 86_400);
    forget().await;
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_messages").await, 0);
    assert_eq!(house.strays().await.lines().count(), 3);
    house.pass(2 * 86_400);
    forget().await;
    assert_eq!(house.strays().await, "");

    // Of an hour only so many are kept.
    for round in [500, 1_000] {
        for n in 0..510 {
            browser.deliver(&format!("{n}")).await;
        }
        assert_eq!(house.strays().await.lines().count(), round);
        house.pass(3_601);
    }
}

#[tokio::test]
async fn who_asks_in_a_loop_is_counted_and_fills_no_disk() {
    let house = House::new().await;
    let refusals = async || {
        let mut tx = house.database.read().await.unwrap();
        identity::refusals_since(&mut tx, "ANNA", base::Timestamp::MIN).await.unwrap()
    };
    for other in 0..150 {
        identity::note_refusal(&house.web, "ANNA", &format!("/pratiche/{other}")).await.unwrap();
    }
    assert_eq!(refusals().await, 150);
    assert_eq!(
        house.count("SELECT count(*) AS n FROM identity_refusals").await,
        101,
        "a hundred by name, and the rest"
    );
    for _ in 0..900 {
        identity::note_refusal(&house.web, "ANNA", "/pratiche/1").await.unwrap();
    }
    assert_eq!(refusals().await, 1_000, "then nothing more is written in this hour");
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let house = House::new().await;
    for evil in ["https://attaccante.example/", "//attaccante.example", "/\\attaccante.example", "javascript:alert(1)"]
    {
        let mut browser = house.browser();
        let (message, relay_state) = browser.answer(evil, ANNA).await;
        assert!(!relay_state.contains("http") && !relay_state.contains("attaccante"));
        let accepted = browser.deliver(&message).await;
        assert_eq!(browser.get(&accepted.location).await.location, "/profilo", "{evil}");
    }
}

#[tokio::test]
async fn the_provider_refuses_requests_that_we_did_not_sign() {
    let house = House::new().await;
    let mut browser = house.browser();
    let start = browser.get("/accesso/saml/avvia?idp=dimostrativo").await;
    let altered = start.location.replace("RelayState=", "RelayState=x");
    let reply = browser.get(&altered).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert!(reply.body.contains("Torna alla pagina di accesso"));
    assert_eq!(browser.get("/idp-dimostrativo/sso").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn the_request_that_leaves_is_what_the_profile_wants() {
    let house = House::new().await;
    let mut browser = house.browser();
    let start = browser.get("/accesso/saml/avvia?idp=dimostrativo&livello=2").await;
    assert!(start.location.starts_with("http://localhost:8080/idp-dimostrativo/sso?SAMLRequest="));
    for part in ["&RelayState=", "&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature="] {
        assert!(start.location.contains(part), "{}", start.location);
    }
    let metadata = browser.get("/accesso/saml/metadata").await;
    assert!(metadata.body.contains("entityID=\"http://localhost:8080\""));
    assert!(metadata.body.contains("<ds:SignatureValue>") && metadata.body.contains("/accesso/saml/acs"));
}

#[tokio::test]
async fn what_is_typed_in_an_expired_session_comes_back() {
    let house = House::new().await;
    let mut browser = house.browser();
    browser.login("/prova", ANNA).await;
    house.pass(31 * 60);
    let asked = browser.post("/prova", &[("iban", "IT60")]).await;
    assert_eq!(asked.location, "/accesso?ritorno=/prova&scaduta=1");
    assert!(browser.get(&asked.location).await.body.contains("La sessione è scaduta"));
    let page = browser.login("/prova", ANNA).await;
    assert!(page.body.ends_with(r#"[("iban", "IT60")]"#), "{}", page.body);
}
