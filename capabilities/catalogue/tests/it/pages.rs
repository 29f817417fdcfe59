//! The pages, through HTTP.

use std::sync::Arc;

use async_trait::async_trait;
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use base::{ManualClock, SeededChance, Timestamp};
use catalogue::{Catalogue, HomeItem, HomePanel, HomePanels, Offer};
use database::testing::TestDatabase;
use http_body_util::BodyExt;
use tower::ServiceExt;
use web::{Answer, Door, Failure, Mode, NewSession, Settings, Visit, Web, Words, components::Tone};

use crate::{
    real::real_offer,
    world::{bent, folder, offer},
};

struct Site {
    router: Router,
    _data: TestDatabase,
}

struct Panels;

#[async_trait]
impl HomePanels for Panels {
    async fn panels(&self, _: &Visit) -> Result<Vec<HomePanel>, Failure> {
        let item = HomeItem {
            title: "Assegno unico".into(),
            text: "In lavorazione".into(),
            href: "/pratiche/1".into(),
            badge: Some((Tone::Info, "Aperta".into())),
        };
        Ok(vec![HomePanel { title: "Pratiche aperte".into(), items: vec![item], more: None }, HomePanel::default()])
    }

    async fn most_used(&self, _: &Visit) -> Result<Vec<String>, Failure> {
        Err(Failure::Busy)
    }
}

impl Site {
    async fn open(offer: Offer) -> Self {
        let now: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        let steps = [web::MIGRATIONS, identity::MIGRATIONS, catalogue::MIGRATIONS].concat();
        let data = TestDatabase::migrated(&steps).await;
        let database = data.open().await;
        let words = Words::merge(&[web::WORDS, catalogue::WORDS]).unwrap();
        let settings = Settings::new("http://localhost:8080", Mode::Demo);
        employ(&database, now).await;
        let web = Web::new(database, Arc::new(ManualClock::at(now)), Arc::new(SeededChance::new(1)), settings, words);
        let routes = catalogue::routes(Catalogue::new(offer), Arc::new(Panels));
        let routes = routes.route("/entra", get(enter)).route("/ufficio/entra", get(enter));
        Self { router: web::frame(routes, web), _data: data }
    }

