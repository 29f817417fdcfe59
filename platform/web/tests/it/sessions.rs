use axum::{
    body::Body,
    http::{StatusCode, header},
};
use base::Clock;
use jiff::SignedDuration;

use crate::house::{House, request};

#[tokio::test]
async fn who_is_not_logged_in_is_led_to_the_login_and_back() {
    let house = House::new().await;
    let reply = house.get("/mia?vista=tutte&x=%26", "").await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.header("location"), "/accesso?ritorno=/mia%3Fvista%3Dtutte%26x%3D%2526");
}

#[tokio::test]
async fn a_session_ends_after_thirty_minutes_without_requests() {
    let house = House::new().await;
    let cookie = house.login("").await;
    for _ in 0..4 {
        house.clock.advance(SignedDuration::from_mins(20));
        assert_eq!(house.get("/mia", &cookie).await.status, StatusCode::OK);
    }
    house.clock.advance(SignedDuration::from_mins(31));
    let reply = house.get("/mia", &cookie).await;
    assert_eq!(reply.header("location"), "/accesso?ritorno=/mia&scaduta=1");
}

#[tokio::test]
async fn a_session_ends_after_eight_hours_however_busy() {
    let house = House::new().await;
    let cookie = house.login("").await;
    for _ in 0..23 {
        house.clock.advance(SignedDuration::from_mins(20));
        assert_eq!(house.get("/mia", &cookie).await.status, StatusCode::OK);
    }
    house.clock.advance(SignedDuration::from_mins(20));
    assert_eq!(house.get("/mia", &cookie).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn login_changes_the_token_and_ends_the_old_session() {
    let house = House::new().await;
    let first = house.login("").await;
    let second = house.login(&first).await;
    assert_ne!(first, second);
    assert_eq!(house.get("/mia", &first).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.get("/mia", &second).await.status, StatusCode::OK);
    let reply = house.post("/esci", &second, "").await;
    assert_eq!(reply.cookie("sportello"), "sportello=");
    assert_eq!(house.get("/mia", &second).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_token_nobody_gave_out_opens_nothing() {
    let house = House::new().await;
    let cookie = house.login("").await;
    let mut tx = house.database.read().await.unwrap();
    let stored =
        tx.row("SELECT token FROM web_sessions", database::params![]).await.unwrap().unwrap().text("token").unwrap();
    assert!(!cookie.contains(&stored), "the table must not hold what the cookie holds");
    assert_eq!(house.get("/mia", &format!("sportello={stored}")).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_is_typed_in_an_expired_session_waits_for_the_same_person() {
    let house = House::new().await;
    let cookie = house.login("").await;
    house.clock.advance(SignedDuration::from_hours(2));
    let reply = house.post("/mia", &cookie, "iban=IT60X0542811101000000123456&nota=perch%C3%A9+s%C3%AC").await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER);
    assert_eq!(reply.header("location"), "/accesso?ritorno=/mia&scaduta=1");
    let fresh = house.login(&cookie).await;
    let shown = house.get("/mia", &fresh).await.text();
    assert!(shown.contains("IT60X0542811101000000123456") && shown.contains("perché sì"), "{shown}");
    let again = house.get("/mia", &fresh).await.text();
    assert!(again.contains("IT60X0542811101000000123456"), "a reload loses nothing: {again}");
    let faulty = house.post("/mia", &fresh, "iban=sbagliato").await;
    assert_eq!(faulty.status, StatusCode::OK);
    assert!(house.get("/mia", &fresh).await.text().contains("perché sì"), "nor does a form with a mistake in it");
    assert_eq!(house.post("/mia", &fresh, "fatto=si").await.status, StatusCode::SEE_OTHER);
    assert!(house.get("/mia", &fresh).await.text().contains("fields: []"), "once saved it is forgotten");
}

#[tokio::test]
async fn of_a_large_form_with_files_the_text_is_kept_and_the_files_are_named() {
    let house = House::new().await;
    let cookie = house.login("").await;
    house.clock.advance(SignedDuration::from_hours(2));
    let file = "x".repeat(3 << 20);
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"testo\"\r\n\r\nci ho messo un'ora\r\n\
         --b\r\nContent-Disposition: form-data; name=\"prova\"; filename=\"verbale.pdf\"\r\n\r\n%PDF-{file}\r\n--b--\r\n"
    );
    let request = request("POST", "/mia/allegati").header(header::COOKIE, &cookie);
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
    let reply = house.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(reply.header("location"), "/accesso?ritorno=/mia/allegati&scaduta=1");
    let fresh = house.login(&cookie).await;
    let shown = house.get("/mia/allegati", &fresh).await.text();
    assert!(
        shown.contains("ci ho messo un'ora") && shown.contains("verbale.pdf") && !shown.contains("%PDF"),
        "{shown}"
    );
}

#[tokio::test]
async fn forms_that_nobody_comes_back_for_do_not_pile_up() {
    let house = House::new().await;
    let cookie = house.login("").await;
    house.clock.advance(SignedDuration::from_hours(2));
    for n in 0..30 {
        house.clock.advance(SignedDuration::from_secs(1));
        house.post(&format!("/molte/{n}"), &cookie, &format!("iban={n}")).await;
    }
    let mut tx = house.database.read().await.unwrap();
    assert_eq!(tx.number("SELECT count(*) AS n FROM web_parked", database::params![]).await.unwrap(), 10);
}

#[tokio::test]
async fn nothing_is_parked_for_strangers_or_after_a_day() {
    let house = House::new().await;
    let cookie = house.login("").await;
    assert_eq!(house.post("/mia", "", "iban=x").await.status, StatusCode::SEE_OTHER);
    house.clock.advance(SignedDuration::from_hours(25));
    assert_eq!(house.post("/mia", &cookie, "iban=x").await.header("location"), "/accesso?ritorno=/mia");
    let mut tx = house.database.read().await.unwrap();
    assert_eq!(tx.number("SELECT count(*) AS n FROM web_parked", database::params![]).await.unwrap(), 0);
}

#[tokio::test]
async fn old_sessions_are_forgotten_by_the_daily_job() {
    let house = House::new().await;
    house.login("").await;
    let settings = web::Settings::new("http://localhost", web::Mode::Demo);
    let count = async |hours| {
        house.clock.advance(SignedDuration::from_hours(hours));
        let mut tx = house.database.begin().await.unwrap();
        let gone = web::sessions::forget_old(&mut tx, &settings, house.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        gone
    };
    assert_eq!(count(30).await, 0);
    assert_eq!(count(24).await, 1);
}
