use registry::Loaded;

use crate::house::{House, TODAY, world};

fn people(seed: u64, persons: u64) -> population::World {
    population::World::new(seed, persons, TODAY).unwrap()
}

#[tokio::test]
async fn a_second_start_finds_the_world() {
    let house = House::empty().await;
    let mut told = Vec::new();
    let loaded = registry::load(&house.database, world(6_000), people(1, 6_000), |persons| told.push(persons)).await;
    let Loaded::Fresh { persons } = loaded.unwrap() else { panic!("nothing was there before") };
    assert!((5_990..=6_000).contains(&persons), "a newborn or two may be unregistered: {persons}");
    assert!(told.len() == 2 && told[0] >= 5_000 && told[1] == persons, "{told:?}");
    assert_eq!(house.load(people(2, 10)).await, Loaded::Found(world(6_000)));
    let mut tx = house.database.begin().await.unwrap();
    assert_eq!(registry::world(&mut tx).await.unwrap(), Some(world(6_000)));
    registry::wipe(&mut tx).await.unwrap();
    assert_eq!(registry::world(&mut tx).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(house.load(people(2, 10)).await, Loaded::Fresh { persons: 10 });
}

#[tokio::test]
async fn an_interrupted_loading_begins_anew() {
    let house = House::empty().await;
    let half = people(1, 6_000).take(2_600);
    let cut = half.inspect(|household| assert_ne!(household.id, "F0000002500", "the machine stops here"));
    let database = house.database.clone();
    let stopped =
        tokio::spawn(async move { registry::load(&database, world(6_000), cut, |_| {}).await.map(drop) }).await;
    assert!(stopped.is_err());
    let code = people(1, 6_000).next().unwrap().members[0].person.fiscal_code.clone();
    assert!(!house.known(code.as_str()).await.values.is_empty(), "the first thousands were committed");
    assert!(matches!(house.load(people(1, 6_000)).await, Loaded::Fresh { persons } if persons > 5_900));
}

#[tokio::test]
async fn registries_agree_with_the_world_they_come_from() {
    let house = House::empty().await;
    house.load(people(3, 1_000)).await;
    for household in people(3, 1_000) {
        for member in household.registered_members() {
            let known = house.known(member.person.fiscal_code.as_str()).await;
            let isee =
                household.isee_on(TODAY).map(|isee| rules::Value::Dec(rust_decimal::Decimal::new(isee.value.0, 2)));
            assert_eq!(known.values["inps-isee.isee_minorenni"].value, isee.unwrap_or_default(), "{}", household.id);
            let account = household.accounts.iter().find(|account| account.holder == member.person.fiscal_code);
            let iban = known.values.get("inps-pagamenti.iban").and_then(|known| known.value.as_text());
            assert_eq!(iban, account.map(|account| account.iban.as_str()), "{}", household.id);
        }
    }
}
