use base::{Date, Timestamp};
use database::{Database, Result, Tx};
use population::Household;

use crate::{
    entry::{Entry, Resident, entries_of},
    people::search_text,
    store,
};

/// Persons written in one transaction: others get their turn to write in between, and memory stays bounded.
const PERSONS_AT_ONCE: usize = 5_000;

/// A sample world in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct World {
    /// From which it was drawn.
    pub seed: u64,
    /// How many persons were asked for, the documented sample people not counted.
    pub persons: u64,
    /// The day on which it is seen.
    pub today: Date,
    /// When it was loaded.
    pub loaded_at: Timestamp,
}

/// What loading did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// These many persons were put into the registries.
    Fresh {
        /// Those known to the register of residents.
        persons: u64,
    },
    /// A world was there already, perhaps another one: nothing was changed. Who wants a new one calls [`wipe`] first.
    Found(World),
}

/// Puts households into the registries, unless a whole world is there already. What an interrupted loading left is
/// removed first.
///
/// It streams: some thousands of persons a transaction, whatever the size of the world. `progress` is told after each
/// how many persons are in. The statement of the last transaction marks the world as complete.
///
/// # Errors
/// What the database refused; the next call begins anew.
pub async fn load(
    database: &Database,
    world: World,
    households: impl Iterator<Item = Household>,
    mut progress: impl FnMut(u64),
) -> Result<Loaded> {
    let mut tx = database.begin().await?;
    if let Some(found) = store::world(&mut tx).await? {
        return Ok(Loaded::Found(found));
    }
    store::wipe(&mut tx).await?;
    tx.commit().await?;
    let (mut batch, mut persons) = (Batch::default(), 0);
    for household in households {
        batch.add(&household, world.today);
        if batch.people.len() >= PERSONS_AT_ONCE {
            let mut tx = database.begin().await?;
            persons += batch.write(&mut tx).await?;
            tx.commit().await?;
            progress(persons);
        }
    }
    let mut tx = database.begin().await?;
    persons += batch.write(&mut tx).await?;
    store::insert_world(&mut tx, &world).await?;
    tx.commit().await?;
    progress(persons);
    Ok(Loaded::Fresh { persons })
}

/// The world that is in the database, if one was loaded to the end.
///
/// # Errors
/// What the database refused.
pub async fn world(tx: &mut Tx) -> Result<Option<World>> {
    store::world(tx).await
}

/// Forgets everybody in the registries.
///
/// # Errors
/// What the database refused.
pub async fn wipe(tx: &mut Tx) -> Result<()> {
    store::wipe(tx).await
}

/// What is written together.
#[derive(Default)]
struct Batch {
    people: Vec<(Resident, String)>,
    entries: Vec<Entry>,
}

impl Batch {
    fn add(&mut self, household: &Household, today: Date) {
        let (residents, entries) = entries_of(household, today);
        self.people.extend(residents.into_iter().map(|resident| {
            let search = search_text(&resident.person);
            (resident, search)
        }));
        self.entries.extend(entries);
    }

    /// Writes all and is empty again; how many persons there were.
    async fn write(&mut self, tx: &mut Tx) -> Result<u64> {
        store::insert_people(tx, &self.people).await?;
        store::insert_entries(tx, &self.entries).await?;
        let persons = self.people.len() as u64;
        self.people.clear();
        self.entries.clear();
        Ok(persons)
    }
}
