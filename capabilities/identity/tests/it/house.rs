//! The whole frame with this room in it, and a browser that keeps cookies and follows what it is told.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use base::{Clock, FiscalCode, ManualClock, PersonName, SeededChance, Sex, Translated};
use database::{Database, testing::TestDatabase};
use http_body_util::BodyExt;
use identity::{Citizen, DemoOfficer, DemoPerson, Demonstration, Identity, NewStaff, Officer, People};
use tower::ServiceExt;
use web::{Answer, Mode, Posted, Visit, Web, Words};

pub const PUBLIC: &str = "http://localhost:8080";
pub const PASSWORD: &str = "prova-prova-prova";

pub struct House {
    pub clock: Arc<ManualClock>,
    pub chance: Arc<SeededChance>,
    pub database: Database,
    pub web: Web,
    router: Router,
    _kept: (TestDatabase, tempfile::TempDir),
}

/// Two invented people: one with a story, one of the crowd.
pub struct TwoPeople;

pub fn person(handle: &str, given: &str, surname: &str, code: &str, story: bool) -> DemoPerson {
    DemoPerson {
        handle: handle.to_owned(),
        name: PersonName { surname: surname.to_owned(), given: given.to_owned() },
        fiscal_code: code.parse().unwrap(),
        born: "1990-08-09".parse().unwrap(),
        sex: Sex::F,
        birthplace: "Z404".to_owned(),
        story: story.then(|| Translated::from("Ha tre figli. Prova a chiedere l’assegno unico.")),
    }
}

#[async_trait]
impl People for TwoPeople {
    fn samples(&self) -> Vec<DemoPerson> {
        vec![person("anna", "Anna", "Bianchi", "BNCNNA90M49Z404C", true)]
    }

    async fn find(&self, code: &FiscalCode) -> anyhow::Result<Option<DemoPerson>> {
        let crowd = person("", "Eva", "Òdo", "DOOVEA69R54H501Y", false);
        Ok(self.samples().into_iter().chain([crowd]).find(|person| person.fiscal_code == *code))
    }
}

pub fn demonstration() -> Demonstration {
    let officer = DemoOfficer {
        id: "ugo.prova".to_owned(),
        name: "Ugo Prova".to_owned(),
        office: "Ufficio di prova".to_owned(),
        password: PASSWORD.to_owned(),
    };
    Demonstration { people: Arc::new(TwoPeople), officers: vec![officer] }
}

impl House {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at("2026-11-21T09:00:00Z".parse().unwrap()));
        let chance = Arc::new(SeededChance::new(7));
        let steps = [web::MIGRATIONS, identity::MIGRATIONS].concat();
        let data = TestDatabase::migrated(&steps).await;
        let database = data.open().await;
        let mut pages = web::Settings::new(PUBLIC, Mode::Demo);
        pages.cross_site_paths = identity::CROSS_SITE_PATHS.map(str::to_owned).to_vec();
        let mut settings = identity::Settings::new(folder.path().join("keys"));
        settings.demonstration = Some(demonstration());
        let routes = Identity::new(settings, &pages).unwrap().routes().merge(own_pages());
        let words = Words::merge(&[web::WORDS, identity::WORDS]).unwrap();
        let web = Web::new(database.clone(), clock.clone(), chance.clone(), pages, words);
        let router = web::frame(routes, web.clone());
        let house = Self { clock, chance, database, web, router, _kept: (data, folder) };
        house.employ("ugo.prova").await;
        house
    }

    pub async fn employ(&self, id: &str) {
        let new = NewStaff {
            id: id.to_owned(),
            name: "Ugo Prova".to_owned(),
            office: "famiglie".to_owned(),
            roles: vec!["operator".to_owned()],
            password: PASSWORD.to_owned(),
        };
        let mut tx = self.database.begin().await.unwrap();
        identity::create_staff(&mut tx, &*self.chance, self.clock.now(), new).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { house: self, jar: BTreeMap::new(), address: [192, 0, 2, 1], site: "same-origin" }
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.advance(jiff::SignedDuration::from_secs(seconds));
    }

    /// A number that SQL counts.
    pub async fn count(&self, sql: &str) -> i64 {
        self.database.read().await.unwrap().number(sql, &[]).await.unwrap()
    }
}

fn own_pages() -> Router {
    Router::new()
        .route("/prova", get(show).post(save))
        .route("/prova/forte", get(strong))
        .route("/ufficio/prova", get(work))
}

