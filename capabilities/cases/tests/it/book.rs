use acts::Actor;
use base::Uuid;
use cases::{Case, find, find_own, testing};
use database::Tx;
use mandates::{Claim, Verb};

use crate::house::{House, LUCA, MARIA, OFFICE, case_of, now};

/// What somebody finds for themselves.
async fn own(tx: &mut Tx, case: Uuid, who: &str) -> Option<Case> {
    let claim = Claim::oneself(Actor { subject: who.to_owned(), ..Actor::system() });
    find_own(tx, case, (&claim, Verb::See), now()).await.unwrap().map(|(case, _)| case)
}

#[tokio::test]
async fn a_case_is_found_by_its_applicant_and_its_office_and_by_nobody_else() {
    let house = House::new().await;
    let mut tx = house.begin().await;
    let submitted = house.file(&mut tx, MARIA, |_| {}).await;
    let case = case_of(&submitted);
    assert_eq!(own(&mut tx, case, MARIA).await.unwrap().submitted, submitted);
    assert_eq!(testing::find_in_office(&mut tx, case, OFFICE).await.unwrap(), find(&mut tx, case).await.unwrap());
    for other in [LUCA, OFFICE, "", "%"] {
        assert_eq!(own(&mut tx, case, other).await, None, "{other}");
    }
    for other in ["relazioni", MARIA, "", "%"] {
        assert_eq!(testing::find_in_office(&mut tx, case, other).await.unwrap(), None, "{other}");
    }
    assert_eq!(own(&mut tx, Uuid::from_u128(99), MARIA).await, None, "no case looks the same");
}
