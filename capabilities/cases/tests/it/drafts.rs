use cases::testing::{Draft, find_draft, save_draft};
use rules::{Facts, Value};

use crate::house::{House, LUCA, MARIA, now};

fn draft(revision: i64, iban: &str) -> Draft {
    let mut answers = Facts::default();
    answers.values.insert("iban".to_owned(), Value::from(iban));
    Draft {
        service: "assegno-unico".to_owned(),
        service_version: "v1".to_owned(),
        idempotency_key: "chiave-di-prova".to_owned(),
        answers,
        revision,
        updated_at: now(),
    }
}

#[tokio::test]
async fn a_device_that_read_an_older_draft_writes_nothing() {
    let house = House::new().await;
    let mut tx = house.begin().await;
    assert!(save_draft(&mut tx, MARIA, &draft(0, "primo")).await.unwrap());
    assert!(!save_draft(&mut tx, MARIA, &draft(0, "insieme")).await.unwrap(), "both began without a draft");
    assert!(save_draft(&mut tx, MARIA, &draft(1, "secondo")).await.unwrap());
    for stale in [0, 1, 3] {
        assert!(!save_draft(&mut tx, MARIA, &draft(stale, "vecchio")).await.unwrap(), "revision {stale}");
    }
    let kept = find_draft(&mut tx, MARIA, "assegno-unico").await.unwrap().unwrap();
    assert_eq!(kept, draft(2, "secondo"));
}

#[tokio::test]
async fn drafts_of_two_people_do_not_meet() {
    let house = House::new().await;
    let mut tx = house.begin().await;
    assert!(save_draft(&mut tx, MARIA, &draft(0, "di Maria")).await.unwrap());
    assert_eq!(find_draft(&mut tx, LUCA, "assegno-unico").await.unwrap(), None);
    assert!(save_draft(&mut tx, LUCA, &draft(0, "di Luca")).await.unwrap());
    assert_eq!(find_draft(&mut tx, MARIA, "assegno-unico").await.unwrap(), Some(draft(1, "di Maria")));
}
