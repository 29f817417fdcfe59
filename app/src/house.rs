use std::{fs, path::Path, sync::Arc};

use acts::{Follower, Following};
use anyhow::Context;
use axum::Router;
use background::{Health, Round};
use base::{Chance, Clock, Language, Timestamp, rome_date};
use cases::Cases;
use catalogue::{Catalogue, Declared, Offer};
use database::{Database, Migration};
use deadlines::Calendar;
use identity::{Demonstration, Identity};
use letters::Composer;
use mandates::{IntermediaryList, Mandates};
use notary::Notary;
use protocol::{DailyRegisters, Register, Seal};
use queue::{Job, Work};
use retention::{Retention, Sweep};
use tokio::{sync::watch, task::JoinSet};
use web::{Mode, Web, Words};

use crate::{health, housekeeping::Housekeeping, joins, operators::Operators, settings::Settings, staff_places, told};

/// All rooms, joined: pages to be served, and what runs beside them.
pub struct House {
    /// The database.
    pub database: Database,
    /// The services on offer.
    pub catalogue: Catalogue,
    /// All pages, in their frame.
    pub router: Router,
    /// The keeper of the log.
    pub notary: Notary,
    /// What operators are told.
    pub operators: Operators,
    health: Health,
    clock: Arc<dyn Clock>,
    followers: Vec<Arc<dyn Follower>>,
    jobs: Vec<Arc<dyn Job>>,
    composer: Arc<Composer>,
    daily: Arc<DailyRegisters>,
    watchers: Vec<Arc<dyn Round>>,
    /// The port at which cards are shown, if there is one; who serves takes it.
    pub cards: Option<identity::CardDoor>,
}

/// The one history of the schema: each room's steps, in the order in which rooms may know one another.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let rooms = [
        acts::MIGRATIONS,
        queue::MIGRATIONS,
        waiting::MIGRATIONS,
        web::MIGRATIONS,
        identity::MIGRATIONS,
        registry::MIGRATIONS,
        catalogue::MIGRATIONS,
        mandates::MIGRATIONS,
        cases::MIGRATIONS,
        protocol::MIGRATIONS, // its oldest tables were made by cases
        consents::MIGRATIONS,
        letters::MIGRATIONS,
        notary::MIGRATIONS,
        retention::MIGRATIONS,
    ];
    rooms.concat()
}

/// Every word that a page can say.
fn words() -> anyhow::Result<Words> {
    let rooms = [
        web::WORDS,
        identity::WORDS,
        registry::WORDS,
        catalogue::WORDS,
        mandates::WORDS,
        protocol::WORDS,
        cases::WORDS,
        consents::WORDS,
        letters::WORDS,
        notary::WORDS,
        retention::WORDS,
        statistics::WORDS,
    ];
    Words::merge(&rooms).context("difetto del programma: le parole delle stanze non vanno insieme")
}

/// The holidays that move terms.
pub fn calendar(root: &Path) -> anyhow::Result<Calendar> {
    let path = root.join("law/calendars/italia.toml");
    let text = fs::read_to_string(&path).map_err(|error| told::unreadable(&path, &error))?;
    Calendar::parse("law/calendars/italia.toml", &text).map_err(|told| told_in_lines(&told))
}

impl House {
    /// Joins the rooms on an open and migrated database. `demonstration` is refused outside demo mode.
    ///
    /// # Errors
    /// When folders, keys or words cannot be used, or the database refuses.
    pub async fn join(
        settings: &Settings,
        database: Database,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
        demonstration: Option<Demonstration>,
    ) -> anyhow::Result<Self> {
        let catalogue = Catalogue::new(offered(settings, &database).await?);
        publish(&catalogue, &database, clock.now()).await?;
        let pages = page_settings(settings);
        let web = Web::new(database.clone(), Arc::clone(&clock), Arc::clone(&chance), pages.clone(), words()?);
        let cases = Cases::new(web.clone(), catalogue.clone(), Arc::new(calendar(&settings.root)?));
        let cases = cases.with_limit(settings.admissions);
        let identity = Identity::new(way_in(settings, &cases, clock.now(), demonstration), &pages)?;
        report_sealed_elsewhere(&identity, &database).await?;
        let key = notary::key::load_or_create(&settings.data.join("keys"), &settings.log_name(), &*chance)
            .map_err(told::key_unusable)?;
        let notary = Notary::new(web.clone(), Arc::new(key), Arc::new(joins::Documents), catalogue.clone());

        let seal = seal(settings)?;
        let register = register(&web, &catalogue, &seal);
        let retention = Retention::new(web.clone(), catalogue.clone(), seal.clone(), Arc::new(joins::Papers));
        let daily = DailyRegisters::new(database.clone(), Arc::clone(&clock), catalogue.clone(), seal);

        let health = Health::default();
        let operators = operators(&health, settings, &database, &clock).await?;
        let rooms = Router::new()
            .merge(health::routes(operators.watched.clone()))
            .merge(identity.routes())
            .merge(registry::router(Arc::clone(&catalogue.offer().registries)))
            .merge(catalogue::routes(catalogue.clone(), Arc::new(joins::Panels(cases.clone()))))
            .merge(mandates(settings, &web, &catalogue).router())
            .merge(protocol::router(register))
            .merge(cases::router(cases.clone()))
            .merge(consents::Consents { web: web.clone(), catalogue: catalogue.clone() }.router())
            .merge(letters::routes(catalogue.clone()))
            .merge(notary::router(notary.clone()))
            .merge(retention::router(retention.clone()))
            .merge(statistics::router(catalogue.clone()));
        let rooms = if settings.mode == Mode::Demo { rooms.merge(web::gallery()) } else { rooms };
        let composer = Composer {
            database: database.clone(),
            clock: Arc::clone(&clock),
            chance,
            catalogue: catalogue.clone(),
            public_url: settings.public_url.clone(),
        };
        let intermediaries = intermediaries(settings, &database).await?;
        Housekeeping::begin(&database, clock.now()).await?;
        cases::begin(&database, clock.now()).await?;
        Ok(Self {
            router: operators.metrics.measured(web::frame(rooms, web.clone())),
            operators,
            cards: identity.card_door(&web).map_err(anyhow::Error::msg)?,
            followers: vec![Arc::new(notary.clone()), Arc::new(letters::DueLetters), Arc::new(mandates::Deeds)],
            jobs: jobs(&cases, &retention, web),
            composer: Arc::new(composer),
            daily: Arc::new(daily),
            watchers: vec![
                Arc::new(identity.watcher()),
                Arc::new(identity.federation_watcher(Arc::clone(&clock))),
                intermediaries,
            ],
            health,
            database,
            catalogue,
            notary,
            clock,
        })
    }

