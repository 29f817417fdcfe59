use std::{fs, path::Path, sync::Arc};

use acts::Follower;
use anyhow::Context;
use axum::{Router, routing::get};
use base::{Chance, Clock};
use cases::Cases;
use catalogue::{Catalogue, Declared, Offer};
use database::{Database, Migration};
use deadlines::Calendar;
use identity::{Demonstration, Identity};
use letters::Composer;
use notary::Notary;
use queue::{Job, Work};
use registry::Registries;
use tokio::{sync::watch, task::JoinSet};
use web::{Mode, Web, Words};

use crate::{housekeeping::Housekeeping, joins, settings::Settings};

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
    clock: Arc<dyn Clock>,
    followers: Vec<Arc<dyn Follower>>,
    jobs: Vec<Arc<dyn Job>>,
    composer: Option<Composer>,
}

/// The one history of the schema: each room's steps, in the order in which rooms may know one another.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let rooms = [
        acts::MIGRATIONS,
        queue::MIGRATIONS,
        web::MIGRATIONS,
        identity::MIGRATIONS,
        registry::MIGRATIONS,
        catalogue::MIGRATIONS,
        cases::MIGRATIONS,
        letters::MIGRATIONS,
        notary::MIGRATIONS,
    ];
    rooms.concat()
}

/// Every word that a page can say.
fn words() -> anyhow::Result<Words> {
    let rooms =
        [web::WORDS, identity::WORDS, registry::WORDS, catalogue::WORDS, cases::WORDS, letters::WORDS, notary::WORDS];
    Words::merge(&rooms).context("the words of the rooms do not fit together")
}

/// The holidays that move terms.
pub fn calendar(root: &Path) -> anyhow::Result<Calendar> {
    let path = root.join("law/calendars/italia.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
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
        let offer = Offer::read(&Declared::read(&settings.root).context("the service folders cannot be read")?);
        report(&offer);
        let catalogue = Catalogue::new(offer);
        let mut tx = database.begin().await?;
        catalogue.publish_all(&mut tx, clock.now()).await?;
        tx.commit().await?;

        let pages = page_settings(settings);
        let mut identity_settings = identity::Settings::new(settings.data.join("keys"));
        identity_settings.demonstration = demonstration;
        let identity = Identity::new(identity_settings, &pages)?;
        let web = Web::new(database.clone(), Arc::clone(&clock), Arc::clone(&chance), pages, words()?);
        let cases = Cases::new(web.clone(), catalogue.clone(), Arc::new(calendar(&settings.root)?));
        let key = notary::key::load_or_create(&settings.data.join("keys"), &settings.log_name(), &*chance)?;
        let notary = Notary::new(web.clone(), Arc::new(key), Arc::new(joins::Documents));
        publish_registries(&settings.root, &database).await?;

        let rooms = Router::new()
            .route("/salute", get(async || "ok"))
            .merge(identity.routes())
            .merge(registry::router())
            .merge(catalogue::routes(catalogue.clone(), Arc::new(joins::Panels(cases.clone()))))
            .merge(cases::router(cases.clone()))
            .merge(letters::routes(Arc::new(catalogue.clone())))
            .merge(notary::router(notary.clone()));
        let rooms = if settings.mode == Mode::Demo { rooms.merge(web::gallery()) } else { rooms };
        let composer = Composer {
            database: database.clone(),
            clock: Arc::clone(&clock),
            chance,
            folders: Arc::new(catalogue.clone()),
            public_url: settings.public_url.clone(),
        };
        Housekeeping::begin(&database, clock.now()).await?;
        Ok(Self {
            router: web::frame(rooms, web.clone()),
            followers: vec![Arc::new(notary.clone()), Arc::new(letters::DueLetters)],
            jobs: vec![Arc::new(cases::LapseIntegration(cases)), Arc::new(Housekeeping(web))],
            composer: Some(composer),
            database,
            catalogue,
            notary,
            clock,
        })
    }

    /// Starts what runs beside the pages: the log, letters, the queue. Everything ends after `stop` turns true.
    pub fn start(&mut self, stop: &watch::Receiver<bool>) -> JoinSet<()> {
        let mut running = JoinSet::new();
        running.spawn(acts::follow_all(self.database.clone(), self.followers.clone(), stop.clone()));
        running.spawn(self.work().run(stop.clone()));
        if let Some(composer) = self.composer.take() {
            running.spawn(composer.run(stop.clone()));
        }
        running
    }

    /// A worker that knows every kind of job of this house.
    #[must_use]
    pub fn work(&self) -> Work {
        Work::new(self.database.clone(), Arc::clone(&self.clock), self.jobs.clone())
    }
}

fn page_settings(settings: &Settings) -> web::Settings {
    let mut pages = web::Settings::new(&settings.public_url, settings.mode);
    pages.office = settings.office.clone();
    pages.cross_site_paths = identity::CROSS_SITE_PATHS.iter().map(ToString::to_string).collect();
    pages
}

/// The registries by name: pages and forms say where each datum comes from.
async fn publish_registries(root: &Path, database: &Database) -> anyhow::Result<()> {
    let path = root.join("content/registries.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let registries = Registries::parse("content/registries.toml", &text).map_err(|told| told_in_lines(&told))?;
    let mut tx = database.begin().await?;
    registries.publish(&mut tx).await?;
    Ok(tx.commit().await?)
}

fn told_in_lines(told: &[impl ToString]) -> anyhow::Error {
    anyhow::anyhow!("{}", told.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// A broken folder does not stop the others: it is told, with file, line and mend.
fn report(offer: &Offer) {
    for (slug, told) in &offer.problems {
        for diagnostic in told {
            tracing::error!("il servizio «{slug}» non è offerto:\n{diagnostic}");
        }
    }
}
