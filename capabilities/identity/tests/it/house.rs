//! The whole frame with this room in it, and a browser that keeps cookies and follows what it is told.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use background::Round as _;
use base::{Clock, FiscalCode, ManualClock, PersonName, SeededChance, Sex, Translated};
use database::{Database, testing::TestDatabase};
use http_body_util::BodyExt;
use identity::{
    Citizen, Declared, Demand, Demands, DemoOfficer, DemoPerson, Demonstration, Identity, NewStaff, Officer, People,
};
use tower::ServiceExt;
use web::{Answer, Mode, Posted, Visit, Web, Words};

use crate::provider::Provider;

pub const PUBLIC: &str = "http://localhost:8080";
pub const TODAY: base::Date = jiff::civil::date(2026, 11, 21);
pub const PASSWORD: &str = "prova-prova-prova";

pub struct House {
    pub clock: Arc<ManualClock>,
    pub chance: Arc<SeededChance>,
    pub database: Database,
    pub web: Web,
    /// Providers that files describe; nothing knows them in a house without federations.
    pub spid: Provider,
    pub cie: Provider,
    identity: Identity,
    router: Router,
    kept: (TestDatabase, tempfile::TempDir),
}

pub const SPID: &str = "https://spid.example";
pub const CIE: &str = "https://cie.example";
pub const EIDAS: &str = "https://eidas.example";

/// Who we are in the federations of tests.
const DECLARED: &str = concat!(
    organisation!(),
    r#"
    [spid]
    providers = ["idp"]
    keys = ["spid", "spid-2"]
    eidas = "https://eidas.example"
    [[spid.attributes]]
    name = "Servizi"
    ask = ["spidCode", "name", "familyName", "fiscalNumber", "dateOfBirth"]
    [[spid.attributes]]
    name = "Bonus"
    services = ["bonus"]
    ask = ["spidCode", "name", "familyName", "fiscalNumber", "email"]

    [cie]
    providers = ["cie.xml"]
"#
);

/// Two services: one that wants certainty, one that hardly cares.
struct TwoServices;

