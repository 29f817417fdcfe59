//! What an analyst sees and does, over HTTP.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::{IntoResponse, Redirect},
    routing::post,
};
use base::{Clock, ManualClock, SeededChance};
use catalogue::{Catalogue, Declared, Offer};
use database::testing::TestDatabase;
use identity::{ANALYST, NewStaff, create_staff};
use serde_json::Value;
use tower::ServiceExt;
use web::{Answer, Door, Mode, NewSession, Settings, Visit, Web, Words, sessions};

const STUDY: &str = "/ufficio/simulazioni/assegno-unico";

struct Site {
    router: Router,
    _data: TestDatabase,
}

impl Site {
    async fn open() -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-02T09:00:00Z".parse().expect("an instant")));
        let steps = [web::MIGRATIONS, acts::MIGRATIONS, identity::MIGRATIONS, registry::MIGRATIONS, cases::MIGRATIONS];
        let data = TestDatabase::migrated(&steps.concat()).await;
        let database = data.open().await;
        let chance = Arc::new(SeededChance::new(7));
        let mut tx = database.begin().await.expect("a transaction");
        for (id, role) in [("gaia", ANALYST), ("olga", "operator")] {
            let new = NewStaff {
                id: id.to_owned(),
                name: id.to_owned(),
                office: "relazioni".to_owned(),
                roles: vec![role.to_owned()],
                password: "inventata-per-prova".to_owned(),
            };
            create_staff(&mut tx, &*chance, clock.now(), new).await.expect("an account");
        }
        tx.commit().await.expect("it is written");
        let words = Words::merge(&[web::WORDS, statistics::WORDS]).expect("words");
        let web = Web::new(database, clock, chance, Settings::new("http://localhost:8080", Mode::Demo), words);
        let offer = Offer::read(&Declared::read(&tidy::house()).expect("the folders"));
        let routes = statistics::router(Catalogue::new(offer)).route("/entra", post(enter));
        Self { router: web::frame(routes, web), _data: data }
    }

    async fn get(&self, who: &str, path: &str) -> (StatusCode, String) {
        let cookie = self.send("POST", &format!("/entra?chi={who}"), "").await.2;
        let (status, body, _) = self.send("GET", path, &cookie).await;
        (status, body)
    }

    async fn send(&self, method: &str, path: &str, cookie: &str) -> (StatusCode, String, String) {
        let request = Request::builder().method(method).uri(path);
        let request = request.header(header::HOST, "localhost:8080").header(header::COOKIE, cookie);
        let request = request.body(Body::empty()).expect("a request");
        let (parts, body) = self.router.clone().oneshot(request).await.expect("an answer").into_parts();
        let set = parts.headers.get("set-cookie").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let set = set.split(';').next().unwrap_or_default().to_owned();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        (parts.status, String::from_utf8_lossy(&body).into_owned(), set)
    }
}

async fn enter(visit: Visit) -> Answer {
    let subject = visit.query("chi").unwrap_or_default();
    let new = NewSession { name: subject.clone(), subject, door: Door::Staff, level: 1, data: Value::Null };
    let mut tx = visit.web.database().begin().await?;
    let cookie = sessions::begin(&mut tx, &visit, new).await?;
    tx.commit().await?;
    Ok((cookie, Redirect::to("/ufficio")).into_response())
}

#[test]
fn words_agree_in_three_languages() {
    assert_eq!(web::words::check(&statistics::WORDS, tidy::room(), &[&web::WORDS]), Vec::<String>::new());
}

#[tokio::test]
async fn only_analysts_come_in() {
    let site = Site::open().await;
    for path in ["/ufficio/simulazioni", STUDY, &format!("{STUDY}/risultato.json?calcola=si")] {
        assert_eq!(site.get("olga", path).await.0, StatusCode::FORBIDDEN, "{path}");
        let (status, ..) = site.send("GET", path, "").await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{path}");
    }
    let (status, page) = site.get("gaia", "/ufficio/simulazioni").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains(STUDY) && !page.contains("istanza-generica"), "{page}");
    assert_eq!(site.get("gaia", "/ufficio/simulazioni/istanza-generica").await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn new_values_stand_beside_those_in_force_and_tell_what_they_change() {
    let site = Site::open().await;
    let (_, page) = site.get("gaia", STUDY).await;
    assert!(page.contains("In vigore: 150,00 euro/mese, dal 01/01/2023. Fonte: L. 197/2022"), "{page}");
    assert!(!page.contains("Risultato"), "{page}");

    let (status, page) = site
        .get("gaia", &format!("{STUDY}?calcola=si&nuovo.aumento_primi_anni=20&nuovo.quattro_figli_importo=175,00"))
        .await;
    assert_eq!(status, StatusCode::OK);
    for part in [
        "Ricevono di meno",
        "in media -",
        "in media 25,00",
        "<svg ",
        "Per territorio",
        "Lombardia",
        "riservato",
        "value=\"175,00\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let (_, german) = site.get("gaia", &format!("{STUDY}?calcola=si&nuovo.aumento_primi_anni=20&lingua=de")).await;
    assert!(german.contains("Erhalten weniger") && german.contains("Kosten im Monat"), "{german}");

    // Without new values it is the law in force alone.
    let (_, page) = site.get("gaia", &format!("{STUDY}?calcola=si&nuovo.aumento_primi_anni=")).await;
    assert!(page.contains("Risultato") && !page.contains("Ricevono di meno"), "{page}");
}

#[tokio::test]
async fn a_value_that_makes_no_law_is_told_beside_it() {
    let site = Site::open().await;
    for value in ["tanto", "1%7C2", "99999999999999999999999999999999999999999", "NaN", "-"] {
        let (status, page) = site.get("gaia", &format!("{STUDY}?calcola=si&nuovo.quattro_figli_importo={value}")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{value}");
        assert!(page.contains("il valore non si capisce") && page.contains("aria-invalid=\"true\""), "{value}: {page}");
        assert!(!page.contains("Risultato"), "{page}");
    }
}

#[tokio::test]
async fn nothing_is_told_of_fewer_than_three_households() {
    let site = Site::open().await;
    let (status, text) =
        site.get("gaia", &format!("{STUDY}/risultato.json?calcola=si&nuovo.quattro_figli_importo=175")).await;
    assert_eq!(status, StatusCode::OK);
    let told: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        (&told["least_households"], &told["new_values"]["quattro_figli_importo"]),
        (&Value::from(3), &Value::from("175"))
    );
    let mut withheld = 0;
    for group in ["all", "deciles", "territories"] {
        for figures in told[group].as_array().expect("groups") {
            for measure in ["households", "entitled", "draft_entitled", "winners", "losers"] {
                match figures[measure].as_str() {
                    Some(number) => {
                        assert!(number == "0" || number.parse::<u64>().expect("a number") >= 3, "{figures}")
                    }
                    None => withheld += 1,
                }
            }
        }
    }
    assert!(withheld > 0, "some region has few households with four children: {text}");
}
