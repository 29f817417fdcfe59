use base::Date;
use jiff::{Span, civil::date};
use rules::{Moment, Value};

use crate::house::{House, TODAY, registries};

async fn isee(house: &House, on: Date, known: Date) -> Value {
    let mut tx = house.database.read().await.unwrap();
    let code = house.code("roberto").as_str();
    let known = registry::known_at(&mut tx, &registries(), code, Moment { on, known }).await.unwrap();
    known.values["inps-isee.isee_minorenni"].value.clone()
}

#[tokio::test]
async fn what_is_recorded_later_was_not_known_before() {
    let house = House::with_samples().await;
    let attestations = &house.samples.family_of("roberto").unwrap().household.isee;
    let issued = attestations.last().unwrap().registered_on;
    let (old, new) = (Value::Dec("31500.00".parse().unwrap()), Value::Dec("12400.00".parse().unwrap()));
    assert_eq!(isee(&house, TODAY, TODAY).await, new);
    assert_eq!(isee(&house, TODAY, issued.yesterday().unwrap()).await, old, "as it was known the day before its issue");
    assert_eq!(isee(&house, issued.yesterday().unwrap(), TODAY).await, old, "a new one says nothing of the day before");
    assert_eq!(isee(&house, date(2026, 12, 20), TODAY).await, old, "a current ISEE counts for six months only");
    assert_eq!(isee(&house, TODAY.saturating_add(Span::new().years(2)), TODAY).await, Value::Null, "all have expired");
}

#[tokio::test]
async fn a_child_is_in_the_list_from_the_day_of_its_entry() {
    let house = House::with_samples().await;
    let mut tx = house.database.read().await.unwrap();
    let code = house.code("chiara").as_str();
    let before = TODAY.saturating_sub(Span::new().months(5));
    let then = registry::known(&mut tx, &registries(), code, before).await.unwrap();
    assert_eq!(then.lists["anpr.figli"].len(), 2, "Bianca was born four months ago");
}
