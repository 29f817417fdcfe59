//! The book of acts through its door, on a real database.

use std::sync::Mutex;

use acts::{Act, Actor, AppendError, FollowError, Follower, NewAct, append, catch_up, digest};
use async_trait::async_trait;
use base::{Clock, ManualClock, SeededChance, Uuid};
use database::{Database, Tx, testing::TestDatabase};
use serde_json::json;

struct Book {
    database: Database,
    clock: ManualClock,
    chance: SeededChance,
    _data: TestDatabase,
}

impl Book {
    async fn open() -> Self {
        let data = TestDatabase::migrated(acts::MIGRATIONS).await;
        let database = data.open().await;
        let clock = ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap());
        Self { database, clock, chance: SeededChance::new(1), _data: data }
    }

    async fn write(&self, seen: Option<i64>, acts: &[NewAct]) -> Result<Vec<Act>, AppendError> {
        let mut tx = self.database.begin().await.unwrap();
        let written = append(&mut tx, self.clock.now(), &self.chance, seen, acts).await?;
        tx.commit().await.unwrap();
        Ok(written)
    }
}

fn act(case: u128, kind: &'static str) -> NewAct {
    NewAct { case: Uuid::from_u128(case), kind, actor: Actor::system(), payload: json!({ "reason": "prova" }) }
}

#[tokio::test]
async fn acts_are_numbered_without_holes_and_read_back_whole() {
    let book = Book::open().await;
    book.write(Some(0), &[act(1, "submitted"), act(1, "taken")]).await.unwrap();
    book.write(Some(0), &[act(2, "submitted")]).await.unwrap();
    let mut tx = book.database.begin().await.unwrap();
    append(&mut tx, book.clock.now(), &book.chance, Some(2), &[act(1, "granted")]).await.unwrap();
    drop(tx); // a failed request: its position must be used again
    book.write(Some(2), &[act(1, "withdrawn")]).await.unwrap();

    let mut tx = book.database.read().await.unwrap();
    let all = acts::after(&mut tx, 0, 100).await.unwrap();
    let places: Vec<_> = all.iter().map(|act| (act.position, act.seq, act.kind.as_str())).collect();
    assert_eq!(places, [(0, 1, "submitted"), (1, 2, "taken"), (2, 1, "submitted"), (3, 3, "withdrawn")]);
    for act in &all {
        let body = act.body.as_ref().unwrap();
        assert_eq!(digest(&body.salt, &body.content), act.digest);
        assert_eq!(act.text("reason"), "prova");
    }
    let digests = acts::digests(&mut tx, 1, 3).await.unwrap();
    assert_eq!(digests, [all[1].digest, all[2].digest]);
}

#[tokio::test]
async fn a_writer_that_has_not_seen_the_last_act_is_refused() {
    let book = Book::open().await;
    book.write(Some(0), &[act(1, "submitted")]).await.unwrap();
    let refused = book.write(Some(0), &[act(1, "granted")]).await;
    assert!(matches!(refused, Err(AppendError::Stale { expected: 0, found: 1 })));
    assert_eq!(book.write(None, &[act(1, "letter-issued")]).await.unwrap()[0].seq, 2);
}

#[tokio::test]
async fn erased_content_leaves_the_digest() {
    let book = Book::open().await;
    let written = book.write(Some(0), &[act(1, "submitted")]).await.unwrap();
    let mut tx = book.database.begin().await.unwrap();
    tx.execute("DELETE FROM act_contents", &[]).await.unwrap();
    let read = acts::of_case(&mut tx, Uuid::from_u128(1)).await.unwrap();
    assert_eq!((read[0].digest, &read[0].body), (written[0].digest, &None));
}

/// Remembers what it saw; fails once when told to.
#[derive(Default)]
struct Witness {
    seen: Mutex<Vec<i64>>,
    fail_at: Mutex<Option<i64>>,
}

#[async_trait]
impl Follower for Witness {
    fn name(&self) -> &'static str {
        "witness"
    }

    async fn follow(&self, _: &mut Tx, acts: &[Act]) -> Result<(), FollowError> {
        let positions: Vec<_> = acts.iter().map(|act| act.position).collect();
        let failing = self.fail_at.lock().unwrap().take_if(|at| positions.contains(at)).is_some();
        if failing {
            return Err(FollowError::Other("no ink".to_owned()));
        }
        self.seen.lock().unwrap().extend(positions);
        Ok(())
    }
}

#[tokio::test]
async fn a_follower_sees_every_act_once_even_after_a_failure() {
    let book = Book::open().await;
    let witness = Witness::default();
    book.write(Some(0), &[act(1, "submitted"), act(1, "taken")]).await.unwrap();
    assert_eq!(catch_up(&book.database, &witness).await.unwrap(), 2);
    book.write(None, &[act(2, "submitted")]).await.unwrap();
    *witness.fail_at.lock().unwrap() = Some(2);
    assert!(catch_up(&book.database, &witness).await.is_err());
    assert_eq!(catch_up(&book.database, &witness).await.unwrap(), 1);
    assert_eq!(catch_up(&book.database, &witness).await.unwrap(), 0);
    assert_eq!(*witness.seen.lock().unwrap(), [0, 1, 2]);
}
