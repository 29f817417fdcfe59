use std::collections::BTreeSet;

use base::Language;

use crate::house::House;

#[test]
fn words_agree_in_three_languages() {
    let wrong = web::words::check(&registry::WORDS, tidy::room(), &[&web::WORDS]);
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn every_datum_has_a_name() {
    let house = House::with_samples().await;
    let words = web::Words::merge(&[web::WORDS, registry::WORDS]).unwrap();
    let mut keys = BTreeSet::new();
    for family in &house.samples.families {
        let known = house.known(family.logs_in.as_str()).await;
        keys.extend(known.values.into_keys());
        keys.extend(known.lists.keys().cloned());
        keys.extend(known.lists.into_values().flatten().flat_map(std::collections::BTreeMap::into_keys));
    }
    let nameless: Vec<_> =
        keys.iter().filter(|key| words.get(Language::Italian, &format!("registry.datum.{key}")).is_none()).collect();
    assert!(nameless.is_empty() && keys.len() > 30, "{nameless:?}");
}
