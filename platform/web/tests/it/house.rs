//! A small program with a page of each kind, on a database of its own and a clock moved by hand.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{Request, header},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use base::{ManualClock, SeededChance};
use database::{Database, testing::TestDatabase};
use web::{Answer, Door, Failure, Mode, NewSession, Posted, Settings, Visit, Web, Words, sessions, testing::Reply};

pub struct House {
    pub clock: Arc<ManualClock>,
    pub database: Database,
    router: Router,
    _data: TestDatabase,
}

impl House {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let data = TestDatabase::migrated(web::MIGRATIONS).await;
        let database = data.open().await;
        let clock = Arc::new(ManualClock::at("2026-11-21T09:00:00Z".parse().unwrap()));
        let mut settings = Settings::new("http://localhost:8080", Mode::Demo);
        change(&mut settings);
        let words = Words::merge(&[web::WORDS]).unwrap();
        let web = Web::new(database.clone(), clock.clone(), Arc::new(SeededChance::new(7)), settings, words);
        Self { clock, database, router: web::frame(routes(), web), _data: data }
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        Reply::of(&self.router, request).await
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Reply {
        self.send(request("GET", path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, cookie: &str, form: &str) -> Reply {
        let kind = "application/x-www-form-urlencoded";
        let request = request("POST", path).header(header::COOKIE, cookie).header(header::CONTENT_TYPE, kind);
        self.send(request.header(header::CONTENT_LENGTH, form.len()).body(Body::from(form.to_owned())).unwrap()).await
    }

    /// Logs Maria in and gives the cookie.
    pub async fn login(&self, cookie: &str) -> String {
        self.post("/entra", cookie, "").await.cookie("sportello")
    }
}

pub fn request(method: &str, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header(header::HOST, "localhost:8080")
}

fn routes() -> Router {
    Router::new()
        .route("/libera", get(async || web::cacheable(60, "per tutti")))
        .route("/mia", get(mine).post(save))
        .route("/molte/{numero}", post(save))
        .route("/mia/allegati", web::uploads(get(mine).post(save), 4 << 20))
        .route("/entra", post(enter))
        .route("/esci", post(leave))
        .route("/guasto", get(async || -> Answer { Err(anyhow::anyhow!("il motivo resta fra noi").into()) }))
        .route("/panico", get(async || -> Answer { panic!("non doveva accadere") }))
        .route("/pieno", get(async || -> Answer { Err(database::Error::Full.into()) }))
        .route("/lento", get(async || tokio::time::sleep(std::time::Duration::from_secs(60)).await))
        .route("/eco", post(echo))
        .route("/file", web::uploads(post(echo), 1 << 20))
        .route(
            "/avviso",
            get(async |visit: Visit| (web::SetCookie::notice(&visit, "web.frame.demo"), Redirect::to("/mia"))),
        )
        .merge(web::gallery())
}

/// What a capability's page does: who is it, what was parked, what is shown.
async fn mine(visit: Visit) -> Answer {
    let person = visit.citizen()?;
    let mut tx = visit.web.database().begin().await?;
    let typed = web::parked::find(&mut tx, &person.subject, &visit.path).await?;
    tx.commit().await?;
    Ok(format!("{} {:?}", person.name, typed.unwrap_or_default()).into_response())
}

async fn save(visit: Visit, posted: Posted) -> Answer {
    let person = visit.citizen()?;
    if posted.text("fatto") == "si" {
        return Ok(Redirect::to("/mia").into_response());
    }
    Ok(format!("{} salva {}", person.name, posted.text("iban")).into_response())
}

async fn enter(visit: Visit) -> Answer {
    let (subject, name) = ("DMSMRA80A41H501X".to_owned(), "Maria Dimostrativa".to_owned());
    let new = NewSession { subject, name, door: Door::Citizen, level: 2, data: serde_json::json!({}) };
    let mut tx = visit.web.database().begin().await?;
    let cookie = sessions::begin(&mut tx, &visit, new).await?;
    tx.commit().await?;
    Ok((cookie, Redirect::to("/mia")).into_response())
}

async fn leave(visit: Visit) -> Answer {
    let mut tx = visit.web.database().begin().await?;
    let cookie = sessions::end(&mut tx, &visit).await?;
    tx.commit().await?;
    Ok((cookie, Redirect::to("/")).into_response())
}

async fn echo(posted: Posted) -> Result<String, Failure> {
    let files: Vec<_> =
        posted.files.iter().map(|file| (&file.field, &file.file_name, file.kind, file.bytes.len())).collect();
    Ok(format!("{:?} {files:?}", posted.fields))
}
