use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base::{Chance, Timestamp};
use database::{Database, Result, Tx};

use crate::{
    Limit, Place,
    limit::Pace,
    pass,
    places::Remembered,
    store::{self, Kept},
};

/// How old what a process knows of a door may be, in microseconds.
const FRESH: i64 = 1_000_000;

/// What a door answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// Come in. The pass, where there is a new one, lets the same person in again until it ends.
    In {
        /// To be kept by the person's browser.
        pass: Option<String>,
    },
    /// Others are first: take a place.
    Wait,
}

/// The doors of the house, with one limit for each. Cheap to clone.
#[derive(Clone)]
pub struct WaitingRoom(Arc<Inner>);

struct Inner {
    database: Database,
    chance: Arc<dyn Chance>,
    limit: Limit,
    doors: Mutex<BTreeMap<String, Known>>,
    places: Remembered,
    drawing: tokio::sync::Mutex<()>,
}

/// What this process knows of a door.
#[derive(Debug, Clone)]
struct Known {
    door: store::Door,
    /// The slots that this process gave away and the others do not know of, altogether.
    untold: i64,
    /// When it gave away the first of them.
    since: i64,
    /// `None`: it is to be read again before it is used.
    read_at: Option<i64>,
}

impl Known {
    /// The next slot.
    fn slot(&self, now: i64) -> i64 {
        self.given_until().max(now)
    }

    fn given_until(&self) -> i64 {
        let told = self.door.given_until;
        if self.untold == 0 { told } else { told.max(self.since) + self.untold }
    }

    /// Gives away the next slot.
    fn give(&mut self, step: i64, now: i64) {
        if self.untold == 0 {
            self.since = now;
        }
        self.untold += step;
    }

    /// What the others are to be told now.
    fn take_untold(&mut self) -> Untold {
        let untold = Untold { length: self.untold, since: self.since };
        self.door.given_until = self.given_until();
        self.untold = 0;
        untold
    }
}

/// Slots that a process gave away since an instant, as one length.
#[derive(Debug, Clone, Copy, Default)]
struct Untold {
    length: i64,
    since: i64,
}

impl WaitingRoom {
    /// A room in which each door has this limit.
    #[must_use]
    pub fn new(database: Database, chance: Arc<dyn Chance>, limit: Limit) -> Self {
        let (doors, places, drawing) = Default::default();
        Self(Arc::new(Inner { database, chance, limit, doors, places, drawing }))
    }

    /// Whether anybody ever waits.
    #[must_use]
    pub fn has_limit(&self) -> bool {
        0 < self.0.limit.per_minute
    }

    /// The limit.
    #[must_use]
    pub fn limit(&self) -> Limit {
        self.0.limit
    }

