use axum::{
    body::Body,
    http::{StatusCode, header},
};

use crate::house::{House, request};

#[tokio::test]
async fn errors_speak_three_languages() {
    let house = House::new().await;
    for (language, heading, way_out) in [
        ("it", "Pagina non trovata", "Torna all’inizio"),
        ("en", "Page not found", "Back to the home page"),
        ("de", "Seite nicht gefunden", "Zur Startseite"),
    ] {
        let reply = house.get(&format!("/non-esiste?lingua={language}"), "").await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
        assert!(reply.text().contains(&format!("<html lang=\"{language}\">")));
        assert!(reply.text().contains(&format!("<h1>{heading}</h1>")), "{}", reply.text());
        assert!(reply.text().contains(way_out));
        assert_eq!(reply.cookie("sportello-lingua"), format!("sportello-lingua={language}"));
    }
    let german = house.get("/non-esiste", "sportello-lingua=de").await;
    assert!(german.text().contains("Seite nicht gefunden"), "the cookie remembers");
}

#[tokio::test]
async fn a_defect_is_told_with_its_reference_and_without_its_cause() {
    let house = House::new().await;
    for path in ["/guasto", "/panico"] {
        let reply = house.get(path, "").await;
        assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(reply.text().contains("Si è verificato un errore nostro"));
        assert!(reply.text().contains(reply.header("x-request-id")), "the reference names the request in the log");
        assert!(!reply.text().contains("fra noi") && !reply.text().contains("accadere"));
    }
}

#[tokio::test]
async fn a_full_disk_is_told_as_such() {
    let reply = House::new().await.get("/pieno", "").await;
    assert_eq!(reply.status, StatusCode::INSUFFICIENT_STORAGE);
    assert!(reply.text().contains("Per ora non possiamo registrare nulla"));
}

#[tokio::test]
async fn library_errors_look_like_ours() {
    let house = House::new().await;
    let reply = house.get("/entra", "").await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(reply.text().contains("Operazione non prevista"));
    let large = house.post("/eco", "", &format!("a={}", "x".repeat(70_000))).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(large.text().contains("Hai inviato troppi dati"));
}

#[tokio::test]
async fn programs_get_json() {
    let house = House::new().await;
    let asked = request("GET", "/mia").header(header::ACCEPT, "application/json").body(Body::empty()).unwrap();
    let reply = house.send(asked).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::UNAUTHORIZED, "application/problem+json"));
    let body: serde_json::Value = serde_json::from_str(&reply.text()).unwrap();
    assert_eq!(body["status"], 401);
}
