//! The pages of the person: profile, contacts, who looked at my data.

use axum::http::StatusCode;
use base::{Clock, FiscalCode, Language, Translated};
use identity::{DataRead, Reader};

use crate::house::House;

const ANNA: &[(&str, &str)] = &[("persona", "anna")];

#[tokio::test]
async fn the_profile_tells_how_the_office_knows_me() {
    let house = House::new().await;
    let mut browser = house.browser();
    let first = browser.login("/profilo", ANNA).await;
    for words in [
        "Anna Bianchi",
        "BNCNNA90M49Z404C",
        "9 agosto 1990",
        "IdP dimostrativo, livello 2",
        "è la prima volta",
        "/profilo/dati",
        "/profilo/letture",
    ] {
        assert!(first.body.contains(words), "{words} in {}", first.body);
    }
    house.pass(86_400);
    let second = browser.login("/profilo", ANNA).await;
    assert!(second.body.contains("21 novembre 2026, ore 10:00"), "the previous login: {}", second.body);
    assert!(second.body.contains("22 novembre 2026, ore 10:00"));
}

#[tokio::test]
async fn contacts_and_language_are_kept() {
    let house = House::new().await;
    let mut browser = house.browser();
    browser.login("/profilo", ANNA).await;
    let wrong = browser.post("/profilo", &[("email", "anna chiocciola posta"), ("lingua", "de")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Controlla l’indirizzo e-mail") && wrong.body.contains("anna chiocciola posta"));

    let saved = browser.post("/profilo", &[("email", "anna@posta.example"), ("lingua", "de")]).await;
    assert_eq!(saved.location, "/profilo?lingua=de");
    let page = browser.get(&saved.location).await;
    assert!(page.body.contains("Mein Profil") && page.body.contains("anna@posta.example"));
    assert!(page.body.contains("Kontakte und Sprache gespeichert."));

    let mut other_device = house.browser();
    let page = other_device.login("/profilo", ANNA).await;
    assert!(page.body.contains("Mein Profil"), "the language follows the person");
}

#[tokio::test]
async fn people_see_who_looked_at_their_data() {
    let house = House::new().await;
    let mut browser = house.browser();
    assert_eq!(browser.get("/profilo/letture").await.status, StatusCode::SEE_OTHER);
    let empty = browser.login("/profilo/letture", ANNA).await;
    assert!(empty.body.contains("Finora nessuno"));

    for n in 0..130 {
        house.pass(10);
        read(&house, "BNCNNA90M49Z404C", &format!("domanda {}", n / 10)).await;
    }
    read(&house, "DOOVEA69R54H501Y", "dati di un’altra persona").await;
    let page = browser.get("/profilo/letture").await;
    for words in [
        "130 consultazioni",
        "100 volte",
        "Ugo Prova, Ufficio Famiglie",
        "istruttoria",
        "domanda 12; domanda 11",
        "/pratiche/00000000-0000-7000-8000-000000000001",
    ] {
        assert!(page.body.contains(words), "{words} in {}", page.body);
    }
    assert!(!page.body.contains("un’altra persona") && !page.body.contains("domanda 2;"));
    let next = browser.get("/profilo/letture?pagina=2").await;
    assert!(next.body.contains("domanda 2; domanda 1; domanda 0") && !next.body.contains("domanda 12"));
    let beyond = browser.get("/profilo/letture?pagina=99&lingua=en").await;
    assert!(beyond.body.contains("domanda 0") && beyond.body.contains("Who looked at my data"));
    assert!(beyond.body.contains("handling the request"));
}

async fn read(house: &House, subject: &str, what: &str) {
    let reader = Reader { id: "ugo.prova".to_owned(), name: "Ugo Prova".to_owned(), office: "Ufficio Famiglie".into() };
    let subject: FiscalCode = subject.parse().unwrap();
    let purpose = Translated::Many(
        [(Language::Italian, "istruttoria".to_owned()), (Language::English, "handling the request".to_owned())].into(),
    );
    let what = Translated::from(what);
    let case = "00000000-0000-7000-8000-000000000001".parse().unwrap();
    let read =
        DataRead { reader: &reader, purpose: &purpose, subject: subject.as_str(), what: &what, case: Some(case) };
    let mut tx = house.database.begin().await.unwrap();
    identity::record_read(&mut tx, &*house.clock, &*house.chance, &read).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn an_office_that_was_kept_in_one_language_is_still_named() {
    let house = House::new().await;
    let mut browser = house.browser();
    browser.login("/profilo/letture", ANNA).await;
    read(&house, "BNCNNA90M49Z404C", "domanda").await;
    let mut tx = house.database.begin().await.unwrap();
    tx.execute("UPDATE data_reads SET office = 'Ufficio Antico'", &[]).await.unwrap();
    tx.commit().await.unwrap();
    let page = browser.get("/profilo/letture?lingua=de").await;
    assert!(page.body.contains("Ugo Prova, Ufficio Antico"), "{}", page.body);
}

#[tokio::test]
async fn what_cannot_be_recorded_cannot_be_read() {
    let house = House::new().await;
    let reader = Reader { id: "u".to_owned(), name: "U".to_owned(), office: "O".into() };
    let subject: FiscalCode = "BNCNNA90M49Z404C".parse().unwrap();
    let text = Translated::from("x");
    let read = DataRead { reader: &reader, purpose: &text, subject: subject.as_str(), what: &text, case: None };
    let mut snapshot = house.database.read().await.unwrap();
    assert!(identity::record_read(&mut snapshot, &*house.clock, &*house.chance, &read).await.is_err());
}

#[tokio::test]
async fn old_traces_are_forgotten_in_their_time() {
    let house = House::new().await;
    let mut browser = house.browser();
    browser.login("/prova", ANNA).await;
    browser.login_officer("nessuno", "x").await;
    let mut idle = house.browser();
    idle.get("/accesso/saml/avvia?idp=dimostrativo").await;
    let forget = async || {
        let mut tx = house.database.begin().await.unwrap();
        let count = identity::forget_old(&mut tx, house.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        count
    };
    assert_eq!(forget().await, 0);
    house.pass(2 * 86_400);
    assert_eq!(
        forget().await,
        8,
        "two logins, an assertion, the provider’s name for it, three counters, a question that nobody answered"
    );
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_messages").await, 2, "the register stays");
    house.pass(732 * 86_400);
    assert_eq!(forget().await, 2);
}