async fn show(visit: Visit, Citizen(person): Citizen) -> Answer {
    let mut tx = visit.web.database().begin().await?;
    let typed = web::parked::find(&mut tx, person.fiscal_code.as_str(), &visit.path).await?;
    tx.commit().await?;
    let text = format!(
        "{} {} livello {} {:?}",
        person.name,
        person.fiscal_code,
        person.level,
        typed.unwrap_or_default().fields
    );
    Ok(text.into_response())
}

async fn save(Citizen(person): Citizen, posted: Posted) -> Answer {
    Ok(format!("{} salva {}", person.name, posted.text("iban")).into_response())
}

async fn strong(visit: Visit, Citizen(person): Citizen) -> Answer {
    Ok(person.step_up(&visit, 3).unwrap_or_else(|| "forte".into_response()))
}

async fn work(officer: Officer) -> Answer {
    officer.must_have("operator")?;
    Ok(format!("{} {} {:?}", officer.name, officer.office, officer.roles).into_response())
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
}

impl Reply {
    /// The value of a hidden field.
    pub fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let at = self.body.find(&start).unwrap_or_else(|| panic!("no field {name} in {}", self.body)) + start.len();
        let value = self.body[at..].split('"').next().unwrap();
        value.replace("&#38;", "&").replace("&amp;", "&")
    }
}

pub struct Browser<'a> {
    house: &'a House,
    pub jar: BTreeMap<String, String>,
    pub address: [u8; 4],
    pub site: &'static str,
}

impl Browser<'_> {
    pub async fn get(&mut self, path: &str) -> Reply {
        self.send("GET", path, Body::empty(), 0).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let pairs: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        let form = pairs.join("&");
        let length = form.len();
        self.send("POST", path, Body::from(form), length).await
    }

    async fn send(&mut self, method: &str, path: &str, body: Body, length: usize) -> Reply {
        let path = path.strip_prefix(PUBLIC).unwrap_or(path);
        let cookies: Vec<_> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let peer = SocketAddr::from((self.address, 1234));
        let request = Request::builder()
            .method(method)
            .uri(path)
            .extension(ConnectInfo(peer))
            .header(header::HOST, "localhost:8080")
            .header("sec-fetch-site", self.site)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::CONTENT_LENGTH, length);
        let response = self.house.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        for line in response.headers().get_all(header::SET_COOKIE) {
            self.keep(line.to_str().unwrap());
        }
        let location = response.headers().get(header::LOCATION).map_or("", |value| value.to_str().unwrap()).to_owned();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Reply { status, location, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    fn keep(&mut self, line: &str) {
        let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
        if line.contains("Max-Age=0") {
            self.jar.remove(name);
        } else {
            self.jar.insert(name.to_owned(), value.to_owned());
        }
    }

    /// From the login page to the provider's signed answer, ready to be posted.
    pub async fn answer(&mut self, back: &str, fields: &[(&str, &str)]) -> (String, String) {
        let start = self.get(&format!("/accesso/saml/avvia?idp=dimostrativo&ritorno={}", encode(back))).await;
        assert_eq!(start.status, StatusCode::FOUND, "{}", start.body);
        let provider = self.get(&start.location).await;
        assert_eq!(provider.status, StatusCode::OK, "{}", provider.body);
        let request = provider.hidden("richiesta");
        let chosen = [&[("richiesta", request.as_str())], fields].concat();
        let answer = self.post("/idp-dimostrativo/scelta", &chosen).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        (answer.hidden("SAMLResponse"), answer.hidden("RelayState"))
    }

    pub async fn deliver(&mut self, message: &str) -> Reply {
        self.site = "cross-site";
        let reply = self.post("/accesso/saml/acs", &[("SAMLResponse", message), ("RelayState", "x")]).await;
        self.site = "same-origin";
        reply
    }

    /// The whole way in; gives the page that the person returns to.
    pub async fn login(&mut self, back: &str, fields: &[(&str, &str)]) -> Reply {
        let (message, _) = self.answer(back, fields).await;
        let accepted = self.deliver(&message).await;
        assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.body);
        let finished = self.get(&accepted.location).await;
        assert_eq!(finished.status, StatusCode::SEE_OTHER, "{}", finished.body);
        self.get(&finished.location).await
    }

    pub async fn login_officer(&mut self, id: &str, password: &str) -> Reply {
        self.post("/ufficio/accesso", &[("utente", id), ("password", password), ("ritorno", "/ufficio/prova")]).await
    }
}

pub fn encode(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    text.bytes().map(|byte| if plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
