//! The program in this process: real HTTP, a real database of its own, a clock and a chance of ours.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use acts::Act;
use base::{ManualClock, SeededChance, Timestamp, Uuid, rome_date};
use database::{Database, testing::TestDatabase};
use identity::Demonstration;
use jiff::SignedDuration;
use proofs::VerifierKey;
use queue::Work;
use sportello::{
    House, Settings, migrations,
    sample::{self, Crowd, Ground},
    serve_until,
};
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime, sync::oneshot, task::JoinHandle};
use waiting::Limit;
use web::{Mode, Office};

use crate::client::Client;

/// Saturday 21 November 2026 at 11:00 in Italy: stories name dates and fiscal codes that fit this day.
pub const NOW: &str = "2026-11-21T10:00:00Z";
/// The people with a story come on top.
const CROWD: Crowd = Crowd { persons: 300, seed: 7 };

/// How people reach a world that stands behind TLS.
pub const PUBLIC_URL: &str = "https://sportello.example";

/// The folder that holds services/, law/ and content/.
pub fn root() -> PathBuf {
    tidy::house()
}

/// A running program with its people. Dropped, it ends cleanly and leaves nothing.
pub struct World {
    pub url: String,
    settings: Settings,
    clock: Arc<ManualClock>,
    chance: Arc<SeededChance>,
    running: Option<Running>,
    _kept: (TempDir, TestDatabase),
}

struct Running {
    runtime: Runtime,
    database: Database,
    key: VerifierKey,
    work: Work,
    end: oneshot::Sender<()>,
    server: JoinHandle<anyhow::Result<()>>,
}

