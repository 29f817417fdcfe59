//! A database with the documented sample people and the services as they are declared, and one page.

use std::sync::Arc;

use acts::{Actor, Door, NewAct};
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use base::{Clock, ManualClock, SeededChance, Timestamp, Uuid, rome_date};
use cases::{
    Cases,
    payload::{Submitted, kind},
    testing,
};
use catalogue::{Catalogue, Declared, Offer};
use database::{Database, Tx, testing::TestDatabase};
use deadlines::{Calendar, Rules};
use identity::NewStaff;
use population::SampleWorld;
use serde_json::json;
use web::{Answer, Mode, NewSession, Settings, Visit, Web, Words, sessions, testing::Browser};

/// The office whose register gives numbers.
pub const OFFICE: &str = "famiglia";
pub const MARIA: &str = "DMSMRA80A41H501R";
pub const LUCA: &str = "DMSLCU80A01H501D";
const PEOPLE: &str = include_str!("../../../../content/sample-world/persone.toml");

pub struct House {
    pub database: Database,
    pub web: Web,
    pub samples: SampleWorld,
    pub cases: Cases,
    pub clock: Arc<ManualClock>,
    router: Router,
    data: TestDatabase,
}

pub fn now() -> Timestamp {
    "2026-11-21T10:00:00Z".parse().unwrap()
}

impl House {
    pub async fn new() -> Self {
        Self::declared(|_| ()).await
    }

    /// With services that are declared otherwise.
    pub async fn declared(change: impl FnOnce(&mut Declared)) -> Self {
        let clock = Arc::new(ManualClock::at(now()));
        let rooms = [acts::MIGRATIONS, queue::MIGRATIONS, web::MIGRATIONS, identity::MIGRATIONS];
        let rooms = [
            rooms.concat(),
            [registry::MIGRATIONS, catalogue::MIGRATIONS, cases::MIGRATIONS].concat(),
            protocol::MIGRATIONS.to_vec(),
        ];
        let data = TestDatabase::migrated(&rooms.concat()).await;
        let database = data.open().await;
        let words = [web::WORDS, identity::WORDS, registry::WORDS, catalogue::WORDS, cases::WORDS];
        let (settings, chance) = (Settings::new("http://localhost:8080", Mode::Demo), Arc::new(SeededChance::new(7)));
        let web = Web::new(database.clone(), clock.clone(), chance, settings, Words::merge(&words).unwrap());
        let mut declared = Declared::read(&tidy::house()).unwrap();
        change(&mut declared);
        let catalogue = Catalogue::new(Offer::read(&declared));
        let cases = Cases::new(web.clone(), catalogue, Arc::new(Calendar::default()));
        let pages = Router::new().route("/casa", get(home)).route("/entra", post(enter)).with_state(cases.clone());
        let pages = pages.merge(cases::router(cases.clone()));
        let samples = SampleWorld::parse(PEOPLE, rome_date(now())).unwrap();
        let house = Self { database, router: web::frame(pages, web.clone()), web, samples, cases, clock, data };
        house.people().await;
        house
    }

    async fn people(&self) {
        let households: Vec<_> = self.samples.families.iter().map(|family| family.household.clone()).collect();
        let world = registry::World { seed: 1, persons: 0, today: rome_date(now()), loaded_at: now() };
        registry::load(&self.database, world, households.into_iter(), |_| {}).await.unwrap();
    }

    pub async fn begin(&self) -> Tx {
        self.database.begin().await.unwrap()
    }

    /// A browser in which nobody is logged in.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A browser in which somebody is logged in.
    pub async fn browser(&self, fiscal_code: &str) -> Browser {
        let mut browser = Browser::new(self.router.clone());
        browser.post("/entra", &[("chi", fiscal_code)]).await;
        browser
    }

    /// A browser in which an officer with this role is logged in.
    pub async fn officer(&self, id: &str, office: &str, role: &str) -> Browser {
        let new = NewStaff {
            id: id.to_owned(),
            name: id.replace('.', " "),
            office: office.to_owned(),
            roles: vec!["operator".to_owned(), role.to_owned()],
            password: "dimostrazione".to_owned(),
        };
        let mut tx = self.begin().await;
        identity::create_staff(&mut tx, self.web.chance(), self.clock.now(), new).await.unwrap();
        tx.commit().await.unwrap();
        let mut browser = Browser::new(self.router.clone());
        browser.post("/entra", &[("chi", id), ("porta", "ufficio")]).await;
        browser
    }