    /// Starts what runs beside the pages: the log, letters, the queue. Everything ends after `stop` turns true.
    pub fn start(&self, stop: &watch::Receiver<bool>) -> JoinSet<()> {
        let mut running = JoinSet::new();
        for task in self.tasks() {
            running.spawn(self.health.clone().keep(task, self.database.commits(), stop.clone()));
        }
        running
    }

    fn tasks(&self) -> Vec<Arc<dyn Round>> {
        let following = |follower: &Arc<dyn Follower>| -> Arc<dyn Round> {
            Arc::new(Following { database: self.database.clone(), follower: Arc::clone(follower) })
        };
        let mut tasks: Vec<_> = self.followers.iter().map(following).collect();
        let sweep = Sweep { database: self.database.clone(), clock: Arc::clone(&self.clock) };
        tasks.extend([
            Arc::new(self.work()) as Arc<dyn Round>,
            self.composer.clone(),
            self.daily.clone(),
            Arc::new(sweep),
        ]);
        tasks.extend(self.watchers.iter().cloned());
        tasks
    }

    /// A worker that knows every kind of job of this house.
    #[must_use]
    pub fn work(&self) -> Work {
        Work::new(self.database.clone(), Arc::clone(&self.clock), self.jobs.clone())
    }
}

/// What is offered; what is wrong with the rest is reported.
async fn offered(settings: &Settings, database: &Database) -> anyhow::Result<Offer> {
    let folders = Declared::read(&settings.root);
    let folders = folders.map_err(|error| told::unreadable(&settings.root.join("services"), &error))?;
    let offer = Offer::read(&folders);
    report(&offer);
    refuse_useless(&offer)?;
    report_unknown_roles(&offer, database).await?;
    for told in settings.identity.iter().flat_map(|declared| staff_places::unknown(declared, &offer)) {
        tracing::error!("identity.toml: {told}");
    }
    Ok(offer)
}

/// Keeps what is offered among the versions.
async fn publish(catalogue: &Catalogue, database: &Database, now: Timestamp) -> anyhow::Result<()> {
    let mut tx = database.begin().await?;
    catalogue.publish_all(&mut tx, now).await?;
    Ok(tx.commit().await?)
}

/// What operators are told, of a database that is up to date.
async fn operators(
    health: &Health,
    settings: &Settings,
    database: &Database,
    clock: &Arc<dyn Clock>,
) -> database::Result<Operators> {
    let watched = health::Watched::new(health.clone(), database.clone(), settings.data.clone(), migrations());
    Operators::new(watched, database.clone(), Arc::clone(clock)).await
}

/// The seal of the registers. Only a demonstration makes its own: what an administration seals must hold for years.
fn seal(settings: &Settings) -> anyhow::Result<protocol::Seal> {
    let missing = protocol::SEAL_FILES.iter().any(|file| !settings.seal.join(file).exists());
    if missing && settings.mode == Mode::Production {
        return Err(told::no_seal(&settings.seal));
    }
    Ok(protocol::Seal::open_or_create(&settings.seal, settings.office.name.get(Language::Italian))?)
}