/// Takes a port. A program that crashed a moment ago may still hold it while its threads end: asked again, for ten
/// seconds at most.
async fn bind(address: SocketAddr) -> TcpListener {
    let mut last = None;
    for _ in 0..500 {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(error) => last = Some(error),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("{address} cannot be taken: {last:?}")
}

impl World {
    pub fn new() -> Self {
        Self::seeded(7)
    }

    /// Which people reach at [`PUBLIC_URL`], by https: a proxy would stand between.
    pub fn behind_tls() -> Self {
        Self::set_up(7, |settings| PUBLIC_URL.clone_into(&mut settings.public_url))
    }

    /// With another chance: other keys, identifiers and secrets.
    pub fn seeded(seed: u64) -> Self {
        Self::with(seed, Limit::NONE)
    }

    /// In which no more people come to the confirmation of a service than this.
    pub fn crowded(limit: Limit) -> Self {
        Self::with(7, limit)
    }

    /// Behind a proxy that says from where people come; how often they may.
    pub fn behind_a_proxy(limits: web::Limits) -> Self {
        Self::set_up(7, |settings| {
            settings.limits = limits;
            settings.trusted_proxies = vec![Ipv4Addr::LOCALHOST.into()];
        })
    }

    fn with(seed: u64, admissions: Limit) -> Self {
        Self::set_up(seed, |settings| settings.admissions = admissions)
    }

    fn set_up(seed: u64, change: impl FnOnce(&mut Settings)) -> Self {
        log();
        let data = tempfile::tempdir().expect("a folder for the data");
        let clock = Arc::new(ManualClock::at(NOW.parse::<Timestamp>().expect("an instant")));
        let mut settings = demonstration_at(data.path(), root());
        let database = Runtime::new().expect("a runtime").block_on(TestDatabase::migrated(&migrations()));
        database.url().clone_into(&mut settings.database);
        change(&mut settings);
        let chance = Arc::new(SeededChance::new(seed));
        let mut world = Self { url: String::new(), settings, clock, chance, running: None, _kept: (data, database) };
        world.start();
        world
    }

    /// Takes the port (any free one the first time, the same ever after), opens the data and serves.
    fn start(&mut self) {
        let runtime = Runtime::new().expect("a runtime");
        let listener = runtime.block_on(bind(self.settings.listen));
        self.settings.listen = listener.local_addr().expect("the port that was taken");
        self.url = format!("http://localhost:{}", self.settings.listen.port());
        if self.settings.public_url.is_empty() {
            self.settings.public_url.clone_from(&self.url);
        }
        let house = runtime.block_on(self.furnish()).expect("the program starts");
        let (database, key, work) = (house.database.clone(), house.notary.verifier().clone(), house.work());
        let (end, ended) = oneshot::channel();
        let server = runtime.spawn(serve_until(house, listener, async {
            drop(ended.await);
        }));
        self.running = Some(Running { runtime, database, key, work, end, server });
    }

    async fn furnish(&self) -> anyhow::Result<House> {
        let database = Database::open(&self.settings.database).await?;
        let clock: &dyn base::Clock = &*self.clock;
        database.migrate(&migrations(), clock.now()).await?;
        let ground = Ground { database: &database, root: &self.settings.root, clock, chance: &*self.chance };
        if ground.found().await?.is_none() {
            ground.employ().await?;
            ground.populate(CROWD, |_| {}).await?;
        }
        let demonstration = demonstration(&self.settings.root, &database)?;
        House::join(&self.settings, database, self.clock.clone(), self.chance.clone(), Some(demonstration)).await
    }

    /// The program is gone from one moment to the next, as with `kill -9`: nothing is finished, nothing closed.
    pub fn crash(&mut self) {
        if let Some(Running { runtime, database, .. }) = self.running.take() {
            // What is under way on another thread ends at its next wait: only then are the files nobody's.
            runtime.shutdown_timeout(Duration::from_secs(10));
            drop(database);
        }
    }

    /// Crashes and starts again on the same data and port.
    pub fn restart(&mut self) {
        self.crash();
        self.start();
    }

    /// Lets time pass and does what falls due meanwhile.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(SignedDuration::try_from(by).expect("stories do not last for ages"));
        self.block_on(self.running().work.do_due()).expect("the queue works");
    }

    /// A visitor who is not logged in.
    pub fn visitor(&self) -> Client {
        Client::new(&self.url)
    }

    /// Who comes from this address.
    pub fn visitor_from(&self, address: &str) -> Client {
        Client::coming_from(&self.url, address)
    }

    /// A sample person who is logged in.
    pub fn person(&self, handle: &str) -> Client {
        let client = self.visitor();
        client.log_in(handle);
        client
    }

    /// Somebody with an account in an office, these roles, and the password of the sample officers, who is logged in.
    pub fn employ(&self, id: &str, office: &str, roles: &[&str]) -> Client {
        let roles = roles.iter().map(|role| (*role).to_owned()).collect();
        let (name, password) = (format!("{id} Prova"), sample::PASSWORD.to_owned());
        let new = identity::NewStaff { id: id.to_owned(), name, office: office.to_owned(), roles, password };
        let made = async {
            let mut tx = self.database().begin().await?;
            identity::create_staff(&mut tx, &*self.chance, base::Clock::now(&*self.clock), new).await?;
            anyhow::Ok(tx.commit().await?)
        };
        self.block_on(made).expect("an account");
        self.officer(id)
    }

    /// The administration notes that an officer is this person.
    pub fn note_who(&self, officer: &str, person: &str) {
        let code = person.parse().expect("a fiscal code");
        let noted = async {
            let mut tx = self.database().begin().await?;
            assert!(identity::note_fiscal_code(&mut tx, officer, Some(&code)).await?);
            tx.commit().await
        };
        self.block_on(noted).expect("an account");
    }

    /// An officer who is logged in.
    pub fn officer(&self, id: &str) -> Client {
        let client = self.visitor();
        client.log_in_officer(id);
        client
    }

    pub fn database(&self) -> &Database {
        &self.running().database
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.settings.data
    }

    pub fn database_url(&self) -> &str {
        &self.settings.database
    }

    /// The key of the log, from the house and not from its pages.
    pub fn log_key(&self) -> &VerifierKey {
        &self.running().key
    }

    pub fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.running().runtime.block_on(work)
    }

    /// The whole book of acts.
    pub fn book(&self) -> Vec<Act> {
        self.block_on(async { acts::after(&mut self.database().read().await?, 0, 10_000).await }).expect("the book")
    }

    /// The acts of a case, once they are as many as `wanted`: letters follow by themselves.
    pub fn acts_of(&self, case: Uuid, wanted: usize) -> Vec<Act> {
        let began = Instant::now();
        loop {
            let found = self.book().into_iter().filter(|act| act.case == case).collect::<Vec<_>>();
            if wanted <= found.len() || Duration::from_secs(120) < began.elapsed() {
                return found;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn running(&self) -> &Running {
        self.running.as_ref().expect("a world runs until it is dropped")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let Some(Running { runtime, end, server, .. }) = self.running.take() else { return };
        drop(end);
        let ended = runtime.block_on(server);
        if !std::thread::panicking() {
            ended.expect("the server does not panic").expect("the program ends cleanly");
        }
    }
}

/// Warnings of the program, shown with a test that fails.
fn log() {
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_test_writer();
    drop(log.try_init()); // another world of this test was faster
}

/// A demonstration in `data`, on any free port.
pub fn demonstration_at(data: &Path, root: PathBuf) -> Settings {
    Settings {
        identity: None,
        mode: Mode::Demo,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        public_url: String::new(),
        database: format!("sqlite:{}", data.join("sportello.db").display()),
        data: data.to_owned(),
        root,
        office: Office::invented(),
        seal: data.join("keys"),
        admissions: Limit::NONE,
        mandates: mandates::Limits::default(),
        limits: sportello::limits::usual(),
        trusted_proxies: Vec::new(),
    }
}

/// The demonstration identity provider with the people of [`NOW`].
pub fn demonstration(root: &Path, database: &Database) -> anyhow::Result<Demonstration> {
    let today = rome_date(NOW.parse::<Timestamp>()?);
    Ok(sample::demonstration(database, &sample::people(root, today)?))
}
