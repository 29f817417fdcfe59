//! Many units of work, one commit: what each is promised holds as if it had been alone.

use std::time::Duration;

use database::{Database, Error, Result, Written, params};

use crate::opened;

const INSERT: &str = "INSERT INTO notes (id, n) VALUES ($1, $2)";

async fn write(database: &Database, id: i64) -> Result<()> {
    let mut tx = database.begin().await?;
    let before = tx.number("SELECT count(*) AS n FROM notes", params![]).await?;
    tx.execute(INSERT, params![id.to_string(), before]).await?;
    tx.commit().await
}

/// Runs a unit for each number at once, as requests do.
async fn all_at_once(database: &Database, ids: impl Iterator<Item = i64>) -> Vec<Result<()>> {
    let units = ids.map(|id| {
        let database = database.clone();
        tokio::spawn(async move { write(&database, id).await })
    });
    let mut outcomes = Vec::new();
    for unit in units.collect::<Vec<_>>() {
        outcomes.push(unit.await.unwrap());
    }
    outcomes
}

async fn count(database: &Database) -> i64 {
    database.read().await.unwrap().number("SELECT count(*) AS n FROM notes", params![]).await.unwrap()
}

#[tokio::test]
async fn units_that_wait_share_a_commit_and_see_those_before_them() {
    let (database, _data) = opened().await;
    let before = database.written();
    assert!(all_at_once(&database, 0..300).await.iter().all(Result::is_ok));
    let Written { units, commits } = database.written();
    assert_eq!(units - before.units, 300);
    assert!(commits - before.commits < 100, "{} commits for 300 units", commits - before.commits);
    let mut tx = database.read().await.unwrap();
    let gaps = "SELECT count(*) AS n FROM notes a WHERE NOT EXISTS (SELECT 1 FROM notes b WHERE b.n = a.n - 1)";
    assert_eq!(tx.number(gaps, params![]).await.unwrap(), 1, "each saw exactly those before it");
}

#[tokio::test]
async fn a_unit_that_fails_takes_nobody_with_it() {
    let (database, _data) = opened().await;
    write(&database, 7).await.unwrap();
    // 7 is there already, and comes again and again between the others.
    let ids = (100..200).flat_map(|id| [id, 7]);
    let outcomes = all_at_once(&database, ids).await;
    let (good, bad): (Vec<_>, Vec<_>) = outcomes.iter().partition(|outcome| outcome.is_ok());
    assert_eq!((good.len(), bad.len()), (100, 100));
    assert!(bad.iter().all(|outcome| matches!(outcome, Err(Error::Conflict(_)))));
    assert_eq!(count(&database).await, 101);
}

#[tokio::test]
async fn a_spoiled_unit_is_not_written() {
    let (database, _data) = opened().await;
    let mut tx = database.begin().await.unwrap();
    tx.execute(INSERT, params!["a", 1i64]).await.unwrap();
    assert!(matches!(tx.execute(INSERT, params!["a", 1i64]).await, Err(Error::Conflict(_))));
    assert!(matches!(tx.execute(INSERT, params!["b", 1i64]).await, Err(Error::Spoiled)));
    assert!(matches!(tx.commit().await, Err(Error::Spoiled)));
    assert_eq!(count(&database).await, 0);
    write(&database, 1).await.unwrap();
}

#[tokio::test]
async fn who_gives_up_waiting_or_half_way_keeps_nobody_waiting() {
    let (database, _data) = opened().await;
    let held = database.begin().await.unwrap();
    for id in 0..20 {
        let gave_up = tokio::time::timeout(Duration::from_millis(1), write(&database, id)).await;
        assert!(gave_up.is_err());
    }
    let patient = tokio::spawn({
        let database = database.clone();
        async move { write(&database, 99).await }
    });
    tokio::task::yield_now().await;
    drop(held);
    patient.await.unwrap().unwrap();
    assert_eq!(count(&database).await, 1);
}

#[tokio::test]
async fn closing_lets_those_who_wait_finish() {
    let (database, data) = opened().await;
    let units: Vec<_> = (0..50)
        .map(|id| {
            let database = database.clone();
            tokio::spawn(async move { write(&database, id).await })
        })
        .collect();
    tokio::task::yield_now().await;
    database.close().await;
    let mut acknowledged = 0;
    for unit in units {
        acknowledged += i64::from(unit.await.unwrap().is_ok());
    }
    assert!(matches!(write(&database, 1000).await, Err(Error::Busy)));
    assert_eq!(count(&data.open().await).await, acknowledged);
}
