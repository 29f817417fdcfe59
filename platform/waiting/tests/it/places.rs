use waiting::{Entry, Limit};

use crate::{House, LIMIT, at, turn};

#[tokio::test]
async fn below_the_limit_nobody_waits_and_above_it_the_next_one_does() {
    let house = House::open(LIMIT).await;
    for person in ["a", "b"] {
        assert!(matches!(house.room.enter("bonus", person, None, at(0)).await.unwrap(), Entry::In { pass: Some(_) }));
    }
    assert_eq!(house.room.enter("bonus", "c", None, at(0)).await.unwrap(), Entry::Wait);
    assert!(matches!(house.room.enter("naspi", "c", None, at(0)).await.unwrap(), Entry::In { .. }), "another door");
    assert!(matches!(house.room.enter("bonus", "c", None, at(1)).await.unwrap(), Entry::In { .. }), "one a second");
}

#[tokio::test]
async fn a_turn_is_a_time_that_holds() {
    let house = House::open(LIMIT).await;
    for person in ["a", "b"] {
        house.room.enter("bonus", person, None, at(0)).await.unwrap();
    }
    let places = [("c", 1), ("d", 2), ("e", 3)];
    for (person, expected) in places {
        assert_eq!(turn(house.room.take_place("bonus", person, None, at(0)).await.unwrap()), expected);
    }
    assert_eq!([0, 1, 2, 3].map(|seconds| house.room.ahead(at(seconds), at(0))), [0, 0, 1, 2]);
    for (person, comes) in places {
        assert_eq!(house.room.enter("bonus", person, None, at(comes - 1)).await.unwrap(), Entry::Wait, "{person}");
        assert!(
            matches!(house.room.enter("bonus", person, None, at(comes)).await.unwrap(), Entry::In { .. }),
            "{person}"
        );
    }
}

#[tokio::test]
async fn reloads_and_other_windows_find_the_same_place() {
    let house = House::open(LIMIT).await;
    for person in ["a", "b"] {
        house.room.enter("bonus", person, None, at(0)).await.unwrap();
    }
    let first = house.room.take_place("bonus", "c", None, at(0)).await.unwrap();
    house.room.take_place("bonus", "d", None, at(0)).await.unwrap();
    let other = house.another(9).await;
    for _ in 0..5 {
        assert_eq!(house.room.take_place("bonus", "c", None, at(0)).await.unwrap(), first);
        assert_eq!(house.room.place("bonus", "c", at(0)).await.unwrap(), first);
        assert_eq!(other.take_place("bonus", "c", None, at(0)).await.unwrap(), first, "another process");
    }
    assert_eq!(turn(house.room.take_place("bonus", "e", None, at(0)).await.unwrap()), 3, "and move nobody back");
}

#[tokio::test]
async fn places_and_passes_survive_a_restart() {
    let house = House::open(LIMIT).await;
    let Entry::In { pass: Some(pass) } = house.room.enter("bonus", "a", None, at(0)).await.unwrap() else { panic!() };
    house.room.enter("bonus", "b", None, at(0)).await.unwrap();
    let place = house.room.take_place("bonus", "c", None, at(0)).await.unwrap();
    let behind = turn(house.room.take_place("bonus", "d", None, at(0)).await.unwrap());

    let again = house.another(2).await;
    assert_eq!(again.place("bonus", "c", at(0)).await.unwrap(), place);
    assert_eq!(turn(again.take_place("bonus", "e", None, at(0)).await.unwrap()), behind + 1);
    let held = again.enter("bonus", "a", Some(&pass), at(0)).await.unwrap();
    assert_eq!(held, Entry::In { pass: None }, "whoever was in is not sent back to wait");
    assert_eq!(again.enter("bonus", "z", Some(&pass), at(0)).await.unwrap(), Entry::Wait, "the pass is of one person");
    assert_eq!(again.enter("bonus", "a", Some(&pass), at(60)).await.unwrap().clone(), {
        let fresh = again.enter("bonus", "a", Some(&pass), at(60)).await.unwrap();
        assert!(matches!(fresh, Entry::In { pass: Some(_) }), "over, and nobody waits any more");
        fresh
    });
}

