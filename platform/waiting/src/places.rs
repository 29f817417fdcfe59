use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use base::Timestamp;

/// A person's place at a door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// When the person came.
    pub came: Timestamp,
    /// When they may enter; `None` before the draw.
    pub turn: Option<Timestamp>,
    /// Until when; `None` before the draw.
    pub until: Option<Timestamp>,
}

impl Place {
    /// `stay` is how long a turn lasts; all in microseconds.
    pub(crate) fn new(came: i64, turn: Option<i64>, stay: i64) -> Self {
        Self { came: instant(came), turn: turn.map(instant), until: turn.map(|turn| instant(turn + stay)) }
    }

    /// Whether it is worth something: the turn is not over.
    #[must_use]
    pub fn lasts(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now < until)
    }

    /// Whether the turn has come and is not over.
    #[must_use]
    pub fn is_up(&self, now: Timestamp) -> bool {
        self.turn.is_some_and(|turn| turn <= now) && self.lasts(now)
    }
}

fn instant(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::MAX)
}

/// Places with a turn, which change only when all of a door do: looking again asks no database.
#[derive(Default)]
pub struct Remembered(Mutex<BTreeMap<(String, String), Place>>);

/// About 20 MB.
const MOST: usize = 100_000;

impl Remembered {
    pub fn find(&self, door: &str, person: &str) -> Option<Place> {
        self.lock().get(&(door.to_owned(), person.to_owned())).copied()
    }

    pub fn keep(&self, door: &str, person: &str, place: Place) {
        let mut places = self.lock();
        if MOST <= places.len() {
            places.clear(); // the database has them
        }
        places.insert((door.to_owned(), person.to_owned()), place);
    }

    /// Turns of this door are not what they were.
    pub fn forget(&self, door: &str) {
        self.lock().retain(|(at, _), _| at != door);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<(String, String), Place>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
