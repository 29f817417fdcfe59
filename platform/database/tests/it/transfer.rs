//! From one engine to the other and back.

use base::Timestamp;
use database::{Compared, Database, Migration, Param, Transfer, params, testing::TestDatabase};

use crate::{STEP, now};

const MORE: Migration = Migration {
    name: "test/0002_more",
    sql: "CREATE TABLE counter (one BIGINT PRIMARY KEY, next BIGINT NOT NULL); \
          INSERT INTO counter (one, next) VALUES (1, 0); \
          CREATE TABLE answers (line TEXT, note TEXT NOT NULL REFERENCES notes (id)); \
          CREATE TABLE empty (id TEXT PRIMARY KEY)",
};
const STEPS: [Migration; 2] = [STEP, MORE];

/// Values that engines like to change on the way: no text, no bytes, marks, limits of numbers, rows twice.
async fn filled() -> TestDatabase {
    let data = TestDatabase::in_folder(&STEPS).await;
    let database = data.open().await;
    let mut tx = database.begin().await.unwrap();
    tx.execute("UPDATE counter SET next = 7", params![]).await.unwrap();
    let texts = ["", " ", "à’😀\n\t\"'\\", "NULL", "a"];
    let numbers = [None, Some(i64::MIN), Some(i64::MAX), Some(0), Some(-1)];
    let bodies = [None, Some(vec![]), Some(vec![0, 255, 10]), Some(b"text".to_vec()), Some(vec![7; 2 << 20])];
    for ((text, number), body) in texts.into_iter().zip(numbers).zip(bodies) {
        let insert = "INSERT INTO notes (id, n, body) VALUES ($1, $2, $3)";
        tx.execute(insert, params![text, number, body]).await.unwrap();
        for line in [Param::Text(None), text.into(), text.into()] {
            tx.execute("INSERT INTO answers (line, note) VALUES ($1, $2)", &[line, text.into()]).await.unwrap();
        }
    }
    for number in 0..2500i64 {
        let id = format!("n{number}");
        tx.execute("INSERT INTO notes (id, n) VALUES ($1, $2)", params![id, number]).await.unwrap();
    }
    tx.commit().await.unwrap();
    database.close().await;
    data
}

async fn moved(from: &str, to: &str) -> database::Result<Vec<Compared>> {
    let mut transfer = Transfer::begin(from, to, &STEPS, now()).await?;
    transfer.copy(|_, _| {}).await?;
    let compared = transfer.compare().await?;
    transfer.finish(to, now()).await?;
    Ok(compared)
}

fn unfit<T>(outcome: database::Result<T>, why: &str) {
    let told = outcome.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(told.contains(why), "{told}");
}

#[tokio::test]
async fn everything_comes_over_and_back_and_is_proved_equal() {
    let (first, second, third) = (filled().await, TestDatabase::empty().await, TestDatabase::in_folder(&[]).await);
    let there = moved(first.url(), second.url()).await.unwrap();
    let rows: Vec<_> = there.iter().map(|table| (table.table.as_str(), table.source.rows)).collect();
    assert_eq!(rows, [("counter", 1), ("empty", 0), ("notes", 2505), ("answers", 15)]);
    assert!(there.iter().all(Compared::equal), "{there:?}");
    let back = moved(second.url(), third.url()).await.unwrap();
    assert_eq!(there, back);

    let database = third.open().await;
    assert_eq!(database.migrate(&STEPS, now()).await.unwrap(), 0, "the program goes on");
    let mut tx = database.read().await.unwrap();
    assert_eq!(tx.number("SELECT next AS n FROM counter", params![]).await.unwrap(), 7);
    let row = tx.row("SELECT id, body FROM notes WHERE n = $1", params![i64::MAX]).await.unwrap().unwrap();
    assert_eq!((row.text("id").unwrap().as_str(), row.blob("body").unwrap()), ("à’😀\n\t\"'\\", vec![0, 255, 10]));
}

