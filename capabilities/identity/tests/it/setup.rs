//! What the program refuses to start with.

use identity::{Certificate, Identity, Settings, SetupError};
use web::Mode;

use crate::house::{PUBLIC, TODAY, demonstration};

#[test]
fn production_refuses_the_demonstration() {
    let folder = tempfile::tempdir().unwrap();
    let pages = web::Settings::new(PUBLIC, Mode::Production);
    let settings = Settings { demonstration: Some(demonstration()), ..Settings::new(folder.path(), TODAY) };
    let error = Identity::new(settings, &pages).err().unwrap();
    assert!(matches!(error, SetupError::DemonstrationInProduction));
    assert!(error.to_string().contains("demo mode only"));
    assert!(!folder.path().join("idp.key").exists(), "not even its key is made");
}

#[tokio::test]
async fn in_production_the_demonstration_has_no_routes() {
    use axum::{body::Body, http::Request};
    use tower::ServiceExt;

    let folder = tempfile::tempdir().unwrap();
    let pages = web::Settings::new(PUBLIC, Mode::Production);
    let identity = Identity::new(Settings::new(folder.path(), TODAY), &pages).unwrap();
    let data = database::testing::TestDatabase::empty().await;
    let database = data.open().await;
    let clock = std::sync::Arc::new(base::ManualClock::at("2026-11-21T09:00:00Z".parse().unwrap()));
    let words = web::Words::merge(&[web::WORDS, identity::WORDS]).unwrap();
    let chance = std::sync::Arc::new(base::SeededChance::new(1));
    let router = web::frame(identity.routes(), web::Web::new(database, clock, chance, pages, words));
    for path in ["/idp-dimostrativo", "/idp-dimostrativo/", "/idp-dimostrativo/sso", "/idp-dimostrativo/scelta"] {
        let request = Request::get(path).header("host", "localhost:8080").body(Body::empty()).unwrap();
        assert_eq!(router.clone().oneshot(request).await.unwrap().status(), 404, "{path}");
    }
}

#[test]
fn a_certificate_that_is_none_is_refused() {
    assert!(Certificate::from_pem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----").is_err());
}
