//! What must hold of a generated world and of the sample people.

mod margins;
mod sample;
mod unique;

use jiff::civil::{Date, date};
use population::{Household, World};

const TODAY: Date = date(2026, 11, 21);

fn world(seed: u64, persons: u64) -> impl Iterator<Item = Household> {
    World::new(seed, persons, TODAY).expect("the size and the day are in bounds")
}