#[tokio::test]
async fn a_source_that_was_moved_is_not_served_any_more() {
    let (first, second) = (filled().await, TestDatabase::empty().await);
    moved(first.url(), second.url()).await.unwrap();
    let closed = first.open().await;
    unfit(closed.migrate(&STEPS, now()).await, "questo libro è stato trasferito");
    closed.close().await;
    let third = TestDatabase::in_folder(&[]).await;
    unfit(moved(first.url(), third.url()).await, "questo libro è stato trasferito");
}

#[tokio::test]
async fn a_target_that_holds_anything_is_refused_and_left_as_it_is() {
    let (first, second) = (filled().await, TestDatabase::migrated(&STEPS).await);
    unfit(moved(first.url(), second.url()).await, "non è vuota");
    let mut tx = second.open().await.read().await.unwrap();
    assert_eq!(tx.number("SELECT count(*) AS n FROM counter", params![]).await.unwrap(), 1);
    assert_eq!(first.open().await.migrate(&STEPS, now()).await.unwrap(), 0, "the source is served as before");
}

#[tokio::test]
async fn a_source_in_use_or_of_another_version_or_absent_is_refused() {
    let (first, second) = (filled().await, TestDatabase::empty().await);
    let used = first.open().await;
    used.read().await.unwrap().number("SELECT count(*) AS n FROM notes", params![]).await.unwrap();
    unfit(moved(first.url(), second.url()).await, "altro programma");
    used.close().await;
    let other = Transfer::begin(first.url(), second.url(), &[STEP], now()).await;
    unfit(other.map(drop), "altra versione");
    unfit(moved("sqlite:/nowhere/at/all.db", second.url()).await, "non esiste");
}

#[tokio::test]
async fn what_was_interrupted_is_unusable_and_begins_anew() {
    let (first, second) = (filled().await, TestDatabase::empty().await);
    let mut interrupted = Transfer::begin(first.url(), second.url(), &STEPS, now()).await.unwrap();
    interrupted.copy(|_, _| {}).await.unwrap();
    drop(interrupted);
    let half = second.open().await;
    unfit(half.migrate(&STEPS, now()).await, "non è finito");
    unfit(half.refuse_unfinished().await, "non è finito");
    half.close().await;
    assert_eq!(moved(first.url(), second.url()).await.unwrap().len(), 4);
    assert_eq!(second.open().await.migrate(&STEPS, now()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_row_that_is_changed_added_or_lost_on_the_way_is_found() {
    for (change, table) in [
        ("UPDATE notes SET n = 1 WHERE id = 'a'", "notes"),
        ("DELETE FROM answers WHERE line IS NULL AND note = 'a'", "answers"),
        ("INSERT INTO empty (id) VALUES ('x')", "empty"),
        ("UPDATE counter SET next = 8", "counter"),
    ] {
        let (first, second) = (filled().await, TestDatabase::empty().await);
        let mut transfer = Transfer::begin(first.url(), second.url(), &STEPS, now()).await.unwrap();
        transfer.copy(|_, _| {}).await.unwrap();
        let beside = Database::open(second.url()).await.unwrap();
        let mut tx = beside.begin().await.unwrap();
        assert_eq!(tx.execute(change, params![]).await.unwrap(), 1, "{change}");
        tx.commit().await.unwrap();
        let compared = transfer.compare().await.unwrap();
        let different: Vec<_> = compared.iter().filter(|one| !one.equal()).map(|one| one.table.as_str()).collect();
        assert_eq!(different, [table], "{change}");
    }
}

#[tokio::test]
async fn what_the_target_cannot_hold_is_told_and_the_target_stays_unusable() {
    let first = filled().await;
    let database = first.open().await;
    let mut tx = database.begin().await.unwrap();
    // SQLite keeps what it is given: text in a column of numbers.
    let odd = "INSERT INTO counter (one, next) VALUES (2, 'seven')";
    let server = tx.execute(odd, params![]).await;
    tx.commit().await.unwrap();
    database.close().await;
    assert!(server.is_ok());
    let second = TestDatabase::empty().await;
    unfit(moved(first.url(), second.url()).await, "counter");
    unfit(second.open().await.migrate(&STEPS, Timestamp::UNIX_EPOCH).await, "non è finito");
}
