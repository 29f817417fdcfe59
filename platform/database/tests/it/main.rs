//! The database through its door, on a real one.

mod postgres;
mod sqlite;
mod transfer;

mod lane;

use base::Timestamp;
use database::{Database, Error, Migration, params, testing::TestDatabase};

const STEP: Migration = Migration {
    name: "test/0001_notes",
    sql: "CREATE TABLE notes (id TEXT PRIMARY KEY, body {blob}, n BIGINT); CREATE INDEX notes_n ON notes (n);",
};

fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

async fn opened() -> (Database, TestDatabase) {
    let data = TestDatabase::migrated(&[STEP]).await;
    (data.open().await, data)
}

#[tokio::test]
async fn what_is_committed_stays_and_what_is_dropped_goes() {
    let (database, data) = opened().await;
    let insert = "INSERT INTO notes (id, body, n) VALUES ($1, $2, $3)";

    let mut tx = database.begin().await.unwrap();
    tx.execute(insert, params!["kept", vec![1u8, 2], 7i64]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = database.begin().await.unwrap();
    tx.execute(insert, params!["dropped", None::<Vec<u8>>, None::<i64>]).await.unwrap();
    drop(tx);

    database.close().await;
    let database = data.open().await;
    let mut tx = database.read().await.unwrap();
    let rows = tx.rows("SELECT id, body, n FROM notes", params![]).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].text("id").unwrap(), rows[0].blob("body").unwrap()), ("kept".into(), vec![1, 2]));
    assert_eq!(tx.number("SELECT count(*) AS n FROM notes WHERE n = $1", params![7i64]).await.unwrap(), 1);
}

#[tokio::test]
async fn errors_are_told_apart() {
    let (database, _data) = opened().await;
    let insert = "INSERT INTO notes (id) VALUES ($1)";
    let mut tx = database.begin().await.unwrap();
    tx.execute(insert, params!["a"]).await.unwrap();
    assert!(matches!(tx.execute(insert, params!["a"]).await, Err(Error::Conflict(_))));
    drop(tx);
    let mut tx = database.begin().await.unwrap();
    tx.execute(insert, params!["a"]).await.unwrap();
    tx.commit().await.unwrap();

    let mut reader = database.read().await.unwrap();
    assert!(matches!(reader.execute(insert, params!["b"]).await, Err(Error::ReadOnly)));
    let mut glance = database.glance().await.unwrap();
    assert_eq!(glance.number("SELECT count(*) AS n FROM notes", params![]).await.unwrap(), 1);
    assert!(matches!(glance.execute(insert, params!["b"]).await, Err(Error::ReadOnly)));
    let mut reader = database.read().await.unwrap();
    let row = reader.row("SELECT id FROM notes", params![]).await.unwrap().unwrap();
    assert!(matches!(row.int("id"), Err(Error::Column("id", _))));
    assert!(matches!(Database::open("mysql://x").await, Err(Error::Unfit(_))));
    // Where there is no log to be written ahead, as on some network disks.
    assert!(matches!(Database::open("sqlite::memory:").await, Err(Error::Unfit(why)) if why.contains("WAL")));
}

#[tokio::test]
async fn an_edited_migration_is_refused() {
    let (database, _data) = opened().await;
    assert_eq!(database.migrate(&[STEP], now()).await.unwrap(), 0);
    let edited = Migration { sql: "CREATE TABLE other (id TEXT)", ..STEP };
    assert!(matches!(database.migrate(&[edited], now()).await, Err(Error::Migration(_))));
    assert!(matches!(database.migrate(&[STEP, STEP], now()).await, Err(Error::Migration(_))));
}

#[tokio::test]
async fn a_database_that_is_newer_than_the_program_is_refused() {
    let (database, _data) = opened().await;
    let newer = Migration { name: "test/0002_newer", sql: "CREATE TABLE newer (id TEXT PRIMARY KEY)" };
    assert_eq!(database.migrate(&[STEP, newer], now()).await.unwrap(), 1);
    let refused = database.migrate(&[STEP], now()).await;
    assert!(matches!(&refused, Err(Error::Migration(why)) if why.contains("test/0002_newer")), "{refused:?}");
}

#[tokio::test]
async fn commits_wake_those_who_wait() {
    let (database, _data) = opened().await;
    let mut commits = database.commits();
    commits.mark_unchanged();
    database.begin().await.unwrap().commit().await.unwrap();
    assert!(commits.has_changed().unwrap());
    commits.mark_unchanged();
    database.read().await.unwrap().commit().await.unwrap();
    assert!(!commits.has_changed().unwrap());
}