impl Demands for TwoServices {
    fn of(&self, path: &str) -> Option<Demand> {
        let (service, level) = match path.strip_prefix("/servizi/")?.split('/').next()? {
            "bonus" => ("bonus", 3),
            "altro" => ("altro", 1),
            _ => return None,
        };
        Some(Demand { service: service.to_owned(), level })
    }
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
        Self::in_mode(Mode::Demo).await
    }

    /// In production there is no demonstration.
    pub async fn in_mode(mode: Mode) -> Self {
        Self::with(mode, |folder| identity::Settings {
            demonstration: (mode == Mode::Demo).then(demonstration),
            ..identity::Settings::new(folder.join("keys"), TODAY)
        })
        .await
    }

    /// With providers of SPID and CIE, and without the demonstration.
    pub async fn federated() -> Self {
        Self::with(Mode::Demo, |folder| identity::Settings {
            declared: Some(Declared::read(&folder.join("identity.toml")).unwrap()),
            demands: Arc::new(TwoServices),
            ..identity::Settings::new(folder.join("keys"), TODAY)
        })
        .await
    }

    /// With a federation of OpenID Connect, which `net` plays, as `declared` has it.
    pub async fn openid(net: &Arc<crate::openid::Net>, declared: &str) -> Self {
        Self::openid_by(net.clone(), net, declared).await
    }

    /// The same, asked by another way.
    pub async fn openid_by(wire: Arc<dyn identity::Wire>, net: &Arc<crate::openid::Net>, declared: &str) -> Self {
        let kept = kept_keys();
        let house = Self::with(Mode::Demo, |folder| {
            copy_keys(&kept, &folder.join("keys"));
            std::fs::write(folder.join("identity.toml"), declared).unwrap();
            std::fs::write(folder.join("ancora.json"), net.anchor_keys()).unwrap();
            identity::Settings {
                declared: Some(Declared::read(&folder.join("identity.toml")).unwrap()),
                demands: Arc::new(TwoServices),
                wire: Some(wire),
                ..identity::Settings::new(folder.join("keys"), TODAY)
            }
        })
        .await;
        copy_keys(&house.folder().join("keys"), &kept);
        house.look().await;
        house
    }

    /// With a provider of officials, which `wire` plays, as `declared` has it; beside files that lie in its folder.
    pub async fn employing(
        wire: Arc<dyn identity::Wire>,
        declared: &str,
        mode: Mode,
        files: impl FnOnce(&Path),
    ) -> Self {
        Self::with(mode, |folder| {
            std::fs::write(folder.join("identity.toml"), declared).unwrap();
            files(folder);
            identity::Settings {
                declared: Some(Declared::read(&folder.join("identity.toml")).unwrap()),
                wire: Some(wire),
                ..identity::Settings::new(folder.join("keys"), TODAY)
            }
        })
        .await
    }

    /// As `declared` has it, beside files that lie in its folder.
    pub async fn declared(declared: &str, files: impl FnOnce(&Path)) -> Self {
        Self::with(Mode::Demo, |folder| {
            std::fs::write(folder.join("identity.toml"), declared).unwrap();
            files(folder);
            identity::Settings {
                declared: Some(Declared::read(&folder.join("identity.toml")).unwrap()),
                demands: Arc::new(TwoServices),
                ..identity::Settings::new(folder.join("keys"), TODAY)
            }
        })
        .await
    }

    /// Opens the port at which cards are shown.
    pub fn show_cards(&self, listener: std::net::TcpListener) {
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let door = self.identity.card_door(&self.web).unwrap().unwrap();
        tokio::spawn(web::serve_tls(listener, door.tls, door.router, std::future::pending()));
    }

    /// Looks the federations up, as the program does when it is time.
    pub async fn look(&self) {
        self.identity.federation_watcher(self.clock.clone()).round().await.unwrap();
    }

    async fn with(mode: Mode, settings: impl FnOnce(&Path) -> identity::Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (spid, cie) = (Provider::new(SPID), Provider::new(CIE));
        declare(folder.path(), &spid, &cie);
        let clock = Arc::new(ManualClock::at("2026-11-21T09:00:00Z".parse().unwrap()));
        let chance = Arc::new(SeededChance::new(7));
        let steps = [web::MIGRATIONS, identity::MIGRATIONS].concat();
        let data = TestDatabase::migrated(&steps).await;
        let database = data.open().await;
        let mut pages = web::Settings::new(PUBLIC, mode);
        pages.cross_site_paths = identity::CROSS_SITE_PATHS.map(str::to_owned).to_vec();
        let identity = Identity::new(settings(folder.path()), &pages).unwrap();
        let routes = identity.routes().merge(own_pages());
        let words = Words::merge(&[web::WORDS, identity::WORDS]).unwrap();
        let web = Web::new(database.clone(), clock.clone(), chance.clone(), pages, words);
        let router = web::frame(routes, web.clone());
        let house = Self { clock, chance, database, web, spid, cie, identity, router, kept: (data, folder) };
        house.employ("ugo.prova").await;
        house
    }

    /// Where `identity.toml` and the metadata of providers lie.
    pub fn folder(&self) -> &Path {
        self.kept.1.path()
    }

    /// As the program does every two seconds.
    pub async fn reread(&self) {
        self.identity.watcher().round().await.unwrap();
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

    pub async fn execute(&self, sql: &str) {
        let mut tx = self.database.begin().await.unwrap();
        tx.execute(sql, &[]).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub fn browser(&self) -> Browser<'_> {
        Browser { house: self, jar: BTreeMap::new(), address: [192, 0, 2, 1], site: "same-origin" }
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.advance(jiff::SignedDuration::from_secs(seconds));
    }

    /// All that the register of messages holds, in one text.
    pub async fn register(&self) -> String {
        let sql = "SELECT direction, request_id, message, outcome FROM identity_messages ORDER BY at, id";
        let rows = self.database.read().await.unwrap().rows(sql, &[]).await.unwrap();
        let lines = rows.iter().map(|row| {
            let text = |name: &'static str| row.text(name).unwrap();
            format!("{} {} {} {}", text("direction"), text("request_id"), text("outcome"), text("message"))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The same of refused answers for which nobody vouches.
    pub async fn strays(&self) -> String {
        let sql = "SELECT door, request_id, digest, outcome FROM identity_strays ORDER BY at, id";
        let rows = self.database.read().await.unwrap().rows(sql, &[]).await.unwrap();
        let lines = rows.iter().map(|row| {
            let text = |name: &'static str| row.text(name).unwrap();
            format!("{} {} {} {}", text("door"), text("request_id"), text("digest"), text("outcome"))
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// A number that SQL counts.
    pub async fn count(&self, sql: &str) -> i64 {
        self.database.read().await.unwrap().number(sql, &[]).await.unwrap()
    }
}

/// Where keys are kept between tests.
pub fn kept_keys() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("openid-keys")
}

/// RSA keys take seconds to make: every test has the same. A file is there whole or not at all.
pub fn copy_keys(from: &Path, to: &Path) {
    database::make_folder(to).unwrap();
    for name in ["oidc-federation.key", "oidc-sig.key", "oidc-enc.key"] {
        if from.join(name).exists() && !to.join(name).exists() {
            let draft = to.join(format!("{name}.{}", std::process::id()));
            std::fs::copy(from.join(name), &draft).unwrap();
            std::fs::rename(draft, to.join(name)).unwrap();
        }
    }
}

fn declare(folder: &Path, spid: &Provider, cie: &Provider) {
    std::fs::create_dir(folder.join("idp")).unwrap();
    let write = |file: &str, text: &str| std::fs::write(folder.join(file), text).unwrap();
    write("identity.toml", DECLARED);
    write("idp/spid.xml", &spid.metadata("Prova ID", &["HTTP-Redirect", "HTTP-POST"]));
    write("cie.xml", &cie.metadata("Ministero dell’Interno", &["HTTP-Redirect"]));
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
    Ok(format!("{} {} {:?} livello {}", officer.name, officer.office, officer.roles, officer.level).into_response())
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub location: String,
    /// Where a page leads on to by itself.
    pub refresh: String,
    pub body: String,
}

impl Reply {
    /// The value of an attribute that has this name once in the page.
    pub fn attribute(&self, name: &str) -> String {
        let value = self.body.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        value.unwrap_or_else(|| panic!("no {name} in {}", self.body)).to_owned()
    }

    /// The texts that stand out as code.
    pub fn codes(&self) -> Vec<String> {
        self.body.split("<code>").skip(1).filter_map(|rest| Some(rest.split_once("</code>")?.0.to_owned())).collect()
    }

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
        let told = |name| response.headers().get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let (location, refresh) = (told("location"), told("refresh"));
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        Reply { status, location, refresh, body: String::from_utf8_lossy(&bytes).into_owned() }
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
        self.post_across("/accesso/saml/acs", &[("SAMLResponse", message), ("RelayState", "x")]).await
    }

    /// A form of another site.
    pub async fn post_across(&mut self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.site = "cross-site";
        let reply = self.post(path, fields).await;
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
