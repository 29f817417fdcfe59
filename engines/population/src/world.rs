use base::Date;

use crate::{
    births::Births, economy::Economy, family, margins::SHAPES, model::Household, people, rng::Rng, welfare, work,
};

const HOUSEHOLD_STREAM: u64 = 0x686F_7573_6568_6F6C;
/// Above this size a cell of [`Births`] could run out of omocodes.
const LARGEST: u64 = 100_000_000;

/// Why a world cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WorldError {
    /// More than a hundred million persons.
    #[error("a world has at most 100,000,000 persons: unique fiscal codes are not guaranteed beyond")]
    TooLarge,
    /// A day outside the years 2000 to 2900.
    #[error("a world is seen on a day between the years 2000 and 2900")]
    Today,
}

/// A population that does not exist, one household after the other.
///
/// The same seed, size and day give the same households on every machine. The iterator keeps one fixed table (see
/// [`World::footprint`]) and nothing of what it has given out.
#[derive(Debug, Clone)]
pub struct World {
    pub(crate) seed: u64,
    pub(crate) today: Date,
    pub(crate) births: Births,
    pub(crate) economy: Economy,
    left: u64,
    next_household: u64,
    next_person: u64,
}

impl World {
    /// A world of exactly `persons` persons as the registries show it on `today`.
    ///
    /// # Errors
    /// [`WorldError::TooLarge`], [`WorldError::Today`].
    pub fn new(seed: u64, persons: u64, today: Date) -> Result<Self, WorldError> {
        if persons > LARGEST {
            return Err(WorldError::TooLarge);
        }
        if !(2000..=2900).contains(&today.year()) {
            return Err(WorldError::Today);
        }
        let (births, economy) = (Births::new(seed, today), Economy::new(seed, persons));
        Ok(Self { seed, today, births, economy, left: persons, next_household: 0, next_person: 0 })
    }

    /// Bytes that the iterator keeps, whatever the size of the world.
    #[must_use]
    pub fn footprint(&self) -> usize {
        size_of::<Self>() + self.births.bytes()
    }
}

impl Iterator for World {
    type Item = Household;

    fn next(&mut self) -> Option<Household> {
        if self.left == 0 {
            return None;
        }
        let mut rng = Rng::stream(self.seed, HOUSEHOLD_STREAM, self.next_household);
        // The last households of a world may have to be smaller than drawn: then a person lives alone.
        let shape = Some(rng.pick(SHAPES)).filter(|shape| u64::from(shape.size()) <= self.left);
        let sketch = family::sketch(&mut rng, shape.unwrap_or(family::ALONE));
        let mut draft = Draft {
            number: self.next_household,
            first_person: self.next_person,
            today: self.today,
            rng,
            household: Household::empty(format!("F{:010}", self.next_household)),
        };
        people::settle(&mut draft, &mut self.births, &sketch);
        welfare::add_studies(&mut draft);
        work::add_jobs(&mut draft, &self.economy);
        work::add_incomes(&mut draft);
        welfare::add_all(&mut draft, &sketch);
        let members = draft.household.members.len() as u64;
        self.next_household += 1;
        self.next_person += members;
        self.left -= members;
        Some(draft.household)
    }
}

/// A household in the making.
pub(crate) struct Draft {
    /// Number of the household in the world.
    pub number: u64,
    /// Number of its first member in the world.
    pub first_person: u64,
    pub today: Date,
    pub rng: Rng,
    pub household: Household,
}
