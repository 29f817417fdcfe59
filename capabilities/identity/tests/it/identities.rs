//! A second digital identity in somebody's name.

use axum::http::StatusCode;

use crate::{
    federations::{CIE_AUDIENCE, enter, finish},
    house::{Browser, House, PUBLIC},
};

const PLACE: &str = "/profilo/identita";

/// Anna came with SPID; a minute later somebody comes as her with the other provider.
async fn two(house: &House) -> (Browser<'_>, Browser<'_>) {
    let (mut own, mut other) = (house.browser(), house.browser());
    enter(&mut own, &house.spid, PUBLIC, false).await;
    house.pass(60);
    assert_eq!(finish(&mut other, &house.cie, CIE_AUDIENCE).await.location, "/prova", "the new one is asked nothing");
    (own, other)
}

async fn say(browser: &mut Browser<'_>, place: &str, answer: &str) -> String {
    browser.post(PLACE, &[("identita", place), ("risposta", answer), ("ritorno", "/prova")]).await.location
}

async fn save_email(browser: &mut Browser<'_>) -> StatusCode {
    browser.post("/profilo", &[("email", "nuova@esempio.example"), ("lingua", "it")]).await.status
}

#[tokio::test]
async fn the_person_is_told_at_the_next_login_with_the_old_one_and_nothing_else_moves_meanwhile() {
    let house = House::federated().await;
    let (mut own, mut other) = two(&house).await;
    for browser in [&mut own, &mut other] {
        let refused = browser.post("/profilo", &[("email", "nuova@esempio.example"), ("lingua", "it")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("fino al 28 novembre 2026"), "{}", refused.body);
    }
    let told = finish(&mut own, &house.spid, PUBLIC).await;
    assert_eq!(told.location, format!("{PLACE}?ritorno=%2Fprova"));
    let page = own.get(&told.location).await;
    for words in [
        "Ministero dell’Interno",
        "Prova ID",
        "Sei tu?",
        "Nessuno ha ancora detto di chi è",
        "fino al 28 novembre 2026",
    ] {
        assert!(page.body.contains(words), "{words} in {}", page.body);
    }
    assert!(page.body.contains("href=\"/prova\""), "and on to where the login led");

    assert_eq!(say(&mut own, "1", "own").await, "/prova");
    assert_eq!(finish(&mut own, &house.spid, PUBLIC).await.location, "/prova", "it is asked once");
    assert_eq!(save_email(&mut own).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_strangers_identity_opens_nothing_more_until_the_office_has_looked() {
    let house = House::federated().await;
    let (mut own, mut other) = two(&house).await;
    assert_eq!(other.get("/prova").await.status, StatusCode::OK);
    assert_eq!(say(&mut own, "1", "stranger").await, PLACE);
    assert_eq!(other.get("/prova").await.status, StatusCode::SEE_OTHER, "what it had opened ended");
    let refused = finish(&mut other, &house.cie, CIE_AUDIENCE).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("vieni al nostro ufficio con un documento"), "{}", refused.body);
    assert_eq!(own.get("/prova").await.status, StatusCode::OK);
    assert_eq!(say(&mut own, "1", "own").await, PLACE, "only the office takes it back");
    assert_eq!(finish(&mut other, &house.cie, CIE_AUDIENCE).await.status, StatusCode::FORBIDDEN);

    house.pass(30 * 86_400);
    let mut tx = house.database.begin().await.unwrap();
    let anna = "BNCNNA90M49Z404C".parse().unwrap();
    let now = base::Clock::now(&*house.clock);
    let waits = identity::freeze(&mut tx, "BNCNNA90M49Z404C", now).await.unwrap();
    assert_eq!(waits, Some(identity::Freeze::UntilChecked), "days alone do not settle it");
    assert!(!identity::settle_identity(&mut tx, &anna, 2, identity::Verdict::Own, now).await.unwrap(), "there are two");
    assert!(identity::settle_identity(&mut tx, &anna, 1, identity::Verdict::Stranger, now).await.unwrap());
    assert_eq!(identity::freeze(&mut tx, "BNCNNA90M49Z404C", now).await.unwrap(), None);
}

#[tokio::test]
async fn nobody_says_anything_of_an_older_identity_from_a_newer_one() {
    let house = House::federated().await;
    let (mut own, mut other) = two(&house).await;
    assert!(!other.get(PLACE).await.body.contains("Sei tu?"));
    for (place, answer) in [("0", "stranger"), ("1", "own"), ("2", "own"), ("x", "own"), ("1", "altro")] {
        assert_eq!(say(&mut other, place, answer).await, PLACE, "{place} {answer}");
    }
    for (place, answer) in [("0", "stranger"), ("1", "altro")] {
        assert_eq!(say(&mut own, place, answer).await, PLACE, "{place} {answer}");
    }
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_pairs WHERE verdict IS NOT NULL").await, 0);
    assert_eq!(
        own.post(PLACE, &[("identita", "1"), ("risposta", "own"), ("ritorno", "//altrove.example")]).await.location,
        PLACE
    );
}

#[tokio::test]
async fn somebody_elses_identities_are_somebody_elses() {
    let house = House::federated().await;
    let (_own, _other) = two(&house).await;
    let mut nobody = house.browser();
    assert_eq!(nobody.get(PLACE).await.status, StatusCode::SEE_OTHER);
    assert_eq!(nobody.post(PLACE, &[("identita", "1"), ("risposta", "stranger")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.count("SELECT count(*) AS n FROM identity_pairs WHERE verdict IS NOT NULL").await, 0);
}
