use base::{Timestamp, rome_date};
use database::Error;
use proptest::prelude::*;
use protocol::{Entry, entries, next_number, next_numbers, register_all};

use crate::house::{House, OFFICE, at, incoming, register};

#[tokio::test]
async fn a_number_that_was_given_back_is_given_again() {
    let house = House::new().await;
    let now = at("2026-03-02T09:00:00Z");
    for (number, keeps) in [(1, true), (2, false), (2, false), (2, true), (3, true)] {
        let mut tx = house.database.begin().await.unwrap();
        assert_eq!(register(&mut tx, OFFICE, now).await.protocol.number, number);
        if keeps {
            tx.commit().await.unwrap();
        }
    }
    let mut tx = house.database.begin().await.unwrap();
    let other = next_number(&mut tx, "relazioni", now).await.unwrap().first;
    assert_eq!((other.number, other.year), (1, 2026), "each office counts for itself");
    let eve = next_number(&mut tx, OFFICE, at("2026-12-31T22:59:59Z")).await.unwrap().first;
    let new_year = next_number(&mut tx, OFFICE, at("2026-12-31T23:00:00Z")).await.unwrap().first;
    assert_eq!([(eve.number, eve.year), (new_year.number, new_year.year)], [(4, 2026), (1, 2027)]);
    let numbers: Vec<_> =
        entries(&mut tx, OFFICE, 2026).await.unwrap().into_iter().map(|entry| entry.protocol.number).collect();
    assert_eq!(numbers, [1, 2, 3], "every number that was kept stands for something");
}

#[tokio::test]
async fn a_number_stands_for_one_thing() {
    let house = House::new().await;
    let mut tx = house.database.begin().await.unwrap();
    let entry = register(&mut tx, OFFICE, at("2026-03-02T09:00:00Z")).await;
    let again = protocol::register(&mut tx, &entry).await;
    assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
}

#[tokio::test]
async fn a_register_is_read_back_as_it_was_written() {
    let house = House::new().await;
    let mut tx = house.database.begin().await.unwrap();
    let numbers = next_numbers(&mut tx, OFFICE, at("2026-03-02T09:00:00Z"), 1_200).await.unwrap();
    let written: Vec<Entry> =
        (0..1_200).map(|step| Entry { protocol: numbers.nth(step), ..incoming(&numbers) }).collect();
    register_all(&mut tx, &written).await.unwrap();
    assert_eq!(entries(&mut tx, OFFICE, 2026).await.unwrap(), written, "more than one statement holds");
    assert_eq!(next_number(&mut tx, OFFICE, numbers.at).await.unwrap().first.number, 1_201);
}

#[tokio::test]
async fn a_clock_that_is_set_back_turns_no_register_back() {
    let house = House::new().await;
    let mut tx = house.database.begin().await.unwrap();
    let first = next_number(&mut tx, OFFICE, at("2026-03-02T09:00:00Z")).await.unwrap();
    let back = next_number(&mut tx, OFFICE, at("2026-03-02T07:00:00Z")).await.unwrap();
    assert_eq!((back.first.number, back.at), (2, first.at));
    let other = next_number(&mut tx, "relazioni", at("2026-03-02T07:00:00Z")).await.unwrap();
    assert_eq!(other.at, at("2026-03-02T07:00:00Z"), "another register has its own order");
}

/// Tries to register from two processes at once; some of the transactions are dropped half-way.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_leave_no_hole_and_give_no_number_twice() {
    let house = House::new().await;
    let other = house.other_process().await;
    let mut running = tokio::task::JoinSet::new();
    for turn in 0..60_i64 {
        let database = if turn % 2 == 0 { house.database.clone() } else { other.clone() };
        running.spawn(async move {
            let mut tx = database.begin().await.unwrap();
            // The machine's clock jumps about.
            let now = at("2026-03-02T09:00:00Z") + jiff::SignedDuration::from_secs((turn * 37) % 100);
            register(&mut tx, OFFICE, now).await;
            if turn % 5 != 0 {
                tx.commit().await.unwrap();
            }
        });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
    let mut tx = house.database.read().await.unwrap();
    let kept = entries(&mut tx, OFFICE, 2026).await.unwrap();
    assert!(kept.iter().map(|entry| entry.protocol.number).eq(1..=48), "{kept:?}");
    assert!(kept.is_sorted_by_key(|entry| entry.registered_at), "a later number has no earlier instant");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the clock says and whatever fails: numbers of a year are 1, 2, 3 … and their instants never go back.
    #[test]
    fn registers_are_gapless_and_ordered(steps in proptest::collection::vec((0_i64..40_000, 0_i64..4, any::<bool>()), 1..25)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (kept, first) = runtime.block_on(async {
            let house = House::new().await;
            let first: Timestamp = at("2026-12-20T12:00:00Z");
            for (minutes, many, keeps) in steps {
                let mut tx = house.database.begin().await.unwrap();
                let now = first + jiff::SignedDuration::from_mins(minutes);
                let numbers = next_numbers(&mut tx, OFFICE, now, many).await.unwrap();
                let written: Vec<_> =
                    (0..many).map(|step| Entry { protocol: numbers.nth(step), ..incoming(&numbers) }).collect();
                register_all(&mut tx, &written).await.unwrap();
                if keeps {
                    tx.commit().await.unwrap();
                }
            }
            let mut tx = house.database.read().await.unwrap();
            let years = [entries(&mut tx, OFFICE, 2026).await.unwrap(), entries(&mut tx, OFFICE, 2027).await.unwrap()];
            (years, first)
        });
        for year in &kept {
            prop_assert!(year.iter().zip(1..).all(|(entry, number)| entry.protocol.number == number));
            prop_assert!(year.is_sorted_by_key(|entry| entry.registered_at));
            prop_assert!(year.iter().all(|entry| entry.registered_at >= first));
            prop_assert!(year.iter().all(|entry| rome_date(entry.registered_at).year() == entry.protocol.year));
        }
    }
}