    /// Whether `person` may come in. Writes at most once a second how many did, unless very many do.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn enter(&self, door: &str, person: &str, held: Option<&str>, now: Timestamp) -> Result<Entry> {
        let Some(pace) = Pace::of(self.0.limit) else { return Ok(Entry::In { pass: None }) };
        let at = now.as_microsecond();
        let secret = self.learn(door, &pace, at).await?;
        if held.is_some_and(|held| pass::each(held).any(|one| pass::holds(one, &secret, (door, person), at))) {
            return Ok(Entry::In { pass: None });
        }
        let until = match self.admit(door, &pace, at) {
            Some(untold) => {
                if let Some(fresh) = self.tell(door, untold).await {
                    self.keep(door, fresh, at);
                }
                at + pace.stay
            }
            None => match self.place(door, person, now).await?.filter(|place| place.is_up(now)) {
                Some(place) => place.until.map_or(at, Timestamp::as_microsecond),
                None => return Ok(Entry::Wait),
            },
        };
        Ok(Entry::In { pass: Some(pass::made(&secret, door, person, until)) })
    }

    /// A person's place at a door, if they have one that is worth something.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn place(&self, door: &str, person: &str, now: Timestamp) -> Result<Option<Place>> {
        let Some(pace) = Pace::of(self.0.limit) else { return Ok(None) };
        self.learn(door, &pace, now.as_microsecond()).await?;
        if let Some(place) = self.0.places.find(door, person).filter(|place| place.lasts(now)) {
            return Ok(Some(place));
        }
        let kept = store::place(&mut self.0.database.read().await?, door, person).await?;
        let place = kept.map(|kept| Place::new(kept.came, kept.turn, pace.stay)).filter(|place| place.lasts(now));
        self.remember(door, person, place);
        Ok(place)
    }

    /// Gives a person their place: the one they have, or one behind everybody else; before `opens` one that waits for
    /// the draw. Durable when this returns. `None` where nobody ever waits.
    ///
    /// # Errors
    /// What the database refuses.
    pub async fn take_place(
        &self,
        door: &str,
        person: &str,
        opens: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Option<Place>> {
        let Some(pace) = Pace::of(self.0.limit) else { return Ok(None) };
        let at = now.as_microsecond();
        self.learn(door, &pace, at).await?;
        let mut tx = self.0.database.begin().await?;
        let untold = self.tell_now(door);
        // From here on nobody else gives a place at this door until the commit.
        let known = store::give(&mut tx, door, untold.length, untold.since).await?;
        let held = store::place(&mut tx, door, person).await?.map(|kept| Place::new(kept.came, kept.turn, pace.stay));
        let place = match held.filter(|place| place.lasts(now)) {
            Some(place) => place,
            None => self.give_place(&mut tx, (door, person), (known, &pace), (opens, at)).await?,
        };
        tx.commit().await?;
        self.remember(door, person, Some(place));
        Ok(Some(place))
    }

    async fn give_place(
        &self,
        tx: &mut Tx,
        (door, person): (&str, &str),
        (known, pace): (store::Door, &Pace),
        (opens, now): (Option<Timestamp>, i64),
    ) -> Result<Place> {
        let lot = i64::from_be_bytes(self.0.chance.bytes::<8>()) & i64::MAX;
        let opens = opens.map(Timestamp::as_microsecond).filter(|opens| now < *opens);
        let turn = match opens {
            Some(opens) => {
                store::set_draw(tx, door, opens).await?;
                None
            }
            None => {
                store::give(tx, door, pace.step, now).await?;
                Some(pace.turn(known.given_until, now))
            }
        };
        store::put(tx, (door, person), lot, Kept { came: now, turn }).await?;
        Ok(Place::new(now, turn, pace.stay))
    }

    /// How many turns come between now and this one.
    #[must_use]
    pub fn ahead(&self, turn: Timestamp, now: Timestamp) -> i64 {
        let wait = (turn.as_microsecond() - now.as_microsecond()).max(0);
        Pace::of(self.0.limit).map_or(0, |pace| (wait - 1).max(0) / pace.step)
    }

    fn remember(&self, door: &str, person: &str, place: Option<Place>) {
        if let Some(place) = place.filter(|place| place.turn.is_some()) {
            self.0.places.keep(door, person, place);
        }
    }

    /// Lets one more in, if slots are left; gives what the others are to be told now.
    fn admit(&self, door: &str, pace: &Pace, now: i64) -> Option<Untold> {
        let mut doors = self.doors();
        let known = doors.get_mut(door)?;
        if pace.is_crowded(known.slot(now), now) {
            return None;
        }
        known.give(pace.step, now);
        Some(if pace.is_worth_telling(known.untold) { known.take_untold() } else { Untold::default() })
    }

    /// What was not told so far is told by the caller, now.
    fn tell_now(&self, door: &str) -> Untold {
        let mut doors = self.doors();
        let Some(known) = doors.get_mut(door) else { return Untold::default() };
        known.read_at = None;
        known.take_untold()
    }

    /// Tells the other processes what was given away here, and gives the door as it is now. Nobody is kept out because
    /// that cannot be written.
    async fn tell(&self, door: &str, untold: Untold) -> Option<store::Door> {
        if untold.length == 0 {
            return None;
        }
        let told = async {
            let mut tx = self.0.database.begin().await?;
            let door = store::give(&mut tx, door, untold.length, untold.since).await?;
            tx.commit().await.map(|()| door)
        };
        let told = told.await;
        told.inspect_err(|error| tracing::warn!(%error, "the other processes were not told how many came in here")).ok()
    }

    /// Knows the door as it was less than a second ago, makes it if nobody has, and draws if the opening has come; gives
    /// the key of its passes. Who looks again tells what was given away here meanwhile: also a process that lets in few
    /// at a time does not hide them from the others.
    async fn learn(&self, door: &str, pace: &Pace, now: i64) -> Result<String> {
        if let Some(known) = self.doors().get(door)
            && known.read_at.is_some_and(|read_at| (now - read_at).abs() < FRESH)
            && known.door.draws_at.is_none_or(|opens| now < opens)
        {
            return Ok(known.door.secret.clone());
        }
        let untold = self.doors().get_mut(door).map_or_else(Untold::default, Known::take_untold);
        let found = match self.tell(door, untold).await {
            Some(told) => told,
            None => match store::door(&mut self.0.database.read().await?, door).await? {
                Some(found) => found,
                None => self.make(door).await?,
            },
        };
        let found =
            if found.draws_at.is_some_and(|opens| opens <= now) { self.draw(door, pace, now).await? } else { found };
        let secret = found.secret.clone();
        self.keep(door, found, now);
        Ok(secret)
    }

    async fn make(&self, door: &str) -> Result<store::Door> {
        let secret = hex::encode(self.0.chance.bytes::<32>());
        let mut tx = self.0.database.begin().await?;
        store::make(&mut tx, door, &secret).await?;
        let made = store::lock(&mut tx, door).await?; // somebody else may have been faster
        tx.commit().await?;
        Ok(made)
    }

    /// The draw, once: one process and one request of it, while the others wait for the outcome.
    async fn draw(&self, door: &str, pace: &Pace, now: i64) -> Result<store::Door> {
        let _one = self.0.drawing.lock().await;
        let mut tx = self.0.database.begin().await?;
        let mut known = store::lock(&mut tx, door).await?;
        if let Some(opens) = known.draws_at.filter(|opens| *opens <= now) {
            store::draw(&mut tx, door, (opens, known.given_until), pace).await?;
            known = store::lock(&mut tx, door).await?;
        }
        tx.commit().await?;
        Ok(known)
    }

    fn keep(&self, door: &str, fresh: store::Door, now: i64) {
        let mut doors = self.doors();
        let before = doors.get(door);
        if before.is_some_and(|known| known.door.moved != fresh.moved) {
            self.0.places.forget(door);
        }
        // Who came in while it was read is counted on top.
        let (untold, since) = before.map_or((0, now), |known| (known.untold, known.since));
        doors.insert(door.to_owned(), Known { door: fresh, untold, since, read_at: Some(now) });
    }

    fn doors(&self) -> MutexGuard<'_, BTreeMap<String, Known>> {
        self.0.doors.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
