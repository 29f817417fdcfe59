//! What registries said of a person a moment ago. Somebody who applies is shown five pages; their family is put together
//! from the registries for the first of them.

use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use base::{Date, Timestamp, VatNumber, rome_date};
use database::{Result, Tx};
use forms::Known;
use jiff::SignedDuration;

use crate::{World, declared::Registries, known, store};

/// People of whom it is remembered at once, twice that at most: some ten kilobytes each.
const PEOPLE: usize = 1_024;
/// Longer than the questions of an application take.
const FOR: SignedDuration = SignedDuration::from_mins(15);

/// What registries said lately, by fiscal code. It is asked anew as soon as they hold something else, are declared
/// otherwise, or the day changes; within an hour it is forgotten, by whoever asks next.
#[derive(Debug, Default)]
pub struct Remembered(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    /// For which registries, with what in them, on which day.
    of: Option<(Arc<Registries>, World, Date)>,
    /// Since when `young` is filled.
    since: Timestamp,
    young: HashMap<String, Arc<Known>>,
    old: HashMap<String, Arc<Known>>,
}

impl Remembered {
    /// [`known()`], remembered where it is of a person: a company's registry may fall silent at any moment.
    ///
    /// # Errors
    /// What the database refused.
    pub async fn known(
        &self,
        tx: &mut Tx,
        registries: &Arc<Registries>,
        fiscal_code: &str,
        now: Timestamp,
    ) -> Result<Arc<Known>> {
        let today = rome_date(now);
        let world = if fiscal_code.parse::<VatNumber>().is_ok() { None } else { store::world(tx).await? };
        let Some(world) = world else { return Ok(Arc::new(known(tx, registries, fiscal_code, today).await?)) };
        let of = (Arc::clone(registries), world, today);
        if let Some(told) = self.find(&of, fiscal_code, now) {
            return Ok(told);
        }
        let told = Arc::new(known(tx, registries, fiscal_code, today).await?);
        self.keep(&of, fiscal_code, &told);
        Ok(told)
    }

    fn find(&self, of: &(Arc<Registries>, World, Date), fiscal_code: &str, now: Timestamp) -> Option<Arc<Known>> {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        generations.turn(of, now);
        let found = generations.young.get(fiscal_code).or_else(|| generations.old.get(fiscal_code));
        found.cloned()
    }

    /// Unless the registries changed meanwhile.
    fn keep(&self, of: &(Arc<Registries>, World, Date), fiscal_code: &str, told: &Arc<Known>) {
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if generations.is_of(of) {
            generations.young.insert(fiscal_code.to_owned(), Arc::clone(told));
        }
    }
}

impl Generations {
    fn is_of(&self, (registries, world, today): &(Arc<Registries>, World, Date)) -> bool {
        let same =
            |of: &(Arc<Registries>, World, Date)| Arc::ptr_eq(&of.0, registries) && of.1 == *world && of.2 == *today;
        self.of.as_ref().is_some_and(same)
    }

    /// Forgets what does not hold, or was told long ago.
    fn turn(&mut self, of: &(Arc<Registries>, World, Date), now: Timestamp) {
        let age = now.duration_since(self.since);
        if !self.is_of(of) || FOR + FOR < age {
            *self = Self { of: Some(of.clone()), since: now, ..Self::default() };
        } else if PEOPLE <= self.young.len() || FOR < age {
            self.old = mem::take(&mut self.young);
            self.since = now;
        }
    }
}
