use axum::{
    body::Body,
    http::{StatusCode, header},
};

use crate::house::{House, request};

async fn foreign(house: &House, path: &str, name: &str, value: &str) -> StatusCode {
    house.send(request("POST", path).header(name, value).body(Body::empty()).unwrap()).await.status
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let house = House::new().await;
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://altrove.example"),
        ("origin", "null"),
    ] {
        assert_eq!(foreign(&house, "/entra", name, value).await, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    for (name, value) in [("sec-fetch-site", "same-origin"), ("origin", "http://localhost:8080")] {
        assert_eq!(foreign(&house, "/entra", name, value).await, StatusCode::SEE_OTHER, "{name}: {value}");
    }
}

#[tokio::test]
async fn only_listed_paths_accept_other_sites() {
    let house = House::with(|settings| settings.cross_site_paths.push("/entra".to_owned())).await;
    assert_eq!(foreign(&house, "/entra", "sec-fetch-site", "cross-site").await, StatusCode::SEE_OTHER);
    assert_eq!(foreign(&house, "/esci", "sec-fetch-site", "cross-site").await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_response_is_protected() {
    let house = House::with(|settings| "https://sportello.example".clone_into(&mut settings.public_url)).await;
    for path in ["/libera", "/mia", "/guasto", "/panico", "/non-esiste", "/static/0/non-esiste"] {
        let reply = house.get(path, "").await;
        assert!(reply.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"), "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin");
        assert!(reply.header("strict-transport-security").starts_with("max-age=31536000"));
        assert_eq!(reply.header("x-request-id").len(), 12);
    }
}

#[tokio::test]
async fn personal_pages_are_never_kept() {
    let house = House::new().await;
    let cookie = house.login("").await;
    assert_eq!(house.get("/libera", "").await.header("cache-control"), "public, max-age=60");
    assert_eq!(house.get("/libera", &cookie).await.header("cache-control"), "no-store");
    assert_eq!(house.get("/mia", &cookie).await.header("cache-control"), "no-store");
    // Cache deception: a path that looks like a style sheet is no page, or is private like any other.
    let reply = house.get("/mia/x.css", &cookie).await;
    assert_eq!((reply.status, reply.header("cache-control")), (StatusCode::NOT_FOUND, "no-store"));
}

#[tokio::test]
async fn cookies_are_out_of_reach_of_scripts_and_of_other_sites() {
    let house = House::with(|settings| "https://sportello.example".clone_into(&mut settings.public_url)).await;
    let reply = house.post("/entra", "", "").await;
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("__Host-sportello="), "{cookie}");
    for part in ["Path=/", "HttpOnly", "Secure", "SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[tokio::test]
async fn a_missing_or_doubled_host_is_refused() {
    let house = House::new().await;
    let bare = axum::http::Request::builder().uri("/libera").body(Body::empty()).unwrap();
    assert_eq!(house.send(bare).await.status, StatusCode::BAD_REQUEST);
    let doubled = request("GET", "/libera").header(header::HOST, "altrove.example").body(Body::empty()).unwrap();
    assert_eq!(house.send(doubled).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_given_up() {
    let house = House::with(|settings| settings.request_limit = std::time::Duration::from_millis(20)).await;
    let reply = house.get("/lento", "").await;
    assert_eq!((reply.status, reply.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "5"));
}
