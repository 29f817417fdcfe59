//! What is true of the SQLite file alone.

use database::{Error, params, testing::TestDatabase};

use crate::STEP;

#[tokio::test]
async fn a_full_disk_is_told_and_nothing_is_half_written() {
    let data = TestDatabase::in_folder(&[STEP]).await;
    let database = data.open().await;
    let mut tx = database.begin().await.unwrap();
    // The engine's own limit stands for the disk's: same error code, same path through our code.
    tx.row("PRAGMA max_page_count = 16", params![]).await.unwrap();
    let mut result = Ok(0);
    for id in 0..200i64 {
        result =
            tx.execute("INSERT INTO notes (id, body) VALUES ($1, $2)", params![id.to_string(), vec![7u8; 4000]]).await;
        if result.is_err() {
            break;
        }
    }
    assert!(matches!(result, Err(Error::Full)), "{result:?}");
    drop(tx);
    let mut tx = database.read().await.unwrap();
    assert_eq!(tx.number("SELECT count(*) AS n FROM notes", params![]).await.unwrap(), 0);
}

#[tokio::test]
async fn when_the_disk_is_full_nobody_of_the_group_is_told_that_it_is_written() {
    let data = TestDatabase::in_folder(&[STEP]).await;
    let database = data.open().await;
    let mut tx = database.begin().await.unwrap();
    tx.row("PRAGMA max_page_count = 12", params![]).await.unwrap();
    tx.commit().await.unwrap();
    let units = (0..60i64).map(|id| {
        let database = database.clone();
        tokio::spawn(async move {
            let mut tx = database.begin().await?;
            let insert = "INSERT INTO notes (id, body) VALUES ($1, $2)";
            tx.execute(insert, params![id.to_string(), vec![7u8; 700]]).await?;
            tx.commit().await
        })
    });
    let mut acknowledged = 0;
    for unit in units.collect::<Vec<_>>() {
        acknowledged += i64::from(unit.await.unwrap().is_ok());
    }
    assert!(acknowledged < 60, "the limit must have been met");
    database.close().await;
    let mut tx = data.open().await.read().await.unwrap();
    assert_eq!(tx.number("SELECT count(*) AS n FROM notes", params![]).await.unwrap(), acknowledged);
}
