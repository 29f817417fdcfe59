use catalogue::{Catalogue, PinError, versions};
use database::{Database, Tx, params, testing::TestDatabase};

use crate::world::{bent, folder, offer};

async fn database() -> (Database, TestDatabase) {
    let data = TestDatabase::migrated(catalogue::MIGRATIONS).await;
    let database = data.open().await;
    (database, data)
}

async fn publish(catalogue: &Catalogue, database: &Database, at: &str) -> usize {
    let mut tx = database.begin().await.unwrap();
    let fresh = catalogue.publish_all(&mut tx, at.parse().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
    fresh
}

async fn read(database: &Database) -> Tx {
    database.read().await.unwrap()
}

#[tokio::test]
async fn a_case_stays_with_the_version_it_was_made_with() {
    let (database, _data) = database().await;
    let catalogue = Catalogue::new(offer(vec![folder("prova")]));
    let first = catalogue.service("prova").unwrap().version.clone();
    assert_eq!(publish(&catalogue, &database, "2026-11-21T08:00:00Z").await, 1);
    assert_eq!(publish(&catalogue, &database, "2026-11-22T08:00:00Z").await, 0, "a second start stores nothing anew");

    let other = catalogue.clone();
    catalogue.replace(offer(vec![bent("process.toml", "term_days = 30", "term_days = 20")]));
    assert_eq!(publish(&catalogue, &database, "2026-11-23T08:00:00Z").await, 1);
    assert_eq!(other.service("prova").unwrap().process.rules.days, 20, "all clones see the new offer");

    let old = catalogue.pinned(&mut read(&database).await, "prova", &first).await.unwrap().unwrap();
    assert_eq!((old.process.rules.days, old.version.as_str()), (30, first.as_str()));
    let again = catalogue.pinned(&mut read(&database).await, "prova", &first).await.unwrap().unwrap();
    assert!(std::sync::Arc::ptr_eq(&old, &again), "read once");
    let told = versions(&mut read(&database).await, "prova").await.unwrap();
    assert_eq!(
        told.iter().map(|(_, at)| at.to_string()).collect::<Vec<_>>(),
        ["2026-11-23T08:00:00Z", "2026-11-21T08:00:00Z"]
    );
}

#[tokio::test]
async fn a_version_outlives_its_office_but_not_its_text() {
    let (database, _data) = database().await;
    let catalogue = Catalogue::new(offer(vec![folder("prova")]));
    let version = catalogue.service("prova").unwrap().version.clone();
    publish(&catalogue, &database, "2026-11-21T08:00:00Z").await;
    catalogue.replace(catalogue::Offer::default());
    assert!(catalogue.pinned(&mut read(&database).await, "prova", &version).await.unwrap().is_some());
    assert!(catalogue.pinned(&mut read(&database).await, "prova", "0000").await.unwrap().is_none());

    let mut tx = database.begin().await.unwrap();
    tx.execute("UPDATE service_versions SET files = '{}' WHERE version = $1", params![&version]).await.unwrap();
    tx.commit().await.unwrap();
    let fresh = Catalogue::new(catalogue::Offer::default());
    let error = fresh.pinned(&mut read(&database).await, "prova", &version).await.unwrap_err();
    assert!(matches!(&error, PinError::Unreadable { told, .. } if !told.is_empty()), "{error}");
}
