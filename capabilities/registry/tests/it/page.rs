use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::get,
};
use base::{ManualClock, SeededChance};
use tower::ServiceExt;
use web::{Answer, Door, Mode, NewSession, Settings, Visit, Web, Words, sessions};

use crate::house::{House, now, registries};

/// A login without an identity provider: `/entra?chi=CODE`.
async fn enter(visit: Visit) -> Answer {
    let subject = visit.query("chi").unwrap_or_default();
    let new =
        NewSession { subject, name: "Prova".to_owned(), door: Door::Citizen, level: 2, data: serde_json::Value::Null };
    let mut tx = visit.web.database().begin().await?;
    let cookie = sessions::begin(&mut tx, &visit, new).await?;
    tx.commit().await?;
    Ok((cookie, Redirect::to("/profilo/dati")).into_response())
}

fn routes(house: &House) -> Router {
    let words = Words::merge(&[web::WORDS, registry::WORDS]).unwrap();
    let settings = Settings::new("http://localhost:8080", Mode::Demo);
    let (clock, chance) = (Arc::new(ManualClock::at(now())), Arc::new(SeededChance::new(7)));
    let web = Web::new(house.database.clone(), clock, chance, settings, words);
    web::frame(registry::router(Arc::new(registries())).route("/entra", get(enter)), web)
}

async fn send(routes: &Router, path: &str, cookie: &str) -> (StatusCode, String, String) {
    let request = Request::get(path).header(header::HOST, "localhost:8080").header(header::COOKIE, cookie);
    let reply = routes.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let cookies = reply.headers().get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let cookies: Vec<_> = cookies.filter_map(|value| value.split(';').next()).collect();
    let (cookies, status) = (cookies.join("; "), reply.status());
    let body = to_bytes(reply.into_body(), usize::MAX).await.unwrap();
    (status, cookies, String::from_utf8(body.to_vec()).unwrap())
}

async fn page_of(routes: &Router, code: &str, language: &str) -> String {
    let (_, cookie, _) = send(routes, &format!("/entra?chi={code}"), "").await;
    let (status, _, body) = send(routes, &format!("/profilo/dati?lingua={language}"), &cookie).await;
    assert_eq!(status, StatusCode::OK);
    body
}

#[tokio::test]
async fn a_person_sees_registry_date_and_the_way_to_a_correction() {
    let house = House::with_samples().await;
    let routes = routes(&house);
    let body = page_of(&routes, house.code("noe").as_str(), "it").await;
    for expected in [
        "<h1>I miei dati</h1>",
        "Noè D&#39;Èsempio",
        "24.000,00\u{a0}€",
        "Da Banca dati ISEE, 15 gennaio 2026",
        "È sbagliato?",
        "/servizi/rettifica-dati/domanda?banca_dati=inps-isee&#38;dato=ISEE%20che%20vale%20oggi&#38;valore=24.000%2C00%C2%A0%E2%82%AC",
        "dato=Data%20di%20nascita%20di%20Zo%C3%AB",
        "Studio Esemplare (impresa individuale)",
    ] {
        assert!(body.contains(expected), "{expected} in {body}");
    }
    let german = page_of(&routes, house.code("teresa").as_str(), "de").await;
    assert!(german.contains("Grad der Behinderung") && german.contains("schwer"), "{german}");
}

#[tokio::test]
async fn nobody_sees_the_data_of_others() {
    let house = House::with_samples().await;
    let (status, _, body) = send(&routes(&house), "/profilo/dati", "").await;
    assert!(status.is_redirection() && body.is_empty(), "{status}");
    let stranger = page_of(&routes(&house), "DMSMRA80A41H501X", "it").await;
    assert!(stranger.contains("L’anagrafe non ci dice nulla di te"), "{stranger}");
}