    /// The database, as another process opens it.
    pub async fn another(&self) -> Database {
        self.data.open().await
    }

    /// A worker for what happens to waiting applications.
    pub fn signing_worker(&self) -> queue::Work {
        let jobs: Vec<Arc<dyn queue::Job>> = vec![
            Arc::new(cases::ExpireSigning(self.cases.clone())),
            Arc::new(cases::RemindOfSigning(self.cases.clone())),
        ];
        queue::Work::new(self.database.clone(), self.clock.clone(), jobs)
    }

    /// A browser at another process on the same database, in which somebody is logged in.
    pub async fn elsewhere(&self, fiscal_code: &str) -> Browser {
        let web = self.web_at(self.another().await, self.clock.clone());
        let catalogue = Catalogue::new(Offer::read(&Declared::read(&tidy::house()).unwrap()));
        let cases = Cases::new(web.clone(), catalogue, Arc::new(Calendar::default()));
        let pages = Router::new().route("/entra", post(enter)).with_state(cases.clone()).merge(cases::router(cases));
        let mut browser = Browser::new(web::frame(pages, web));
        browser.post("/entra", &[("chi", fiscal_code)]).await;
        browser
    }

    /// The frame of a process of its own, with its own clock.
    pub fn web_at(&self, database: Database, clock: Arc<dyn Clock>) -> Web {
        let words = [web::WORDS, identity::WORDS, registry::WORDS, catalogue::WORDS, cases::WORDS];
        let (settings, chance) = (Settings::new("http://localhost:8080", Mode::Demo), Arc::new(SeededChance::new(8)));
        Web::new(database, clock, chance, settings, Words::merge(&words).unwrap())
    }

    /// Files an application in the given transaction: number, act, row, register's entry.
    pub async fn file(&self, tx: &mut Tx, fiscal_code: &str, change: impl FnOnce(&mut Submitted)) -> Submitted {
        self.file_under(tx, fiscal_code, &Rules::default(), change).await
    }

    /// The same for a service with these rules.
    pub async fn file_under(
        &self,
        tx: &mut Tx,
        fiscal_code: &str,
        rules: &Rules,
        change: impl FnOnce(&mut Submitted),
    ) -> Submitted {
        let numbers = protocol::next_number(tx, OFFICE, now()).await.unwrap();
        let mut submitted = testing::submitted(fiscal_code, numbers.first.clone());
        change(&mut submitted);
        let case = case_of(&submitted);
        let actor = Actor { subject: fiscal_code.to_owned(), door: Door::Citizen, ..Actor::system() };
        let act = NewAct { case, kind: kind::SUBMITTED, actor, payload: serde_json::to_value(&submitted).unwrap() };
        let rules = (rules, &Calendar::default());
        let entry = testing::entry(&numbers, &act, &submitted);
        testing::open(tx, self.web.chance(), rules, (now(), act)).await.unwrap();
        protocol::register(tx, &entry).await.unwrap();
        submitted
    }
}

/// The identifier under which [`House::file`] writes a case.
pub fn case_of(submitted: &Submitted) -> Uuid {
    Uuid::from_u128(u128::try_from(submitted.protocol.number).unwrap())
}

async fn home(State(cases): State<Cases>, visit: Visit) -> Answer {
    let panels = cases.home_panels(&visit).await?;
    let items = |panel: &catalogue::HomePanel| {
        panel.items.iter().map(|item| format!("{}: {}\n", panel.title, item.title)).collect::<String>()
    };
    Ok(panels.iter().map(items).collect::<String>().into_response())
}

async fn enter(visit: Visit, posted: web::Posted) -> Answer {
    let name = json!({ "surname": "Dimostrativa", "given": "Maria" });
    let data = json!({ "name": name, "born": null, "provider": "prova", "name_id": "n", "session_index": null });
    let (subject, name) = (posted.text("chi").to_owned(), "Maria Dimostrativa".to_owned());
    let door = if posted.text("porta") == "ufficio" { web::Door::Staff } else { web::Door::Citizen };
    let new = NewSession { subject, name, door, level: 2, data };
    let mut tx = visit.web.database().begin().await?;
    let cookie = sessions::begin(&mut tx, &visit, new).await?;
    tx.commit().await?;
    Ok((cookie, Redirect::to("/casa")).into_response())
}
