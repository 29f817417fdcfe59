//! What registries said a moment ago, and when they are asked again.

use std::sync::Arc;

use base::Timestamp;
use forms::Known;
use jiff::{SignedDuration, ToSpan};
use registry::{Registries, Remembered, World};

use crate::house::{House, now, registries, world};

async fn known(house: &House, remembered: &Remembered, registries: &Arc<Registries>, at: Timestamp) -> Arc<Known> {
    let mut tx = house.database.read().await.unwrap();
    remembered.known(&mut tx, registries, house.code("chiara").as_str(), at).await.unwrap()
}

#[tokio::test]
async fn it_is_the_same_until_the_day_the_declarations_or_the_registries_change() {
    let (house, remembered, declared) = (House::with_samples().await, Remembered::default(), Arc::new(registries()));
    let first = known(&house, &remembered, &declared, now()).await;
    assert_eq!(*first, house.known_of("chiara").await, "what the registries say");
    assert!(Arc::ptr_eq(&first, &known(&house, &remembered, &declared, now()).await), "nobody was asked again");

    let within = now() + SignedDuration::from_mins(29);
    assert!(Arc::ptr_eq(&first, &known(&house, &remembered, &declared, within).await), "half an hour");
    let after = within + SignedDuration::from_mins(31);
    assert!(!Arc::ptr_eq(&first, &known(&house, &remembered, &declared, after).await), "and no longer");

    let tomorrow = known(&house, &remembered, &declared, now() + 24.hours()).await;
    assert!(!Arc::ptr_eq(&first, &tomorrow), "of another day");
    let again = Arc::new(registries());
    let first = known(&house, &remembered, &declared, now()).await;
    assert!(!Arc::ptr_eq(&first, &known(&house, &remembered, &again, now()).await), "by other declarations");

    let first = known(&house, &remembered, &declared, now()).await;
    let mut tx = house.database.begin().await.unwrap();
    registry::wipe(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    assert!(known(&house, &remembered, &declared, now()).await.values.is_empty(), "nobody is registered any more");
    let other = World { seed: 2, ..world(0) };
    let households = house.samples.families.iter().map(|family| family.household.clone());
    registry::load(&house.database, other, households, |_| {}).await.unwrap();
    let anew = known(&house, &remembered, &declared, now()).await;
    assert!(anew == first && !Arc::ptr_eq(&anew, &first), "asked anew, and it is the same");
}
