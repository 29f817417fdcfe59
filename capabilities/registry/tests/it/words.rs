use std::collections::BTreeSet;

use registry::DatumKind;

use crate::house::{House, registries};

#[test]
fn words_agree_in_three_languages() {
    let wrong = web::words::check(&registry::WORDS, tidy::room(), &[&web::WORDS]);
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn registries_tell_what_they_declare() {
    let (house, registries) = (House::with_samples().await, registries());
    let mut told = BTreeSet::new();
    for family in &house.samples.families {
        let known = house.known(family.logs_in.as_str()).await;
        let members = known.lists.values().flatten().flatten();
        for (key, one) in known.values.iter().chain(members) {
            let datum = registries.datum(key).unwrap_or_else(|| panic!("{key} is not declared"));
            assert!(datum.kind.holds(&one.value), "{key}: {:?} is no {:?}", one.value, datum.kind);
            told.insert(key.clone());
        }
        for list in known.lists.keys() {
            assert!(matches!(registries.datum(list).map(|one| &one.kind), Some(DatumKind::List { .. })), "{list}");
        }
    }
    assert!(told.len() > 30, "{told:?}");
}
