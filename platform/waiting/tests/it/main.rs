//! Doors through their door, on a real database.

mod fairness;
mod places;

use std::sync::Arc;

use base::{SeededChance, Timestamp};
use database::{Database, testing::TestDatabase};
use jiff::SignedDuration;
use waiting::{Limit, Place, WaitingRoom};

/// Two at once, then one a second; a minute to enter.
const LIMIT: Limit = Limit { at_once: 2, per_minute: 60, minutes: 1 };

/// A database and the process that uses it.
struct House {
    data: TestDatabase,
    database: Database,
    room: WaitingRoom,
}

impl House {
    async fn open(limit: Limit) -> Self {
        Self::seeded(limit, 1).await
    }

    async fn seeded(limit: Limit, seed: u64) -> Self {
        let data = TestDatabase::migrated(waiting::MIGRATIONS).await;
        let database = data.open().await;
        let room = WaitingRoom::new(database.clone(), Arc::new(SeededChance::new(seed)), limit);
        Self { data, database, room }
    }

    /// Another process on the same database, or the same one after a restart.
    async fn another(&self, seed: u64) -> WaitingRoom {
        WaitingRoom::new(self.data.open().await, Arc::new(SeededChance::new(seed)), self.room.limit())
    }
}

/// Seconds after nine o'clock.
fn at(seconds: i64) -> Timestamp {
    let nine: Timestamp = "2026-12-01T08:00:00Z".parse().unwrap();
    nine + SignedDuration::from_secs(seconds)
}

/// Seconds after nine o'clock until a place's turn.
fn turn(place: Option<Place>) -> i64 {
    place.unwrap().turn.unwrap().duration_since(at(0)).as_secs()
}
