use base::Uuid;
use cases::{entries, find, find_own, testing};
use database::Error;

use crate::house::{House, LUCA, MARIA, OFFICE, case_of, now};

#[tokio::test]
async fn a_case_is_found_by_its_applicant_and_its_office_and_by_nobody_else() {
    let house = House::new().await;
    let mut tx = house.begin().await;
    let submitted = house.file(&mut tx, MARIA, |_| {}).await;
    let case = case_of(&submitted);
    assert_eq!(find_own(&mut tx, case, MARIA).await.unwrap().unwrap().submitted, submitted);
    assert_eq!(testing::find_in_office(&mut tx, case, OFFICE).await.unwrap(), find(&mut tx, case).await.unwrap());
    for other in [LUCA, OFFICE, "", "%"] {
        assert_eq!(find_own(&mut tx, case, other).await.unwrap(), None, "{other}");
    }
    for other in ["relazioni", MARIA, "", "%"] {
        assert_eq!(testing::find_in_office(&mut tx, case, other).await.unwrap(), None, "{other}");
    }
    assert_eq!(find_own(&mut tx, Uuid::from_u128(99), MARIA).await.unwrap(), None, "no case looks the same");
}

#[tokio::test]
async fn a_number_that_was_given_back_is_given_again() {
    let house = House::new().await;
    for (number, keeps) in [(1, true), (2, false), (2, false), (2, true), (3, true)] {
        let mut tx = house.begin().await;
        assert_eq!(house.file(&mut tx, MARIA, |_| {}).await.protocol.number, number);
        if keeps {
            tx.commit().await.unwrap();
        }
    }
    let mut tx = house.begin().await;
    let other = testing::next_number(&mut tx, "relazioni", now()).await.unwrap();
    assert_eq!((other.number, other.year), (1, 2026), "each office counts for itself");
    let eve = testing::next_number(&mut tx, OFFICE, "2026-12-31T22:59:59Z".parse().unwrap()).await.unwrap();
    let new_year = testing::next_number(&mut tx, OFFICE, "2026-12-31T23:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!([(eve.number, eve.year), (new_year.number, new_year.year)], [(4, 2026), (1, 2027)]);
    let numbers: Vec<_> =
        entries(&mut tx, OFFICE, 2026).await.unwrap().into_iter().map(|entry| entry.protocol.number).collect();
    assert_eq!(numbers, [1, 2, 3], "every number that was kept stands for something");
}

#[tokio::test]
async fn a_number_stands_for_one_thing() {
    let house = House::new().await;
    let mut tx = house.begin().await;
    let submitted = house.file(&mut tx, MARIA, |_| {}).await;
    let again = testing::register(&mut tx, Uuid::from_u128(2), &submitted, now(), "00").await;
    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
}
