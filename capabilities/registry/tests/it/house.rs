//! A database with registries and, on request, the documented sample people, on a day of 2026.

use base::{Date, FiscalCode, Timestamp};
use database::{Database, testing::TestDatabase};
use forms::{Form, Known};
use jiff::civil::date;
use population::{Household, SampleWorld};
use registry::{Loaded, Registries, World};

pub const TODAY: Date = date(2026, 11, 21);

pub const REGISTRIES: &str = include_str!("../../../../content/registries.toml");
const PEOPLE: &str = include_str!("../../../../content/sample-world/persone.toml");
const FORM: &str = include_str!("../../../../services/assegno-unico/form.toml");

pub struct House {
    pub database: Database,
    pub samples: SampleWorld,
    _data: TestDatabase,
}

impl House {
    /// Without anybody.
    pub async fn empty() -> Self {
        let migrations: Vec<_> = [web::MIGRATIONS, registry::MIGRATIONS].concat();
        let data = TestDatabase::migrated(&migrations).await;
        let database = data.open().await;
        Self { database, samples: SampleWorld::parse(PEOPLE, TODAY).unwrap(), _data: data }
    }

    pub async fn with_samples() -> Self {
        let house = Self::empty().await;
        let households: Vec<_> = house.samples.families.iter().map(|family| family.household.clone()).collect();
        house.load(households.into_iter()).await;
        house
    }

    pub async fn load(&self, households: impl Iterator<Item = Household>) -> Loaded {
        registry::load(&self.database, world(0), households, |_| {}).await.unwrap()
    }

    pub fn code(&self, handle: &str) -> &FiscalCode {
        self.samples.fiscal_code(handle).unwrap()
    }

    /// What is known of somebody on the day of the tests.
    pub async fn known(&self, fiscal_code: &str) -> Known {
        let mut tx = self.database.read().await.unwrap();
        registry::known(&mut tx, &registries(), fiscal_code, TODAY).await.unwrap()
    }

    pub async fn known_of(&self, handle: &str) -> Known {
        self.known(self.code(handle).as_str()).await
    }
}

/// The registries as they are declared.
pub fn registries() -> Registries {
    Registries::parse("registries.toml", REGISTRIES).unwrap()
}

pub fn world(persons: u64) -> World {
    World { seed: 1, persons, today: TODAY, loaded_at: now() }
}

pub fn now() -> Timestamp {
    "2026-11-21T09:00:00Z".parse().unwrap()
}

/// The form of the assegno unico.
pub fn form() -> Form {
    Form::parse("form.toml", FORM).unwrap()
}
