//! The worklist, page by page, and who is found in it.

use cases::testing::{CaseRow, Filter, Leaf, Leaves, name_old, worklist};
use database::params;
use deadlines::Rules;
use queue::Job;

use crate::house::{House, MARIA, OFFICE, now};

fn filter(words: &str) -> Filter {
    let today = base::rome_date(now());
    Filter { office: OFFICE.to_owned(), words: words.to_owned(), today, ..Filter::default() }
}

async fn list(house: &House, words: &str, leaf: Leaf) -> Leaves {
    list_by(house, &filter(words), leaf).await
}

async fn list_by(house: &House, filter: &Filter, leaf: Leaf) -> Leaves {
    worklist(&mut house.database.read().await.unwrap(), filter, leaf).await.unwrap()
}

/// So many cases, some due on the same day.
async fn filed(house: &House, many: u16, name: &str) {
    let mut tx = house.begin().await;
    for number in 0..many {
        let rules = Rules { days: 10 + number % 7, ..Rules::default() };
        let named = |submitted: &mut cases::payload::Submitted| submitted.applicant.name = name.to_owned();
        house.file_under(&mut tx, MARIA, &rules, named).await;
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn leafing_shows_every_case_once_and_back_again() {
    let house = House::new().await;
    filed(&house, 130, "Maria Dimostrativa").await;
    for words in ["", "maria"] {
        let rows = leaf_through(&house, &filter(words)).await;
        assert_eq!(rows.len(), 130);
        assert!(rows.is_sorted_by_key(|row| (row.due, row.id)), "due first, {words:?}");
    }
}

#[tokio::test]
async fn leafing_keeps_to_the_order_of_a_window() {
    let house = House::new().await;
    filed(&house, 130, "Maria Dimostrativa").await;
    let mut tx = house.begin().await;
    for (nth, row) in tx.rows("SELECT id FROM cases ORDER BY id", params![]).await.unwrap().iter().enumerate() {
        // A third has no place, and stands behind.
        let rank = (nth % 3 > 0).then(|| format!("{:019}{:016x}", nth * 37 % 11, nth));
        let id = row.text("id").unwrap();
        tx.execute("UPDATE cases SET rank = $2 WHERE id = $1", params![id, rank]).await.unwrap();
    }
    tx.commit().await.unwrap();
    let rows = leaf_through(&house, &Filter { ranked: true, ..filter("") }).await;
    assert_eq!(rows.len(), 130);
    assert!(rows.is_sorted_by_key(|row| (row.rank.is_none(), row.rank, row.due, row.id)));
    assert_eq!(rows.iter().filter(|row| row.rank.is_none()).count(), 44);
}

/// All rows, page by page to the end; the same pages come on the way back.
async fn leaf_through(house: &House, filter: &Filter) -> Vec<CaseRow> {
    let (mut leaf, mut there) = (Leaf::First, Vec::new());
    loop {
        let page = list_by(house, filter, leaf).await;
        assert_eq!((page.total, page.more), (130, false));
        let after = page.after;
        there.push(page);
        match after {
            Some(place) => leaf = Leaf::After(place),
            None => break,
        }
    }
    let rows = there.iter().flat_map(|page| page.rows.clone()).collect();
    assert_eq!(there[0].before, None);
    let mut page = there.pop().unwrap();
    while let Some(expected) = there.pop() {
        page = list_by(house, filter, Leaf::Before(page.before.unwrap())).await;
        assert_eq!(page.rows, expected.rows);
    }
    assert_eq!(page.before, None, "back at the beginning");
    rows
}

#[tokio::test]
async fn places_in_addresses_are_read_or_refused() {
    let house = House::new().await;
    filed(&house, 30, "Maria Dimostrativa").await;
    let place = list(&house, "", Leaf::First).await.after.unwrap();
    assert_eq!(place.to_string().parse(), Ok(place));
    for nonsense in ["", "c", "c.2026-11-21", "x.2026-11-21.0", "c.oggi.0", "c.2026-11-21.zz"] {
        assert!(nonsense.parse::<cases::testing::Place>().is_err(), "{nonsense}");
    }
}

#[tokio::test]
async fn a_case_is_found_by_name_code_and_number() {
    let house = House::new().await;
    filed(&house, 1, "Anna Maria Dell’Olmo").await;
    filed(&house, 1, "Bruno Pioppi").await;
    for words in ["anna", "olm", "maria anna", "anna olmo", "DELL'OLMO anna", "1", "0000001/2026", "anna 1"] {
        let found = list(&house, words, Leaf::First).await;
        assert_eq!(found.rows.len(), 1, "{words}");
        assert_eq!(found.rows[0].applicant_name, "Anna Maria Dell’Olmo", "{words}");
    }
    for words in ["lmo", "bruno olmo", "3", "1/2025", "bruno 1", "% _", "anna maria bruno"] {
        assert_eq!(list(&house, words, Leaf::First).await.rows.len(), 0, "{words}");
    }
    assert_eq!(list(&house, &MARIA[..9].to_lowercase(), Leaf::First).await.rows.len(), 2, "by the code's beginning");
}

#[tokio::test]
async fn who_is_called_like_too_many_is_said_to_be() {
    let house = House::new().await;
    filed(&house, 510, "Maria Dimostrativa").await;
    let found = list(&house, "maria", Leaf::First).await;
    assert!(found.more);
    assert_eq!(found.rows.len(), 25);
    assert!(!list(&house, "7", Leaf::First).await.more);
}

#[tokio::test]
async fn cases_of_the_version_before_are_found_before_the_job_has_run_and_after_it() {
    let house = House::new().await;
    filed(&house, 3, "Anna Dell’Olmo").await;
    let mut tx = house.begin().await;
    tx.execute("DELETE FROM case_names", params![]).await.unwrap();
    tx.execute("UPDATE cases SET named = NULL", params![]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(list(&house, "olmo", Leaf::First).await.rows.len(), 3);
    for _ in 0..2 {
        let mut tx = house.begin().await;
        cases::NameOld(house.web.clone()).run(&mut tx, &serde_json::Value::Null).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(list(&house, "olmo", Leaf::First).await.rows.len(), 3, "each once");
    assert!(!name_old(&mut house.begin().await).await.unwrap());
}