/// Every kind of work that waits in the queue.
fn jobs(cases: &Cases, retention: &Retention, web: Web) -> Vec<Arc<dyn Job>> {
    vec![
        Arc::new(cases::LapseIntegration(cases.clone())),
        Arc::new(cases::SettleBySilence(cases.clone())),
        Arc::new(cases::RemindOfOpinion(cases.clone())),
        Arc::new(cases::ExpireSigning(cases.clone())),
        Arc::new(cases::RemindOfSigning(cases.clone())),
        Arc::new(cases::MassJob::list(cases.clone())),
        Arc::new(cases::MassJob::apply(cases.clone())),
        Arc::new(cases::NameOld(web.clone())),
        Arc::new(retention::Gather(retention.clone())),
        Arc::new(retention::Destroy(retention.clone())),
        Arc::new(Housekeeping(web)),
    ]
}

/// The pages of who may act for whom.
fn mandates(settings: &Settings, web: &Web, catalogue: &Catalogue) -> Mandates {
    Mandates { web: web.clone(), catalogue: catalogue.clone(), limits: settings.mandates }
}

/// Who works for patronati and CAFs, read before anybody comes and followed from then on.
async fn intermediaries(settings: &Settings, database: &Database) -> anyhow::Result<Arc<IntermediaryList>> {
    let list = IntermediaryList::new(database.clone(), settings.root.join("content/intermediaries.toml"));
    list.round().await.map_err(|error| anyhow::anyhow!("content/intermediaries.toml: {error}"))?;
    Ok(Arc::new(list))
}

/// The pages of the protocol register.
fn register(web: &Web, catalogue: &Catalogue, seal: &Seal) -> Register {
    let (web, catalogue, seal) = (web.clone(), catalogue.clone(), seal.clone());
    Register { web, catalogue, seal, cases: Arc::new(joins::CaseOffices) }
}

fn way_in(
    settings: &Settings,
    cases: &Cases,
    now: Timestamp,
    demonstration: Option<Demonstration>,
) -> identity::Settings {
    let catalogue = &cases.catalogue;
    identity::Settings {
        declared: settings.identity.clone(),
        demands: Arc::new(joins::Services(catalogue.clone())),
        holdings: Some(Arc::new(joins::Holdings(cases.clone()))),
        objections: catalogue.offer().registries.rights_service().map(str::to_owned),
        demonstration,
        ..identity::Settings::new(settings.data.join("keys"), rome_date(now))
    }
}

/// How pages are set up.
pub fn page_settings(settings: &Settings) -> web::Settings {
    let mut pages = web::Settings::new(&settings.public_url, settings.mode);
    pages.office = settings.office.clone();
    pages.office_menu.push(identity::OWN_ACCESS);
    pages.limits = settings.limits.clone();
    pages.trusted_proxies.clone_from(&settings.trusted_proxies);
    let open = identity::DOORS.iter().chain([&catalogue::SCREENER]); // the screener keeps nothing
    pages.read_only_paths = open.map(ToString::to_string).collect();
    pages.acted_for_paths = cases::ACTED_FOR_PATHS.map(str::to_owned).to_vec();
    pages.authorities = Some(Arc::new(mandates::Authorities));
    pages.cross_site_paths = identity::CROSS_SITE_PATHS.iter().map(ToString::to_string).collect();
    pages
}

fn told_in_lines(told: &[impl ToString]) -> anyhow::Error {
    anyhow::anyhow!("{}", told.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// Without its registries the portal would ask people for everything, and without the table of roles no official could do
/// anything: it does not start.
fn refuse_useless(offer: &Offer) -> anyhow::Result<()> {
    let useful = !offer.registries.is_empty() && !offer.policy.roles.is_empty();
    anyhow::ensure!(useful, told_in_lines(&offer.problems[Offer::SHARED]));
    Ok(())
}

/// An account with a task that the table does not know may do less than somebody thinks.
async fn report_unknown_roles(offer: &Offer, database: &Database) -> database::Result<()> {
    for account in identity::accounts(&mut database.read().await?).await?.iter().filter(|account| !account.disabled) {
        for role in account.officer.roles.iter().filter(|role| !offer.policy.roles.contains_key(*role)) {
            tracing::error!(
                "«{}» ha l’incarico «{role}», che content/roles.toml non conosce: non permette nulla",
                account.officer.id
            );
        }
    }
    Ok(())
}

/// Somebody restored the database without the key folder, or lost a file of it.
async fn report_sealed_elsewhere(identity: &Identity, database: &Database) -> database::Result<()> {
    let lost = identity.sealed_elsewhere(&mut database.read().await?).await?;
    if let [first, ..] = lost.as_slice() {
        tracing::error!(
            "{} operatori (il primo è «{first}») hanno un’app attivata con un altro file factors.key: rimetti quel file nella \
             cartella delle chiavi, oppure azzera la loro seconda prova con `sportello officer reset-second-factor`",
            lost.len()
        );
    }
    Ok(())
}

/// A broken folder does not stop the others: it is told, with file, line and mend.
fn report(offer: &Offer) {
    for (slug, told) in &offer.problems {
        for diagnostic in told {
            match slug.as_str() {
                Offer::SHARED => tracing::error!("i testi comuni in content/ hanno un errore:\n{diagnostic}"),
                slug => tracing::error!("il servizio «{slug}» non è offerto:\n{diagnostic}"),
            }
        }
    }
}
