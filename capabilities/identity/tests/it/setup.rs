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

const OPENID: &str = concat!(
    organisation!(),
    r#"
    [openid]
    [[openid.federations]]
    kind = "cie-oidc"
    trust_anchor = "https://ancora.example"
    trust_anchor_keys = "ancora.json"
    providers = ["https://op.example"]
"#
);

/// What the program says at its start with this `identity.toml`; nothing when it starts.
fn started(declared: &str, public_url: &str, mode: Mode) -> Option<String> {
    let net = crate::openid::Net::new();
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &str| std::fs::write(folder.path().join(file), text).unwrap();
    write("identity.toml", declared);
    write("ancora.json", &net.anchor_keys());
    write("rotto.json", "{\"keys\": [{\"kty\": \"oct\", \"kid\": \"a\"}]}");
    write("segno.jwt", "nulla");
    let declared = identity::Declared::read(&folder.path().join("identity.toml")).unwrap();
    let keys = folder.path().join("keys");
    crate::house::copy_keys(&crate::house::kept_keys(), &keys);
    let settings = Settings { declared: Some(declared), ..Settings::new(keys, TODAY) };
    Identity::new(settings, &web::Settings::new(public_url, mode)).err().map(|error| error.to_string())
}

#[test]
fn production_takes_a_federation_over_tls_whose_anchor_is_declared_and_no_other() {
    let production = |from: &str, to: &str| {
        assert!(OPENID.contains(from), "{from}");
        started(&OPENID.replacen(from, to, 1), "https://sportello.example", Mode::Production)
    };
    let own = "client_id = \"https://sportello.example/\"";
    assert_eq!(production("[openid]", &format!("[openid]\n    {own}")), None);
    for (from, to, told) in [
        ("trust_anchor_keys = \"ancora.json\"", "", "trust_anchor_keys"),
        ("\"https://ancora.example\"", "\"http://ancora.example\"", "https"),
        ("\"https://op.example\"", "\"http://op.example\"", "https"),
        ("\"https://op.example\"", "\"https://op.example:8443\"", "porta 443"),
        ("[openid]", "[openid]\n    authority_hints = [\"http://ancora.example\"]", "https"),
        ("[openid]", "[openid]\n    client_id = \"https://altro.example\"", "indirizzo pubblico"),
        ("\"ancora.json\"", "\"manca.json\"", "manca.json"),
        ("\"ancora.json\"", "\"rotto.json\"", "rotto.json"),
        ("[openid]", "[openid]\n    trust_marks = [\"segno.jwt\"]", "segno.jwt"),
        ("[openid]", "[openid]\n    authorities = \"manca.pem\"", "manca.pem"),
    ] {
        let refused = production(from, to).unwrap_or_default();
        assert!(refused.contains(told), "{to}: {refused}");
    }
    let plain = started(OPENID, PUBLIC, Mode::Production).unwrap();
    assert!(plain.contains("https") && plain.contains(PUBLIC), "{plain}");
    assert_eq!(started(OPENID, PUBLIC, Mode::Demo), None, "one machine may try");
}

#[test]
fn a_door_for_cards_that_cannot_be_opened_stops_the_program() {
    let cns = r#"
    [cns]
    listen = "127.0.0.1:0"
    public_url = "https://cns.prova.example"
    certificate = "porta.crt"
    key = "porta.key"
    issuers = "."
    revocations = "."
"#;
    let declared = OPENID.split("[openid]").next().unwrap().to_owned() + cns;
    let told = started(&declared, PUBLIC, Mode::Demo).unwrap();
    assert!(told.contains("porta.crt"), "{told}");
    // Any certificate for clients would be a card.
    let told = started(&declared, "https://sportello.example", Mode::Production).unwrap();
    assert!(told.contains("in produzione serve policies"), "{told}");
    let policies = format!("{declared}    policies = [\"1.3.76.16.2.1\"]\n");
    let told = started(&policies, "https://sportello.example", Mode::Production).unwrap();
    assert!(told.contains("porta.crt"), "{told}");
    let read = |declared: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("identity.toml");
        std::fs::write(&file, declared).unwrap();
        identity::Declared::read(&file).unwrap_err().to_string()
    };
    assert!(read(&declared.replace("https://cns", "http://cns")).contains("cns.public_url"));
    assert!(read(&format!("{declared}    fresh_hours = 0\n    policies = [\"CNS\"]\n")).contains("cns.policies"));
}

#[test]
fn what_is_missing_before_a_federation_takes_us_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let net = crate::openid::Net::new();
    // Nobody is asked but an address where nobody answers.
    let declared = OPENID.replace("https://ancora.example", "http://127.0.0.1:1").replace("https://op", "http://op");
    std::fs::write(folder.path().join("identity.toml"), declared).unwrap();
    std::fs::write(folder.path().join("ancora.json"), net.anchor_keys()).unwrap();
    let declared = identity::Declared::read(&folder.path().join("identity.toml")).unwrap();
    let keys = folder.path().join("keys");
    crate::house::copy_keys(&crate::house::kept_keys(), &keys);
    let pages = web::Settings::new(PUBLIC, Mode::Demo);
    let now = "2026-11-21T09:00:00Z".parse().unwrap();
    let findings = identity::examine(declared, &keys, &pages, now).unwrap();
    let told: Vec<_> = findings.iter().map(|one| format!("{:?} {}", one.standing, one.text)).collect();
    let told = told.join("\n");
    assert!(told.contains("Good OpenID Connect: client_id http://localhost:8080, configurazione firmata"), "{told}");
    assert!(told.contains("Good http://127.0.0.1:1: le sue chiavi sono dichiarate"), "{told}");
    assert!(told.contains("Missing http://127.0.0.1:1: http://127.0.0.1:1/.well-known/openid-federation"), "{told}");
    assert!(!told.contains("CIE: non è configurata"), "{told}");
}

#[test]
fn a_certificate_that_is_none_is_refused() {
    assert!(Certificate::from_pem("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----").is_err());
}