#[tokio::test]
async fn two_processes_share_the_limit() {
    let house = House::open(LIMIT).await;
    let other = house.another(2).await;
    house.room.enter("bonus", "a", None, at(0)).await.unwrap();
    other.enter("bonus", "b", None, at(0)).await.unwrap();
    assert_eq!(turn(house.room.take_place("bonus", "c", None, at(0)).await.unwrap()), 1);
    assert_eq!(turn(other.take_place("bonus", "d", None, at(0)).await.unwrap()), 2);
    assert_eq!(turn(house.room.take_place("bonus", "e", None, at(0)).await.unwrap()), 3);
}

#[tokio::test]
async fn while_nobody_could_come_in_turns_stood_still() {
    let house = House::open(LIMIT).await;
    for person in ["a", "b"] {
        house.room.enter("bonus", person, None, at(0)).await.unwrap();
    }
    for (person, comes) in [("c", 1), ("d", 2)] {
        assert_eq!(turn(house.room.take_place("bonus", person, None, at(0)).await.unwrap()), comes);
    }
    house.room.take_place("nido", "c", Some(at(600)), at(0)).await.unwrap();

    let mut tx = house.database.begin().await.unwrap();
    waiting::put_off(&mut tx, at(1), at(1_001)).await.unwrap();
    tx.commit().await.unwrap();

    for room in [&house.room, &house.another(9).await] {
        assert_eq!(turn(room.place("bonus", "c", at(1_001)).await.unwrap()), 1_001, "also where it was remembered");
        assert_eq!(room.enter("bonus", "d", None, at(1_001)).await.unwrap(), Entry::Wait);
    }
    assert!(matches!(house.room.enter("bonus", "c", None, at(1_001)).await.unwrap(), Entry::In { .. }));
    assert_eq!(turn(house.room.take_place("bonus", "e", None, at(1_001)).await.unwrap()), 1_003, "behind the others");
    house.room.enter("nido", "x", None, at(1_001)).await.unwrap(); // the first one after the opening draws
    assert_eq!(turn(house.room.place("nido", "c", at(1_002)).await.unwrap()), 1_001, "an opening that passed is now");
}

#[tokio::test]
async fn who_lets_a_turn_pass_begins_again_behind_the_others() {
    let house = House::open(LIMIT).await;
    for person in ["a", "b"] {
        house.room.enter("bonus", person, None, at(0)).await.unwrap();
    }
    assert_eq!(turn(house.room.take_place("bonus", "c", None, at(0)).await.unwrap()), 1);
    let over = at(1 + 60);
    assert_eq!(house.room.place("bonus", "c", over).await.unwrap(), None);
    for person in 0..120 {
        house.room.take_place("bonus", &format!("p{person}"), None, at(0)).await.unwrap();
    }
    assert!(turn(house.room.take_place("bonus", "c", None, over).await.unwrap()) > 120);
}

#[tokio::test]
async fn without_a_limit_nobody_waits_and_nothing_is_kept() {
    let house = House::open(Limit::NONE).await;
    for person in 0..50 {
        let entry = house.room.enter("bonus", &person.to_string(), None, at(0)).await.unwrap();
        assert_eq!(entry, Entry::In { pass: None });
    }
    assert_eq!(house.room.take_place("bonus", "a", None, at(0)).await.unwrap(), None);
}

#[tokio::test]
async fn places_are_forgotten_the_day_after() {
    let house = House::open(LIMIT).await;
    house.room.take_place("bonus", "a", None, at(0)).await.unwrap();
    house.room.take_place("bonus", "b", Some(at(100)), at(0)).await.unwrap();
    let forget = async |now| {
        let mut tx = house.database.begin().await.unwrap();
        let many = waiting::forget_old(&mut tx, now).await.unwrap();
        tx.commit().await.unwrap();
        many
    };
    assert_eq!(forget(at(86_400)).await, 0);
    assert_eq!(forget(at(86_401)).await, 2);
}
