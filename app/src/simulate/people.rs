//! Who is computed where no files are: drawn people, or those of a demonstration.

use std::{collections::BTreeSet, path::Path};

use anyhow::Context;
use base::Date;
use database::Database;
use population::{Household, World};

use crate::{
    arguments::{Place, Simulate},
    sample,
    settings::database,
    told,
};

/// Invented people, and what is known of them beside the registries.
pub struct People {
    world: World,
    /// The people with a story, who live beside the drawn ones.
    samples: Vec<Household>,
    /// Persons in all.
    pub persons: u64,
    /// Who asked for the service, by fiscal code; `None` where nobody could.
    pub applicants: Option<BTreeSet<String>>,
}

impl People {
    /// Those asked for, as they are on a day; those of a demonstration as they were on the day on which it was made.
    pub async fn of(asked: &Simulate, today: Date) -> anyhow::Result<Self> {
        match &asked.data {
            Some(data) => Self::of_demonstration(asked, data).await,
            None => {
                let world = World::new(asked.seed, asked.people, today)?;
                Ok(Self { world, samples: Vec::new(), persons: asked.people, applicants: None })
            }
        }
    }

    async fn of_demonstration(asked: &Simulate, data: &Path) -> anyhow::Result<Self> {
        let place = Place { data: data.to_owned(), root: asked.root.clone(), database: None };
        let nobody =
            || format!("in {0} non c’è una dimostrazione: «sportello demo --data {0}» la prepara", data.display());
        anyhow::ensure!(data.join("sportello.db").exists(), nobody());
        let url = database(&place);
        let database = Database::open(&url).await.map_err(|error| told::unusable(&url, &error))?;
        let mut tx = database.read().await?;
        let found = registry::world(&mut tx).await?.with_context(nobody)?;
        let applicants = cases::applicants(&mut tx, &asked.service).await?;
        drop(tx);
        database.close().await;
        let families = sample::people(&asked.root, found.today)?.families;
        let samples: Vec<Household> = families.into_iter().map(|family| family.household).collect();
        let known: usize = samples.iter().map(|household| household.members.len()).sum();
        Ok(Self {
            world: World::new(found.seed, found.persons, found.today)?,
            samples,
            persons: found.persons + known as u64,
            applicants: Some(applicants),
        })
    }

    /// Household after household.
    pub fn households(self) -> impl Iterator<Item = Household> + Send {
        self.samples.into_iter().chain(self.world)
    }
}
