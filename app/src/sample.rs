//! The sample world of demonstrations and tests: who lives in it, and who works in its offices.

use std::{fs, path::Path, sync::Arc};

use base::{Chance, Clock, Date, rome_date};
use database::Database;
use identity::{ANALYST, ARCHIVIST, COUNTER, DemoOfficer, Demonstration, HEAD, NewStaff, create_staff};
use population::{SampleDecree, SampleWorld, World};
use registry::Loaded;

use crate::{
    joins::{DemoPeople, samples},
    told,
};

/// The officers of the demonstration: identifier, name, office, and what they are beside officers of it.
pub const OFFICERS: [(&str, &str, &str, Option<&str>); 12] = [
    ("anna.ferri", "Anna Ferri", "famiglia", Some(HEAD)),
    ("bruno.conti", "Bruno Conti", "famiglia", None),
    ("carla.neri", "Carla Neri", "relazioni", Some(HEAD)),
    ("dario.verdi", "Dario Verdi", "anagrafiche", Some(HEAD)),
    ("elsa.monti", "Elsa Monti", "invalidita", Some(HEAD)),
    ("furio.sala", "Furio Sala", "lavoro", Some(HEAD)),
    ("gaia.longo", "Gaia Longo", "relazioni", Some(ANALYST)),
    ("nora.piani", "Nora Piani", "relazioni", Some(COUNTER)),
    ("ivo.bassi", "Ivo Bassi", "famiglia", Some(ARCHIVIST)),
    ("mara.fede", "Mara Fede", "protezione-dati", Some(HEAD)),
    ("lia.testa", "Lia Testa", "relazioni", Some(ARCHIVIST)),
    ("nino.guida", "Nino Guida", "relazioni", Some(FACILITATOR)),
];
/// Who helps people with forms, and nothing else.
const FACILITATOR: &str = "facilitator";
/// Their password, told on the login page, in demo mode only.
pub const PASSWORD: &str = "dimostrazione";

/// How large the crowd around the people with a story is, and which.
#[derive(Debug, Clone, Copy)]
pub struct Crowd {
    /// Persons, at least.
    pub persons: u64,
    /// The same seed gives the same persons.
    pub seed: u64,
}

/// What a sample world is made with.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// An open and migrated database.
    pub database: &'a Database,
    /// The folder that holds `content/`.
    pub root: &'a Path,
    /// Ages are counted from its day.
    pub clock: &'a dyn Clock,
    /// Salts the officers' passwords.
    pub chance: &'a dyn Chance,
}

impl Ground<'_> {
    /// The world that is here already, if one was loaded to the end.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn found(&self) -> anyhow::Result<Option<registry::World>> {
        let mut tx = self.database.read().await?;
        Ok(registry::world(&mut tx).await?)
    }

    /// Fills the registries and tells how many persons live there now; `progress` is told how many so far.
    ///
    /// # Errors
    /// When the people with a story are not written well, or the database refuses.
    pub async fn populate(&self, crowd: Crowd, progress: impl FnMut(u64)) -> anyhow::Result<u64> {
        let loaded_at = self.clock.now();
        let today = rome_date(loaded_at);
        let sample = people(self.root, today)?;
        self.record_decrees(&sample).await?;
        self.record_companies(&sample, today).await?;
        let others = World::new(crowd.seed, crowd.persons, today)?;
        let households = sample.families.into_iter().map(|family| family.household).chain(others);
        let world = registry::World { seed: crowd.seed, persons: crowd.persons, today, loaded_at };
        Ok(match registry::load(self.database, world, households, progress).await? {
            Loaded::Fresh { persons } => persons,
            Loaded::Found(world) => world.persons,
        })
    }

    /// Before the people: a world that is loaded to the end is complete.
    async fn record_decrees(&self, sample: &SampleWorld) -> anyhow::Result<()> {
        let decree = |one: &SampleDecree| registry::Decree {
            id: one.id.clone(),
            kind: one.kind,
            represented: one.represented.clone(),
            representative: one.representative.clone(),
            number: one.number.clone(),
            court: one.court.clone(),
            from: one.from,
            until: one.until,
        };
        let decrees: Vec<_> = sample.decrees.iter().map(decree).collect();
        let mut tx = self.database.begin().await?;
        registry::record_decrees(&mut tx, &decrees).await?;
        Ok(tx.commit().await?)
    }

    async fn record_companies(&self, sample: &SampleWorld, today: Date) -> anyhow::Result<()> {
        let mut tx = self.database.begin().await?;
        for one in &sample.companies {
            registry::record_company(&mut tx, &one.company, &one.offices, today).await?;
        }
        Ok(tx.commit().await?)
    }

    /// Gives the officers their accounts.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn employ(&self) -> anyhow::Result<()> {
        for (id, name, office, further) in OFFICERS {
            let usual = if further == Some(FACILITATOR) { &[][..] } else { &["operator", "responsible"][..] };
            let new = NewStaff {
                id: id.to_owned(),
                name: name.to_owned(),
                office: office.to_owned(),
                roles: usual.iter().copied().chain(further).map(str::to_owned).collect(),
                password: PASSWORD.to_owned(),
            };
            let mut tx = self.database.begin().await?;
            create_staff(&mut tx, self.chance, self.clock.now(), new).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}

/// The people with a story, as they are on a day.
///
/// # Errors
/// When `content/sample-world/persone.toml` cannot be read; the message has file and line.
pub fn people(root: &Path, today: Date) -> anyhow::Result<SampleWorld> {
    let path = root.join("content/sample-world/persone.toml");
    let text = fs::read_to_string(&path).map_err(|error| told::unreadable(&path, &error))?;
    Ok(SampleWorld::parse(&text, today)?)
}

/// Where an officer of the demonstration works, and as what, for people who choose among them.
pub(crate) fn described(office: &str, further: Option<&str>) -> String {
    let name = match office {
        "famiglia" => "Ufficio Famiglia",
        "relazioni" => "Relazioni con il pubblico",
        "anagrafiche" => "Qualità delle banche dati",
        "invalidita" => "Invalidità civile",
        "lavoro" => "Sostegno al reddito",
        "protezione-dati" => "Protezione dei dati",
        other => other,
    };
    let task = match further {
        Some(HEAD) => "dirige l’ufficio",
        Some(ANALYST) => "fa simulazioni",
        Some(COUNTER) => "sta allo sportello",
        Some(ARCHIVIST) => "risponde dell’archivio",
        Some(FACILITATOR) => "aiuta a compilare i moduli",
        _ => "tratta le pratiche",
    };
    format!("{name}, {task}")
}

/// What the demonstration's login pages show.
#[must_use]
pub fn demonstration(database: &Database, people: &SampleWorld) -> Demonstration {
    let officer = |(id, name, office, further): (&str, &str, &str, Option<&str>)| DemoOfficer {
        id: id.to_owned(),
        name: name.to_owned(),
        office: described(office, further),
        password: PASSWORD.to_owned(),
    };
    Demonstration {
        people: Arc::new(DemoPeople { samples: samples(people), database: database.clone() }),
        officers: OFFICERS.map(officer).to_vec(),
    }
}