    async fn get_as(&self, path: &str, cookie: &str) -> (StatusCode, String) {
        let request = Request::get(path).header(header::HOST, "localhost:8080").header(header::COOKIE, cookie);
        let response = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    async fn get(&self, path: &str) -> (StatusCode, String) {
        self.get_as(path, "").await
    }

    /// Logs in and gives the session's cookie.
    async fn log_in(&self, door: Door) -> String {
        let path = if door == Door::Staff { "/ufficio/entra" } else { "/entra" };
        let request = Request::get(path).header(header::HOST, "localhost:8080").body(Body::empty()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let cookie = response.headers().get(header::SET_COOKIE).expect("logged in").to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }
}

/// The official whom [`enter`] lets in.
async fn employ(database: &database::Database, now: Timestamp) {
    let text = str::to_owned;
    let new = identity::NewStaff {
        id: text("prova"),
        name: text("Maria Prova"),
        office: text("prova"),
        roles: Vec::new(),
        password: text("inventata-per-prova"),
    };
    let mut tx = database.begin().await.unwrap();
    identity::create_staff(&mut tx, &SeededChance::new(2), now, new).await.unwrap();
    tx.commit().await.unwrap();
}

/// A login without any proof, as no program has it.
async fn enter(visit: Visit) -> Answer {
    let door = if visit.path.starts_with("/ufficio") { Door::Staff } else { Door::Citizen };
    let new = NewSession {
        subject: "prova".into(),
        name: "Maria Prova".into(),
        door,
        level: 2,
        data: serde_json::Value::Null,
    };
    let mut tx = visit.web.database().begin().await?;
    let cookie = web::sessions::begin(&mut tx, &visit, new).await?;
    tx.commit().await?;
    Ok((cookie, "").into_response())
}

#[test]
fn every_word_exists_in_three_languages_and_is_used() {
    let wrong = web::words::check(&catalogue::WORDS, tidy::room(), &[&web::WORDS]);
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn a_service_is_explained_in_three_languages() {
    let site = Site::open(real_offer()).await;
    for (language, words) in [
        ("it", ["A chi spetta", "30 giorni", "Ufficio Famiglia e Genitorialità", "Accedi e richiedi", "203,80&nbsp;€"]),
        ("en", ["Who can have it", "30 days", "Family and Parenthood Office", "Log in and apply", "€203.80"]),
        (
            "de",
            [
                "Wem es zusteht",
                "30 Tage",
                "Amt für Familie und Elternschaft",
                "Anmelden und beantragen",
                "203,80&nbsp;€",
            ],
        ),
    ] {
        let (status, page) = site.get(&format!("/servizi/assegno-unico?lingua={language}")).await;
        assert_eq!(status, StatusCode::OK);
        for words in words {
            assert!(page.contains(words), "{language}: {words}\n{page}");
        }
        assert!(page.contains("href=\"/servizi/assegno-unico/domanda\""));
        assert!(!page.contains("catalogue."), "a word is missing in {language}");
    }
}

#[tokio::test]
async fn the_public_pages_answer_in_every_language() {
    let site = Site::open(real_offer()).await;
    for path in [
        "/",
        "/servizi",
        "/servizi?evento=dati",
        "/cerca",
        "/cerca?q=figli",
        "/cerca?q=xyzzy",
        "/servizi/istanza-generica",
        "/servizi/rettifica-dati",
        "/servizi/assegno-unico/novita",
        "/accessibilita",
        "/privacy",
        "/note-legali",
        "/eventi-della-vita/nascita",
    ] {
        for language in ["it", "en", "de"] {
            let joint = if path.contains('?') { '&' } else { '?' };
            let (status, page) = site.get(&format!("{path}{joint}lingua={language}")).await;
            assert_eq!(status, StatusCode::OK, "{path}");
            assert_eq!(page.matches("<h1").count(), 1, "{path}");
            assert!(!page.contains("catalogue."), "{path}: a word is missing in {language}");
        }
    }
    for path in ["/servizi/inesistente", "/servizi/inesistente/novita", "/eventi-della-vita/altro", "/servizi/content"]
    {
        assert_eq!(site.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_search_marks_what_it_found_and_helps_where_it_found_nothing() {
    let site = Site::open(offer(vec![folder("prova")])).await;
    let (_, page) = site.get("/cerca?q=procedure+telematiche&lingua=it").await;
    assert!(page.contains("<mark>procedura</mark> <mark>telematica</mark>"), "{page}");
    let (_, page) = site.get("/cerca?q=%3Cscript%3Exyzzy&lingua=it").await;
    assert!(page.contains("Nessun risultato") && !page.contains("<script>xyzzy"), "{page}");
    assert!(page.contains("Prova con meno parole"));
}

#[tokio::test]
async fn the_list_is_filtered_by_life_event() {
    let site = Site::open(real_offer()).await;
    let (_, page) = site.get("/servizi?evento=dati&lingua=it").await;
    assert!(
        page.contains("href=\"/servizi/rettifica-dati\"") && !page.contains("href=\"/servizi/assegno-unico\""),
        "{page}"
    );
}

#[tokio::test]
async fn the_home_page_shows_what_is_mine_only_to_me() {
    let site = Site::open(offer(vec![folder("prova")])).await;
    assert!(!site.get("/?lingua=it").await.1.contains("Pratiche aperte"));
    let cookie = site.log_in(Door::Citizen).await;
    let (status, page) = site.get_as("/?lingua=it", &cookie).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Ciao, Maria Prova") && page.contains("Pratiche aperte"), "{page}");
    assert!(page.contains("Bonus prova"), "services are there although nobody knows which are used most");
    let (_, page) = site.get_as("/servizi/prova?lingua=it", &cookie).await;
    assert!(page.contains(">Richiedi</a>"), "{page}");
}

#[tokio::test]
async fn a_closed_service_says_why_and_cannot_be_asked() {
    let closed = bent(
        "service.toml",
        "state = \"open\"",
        "state = \"closed\"\nclosed_note = { it = \"Riapre a marzo.\", en = \"March.\", de = \"März.\" }",
    );
    let site = Site::open(offer(vec![closed])).await;
    let (status, page) = site.get("/servizi/prova?lingua=it").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("Riapre a marzo.") && !page.contains("/domanda"), "{page}");
}

#[tokio::test]
async fn a_broken_service_says_so_and_officials_see_why() {
    let site = Site::open(offer(vec![bent("service.toml", "level = 2", "level = 9")])).await;
    let (status, page) = site.get("/servizi/prova?lingua=it").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(page.contains("non disponibile") && !page.contains("/ufficio/servizi"), "{page}");
    assert_eq!(site.get("/ufficio/servizi").await.0, StatusCode::SEE_OTHER);
    let official = site.log_in(Door::Staff).await;
    let (status, page) = site.get_as("/ufficio/servizi?lingua=it", &official).await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("services/prova/service.toml:6:9") && page.contains("da 1 a 3"), "{page}");
}

#[tokio::test]
async fn a_draft_is_seen_by_officials_only() {
    let site = Site::open(offer(vec![bent("service.toml", "state = \"open\"", "state = \"draft\"")])).await;
    assert_eq!(site.get("/servizi/prova").await.0, StatusCode::NOT_FOUND);
    assert!(!site.get("/servizi?lingua=it").await.1.contains("Bonus prova"));
    let official = site.log_in(Door::Staff).await;
    assert_eq!(site.get_as("/servizi/prova", &official).await.0, StatusCode::OK);
}
