use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use waiting::{Entry, Limit};

use crate::{House, LIMIT, at, turn};

#[tokio::test]
async fn who_waits_at_the_opening_is_drawn_and_who_comes_later_stands_behind() {
    let house = House::open(LIMIT).await;
    let early = ["a", "b", "c", "d", "e", "f", "g", "h"];
    for (person, before) in early.iter().zip(1..) {
        let place = house.room.take_place("bonus", person, Some(at(0)), at(-100 + before)).await.unwrap().unwrap();
        assert_eq!((place.turn, place.until), (None, None), "nobody knows before the draw");
    }
    let late = [
        turn(house.room.take_place("bonus", "y", Some(at(0)), at(1)).await.unwrap()),
        turn(house.room.take_place("bonus", "z", Some(at(0)), at(1)).await.unwrap()),
    ];
    let mut turns = Vec::new();
    for person in early {
        turns.push(turn(house.room.place("bonus", person, at(1)).await.unwrap()));
    }
    let mut sorted = turns.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [0, 0, 1, 2, 3, 4, 5, 6], "two at once, then one a second");
    assert_ne!(turns, sorted, "not in the order of coming");
    assert_eq!(late, [7, 8]);
}

/// However many come, and however long: the limit is what was said, in one process and in two.
#[tokio::test]
async fn no_more_come_in_than_the_limit_lets() {
    let house = House::open(Limit { at_once: 20, per_minute: 60, minutes: 1 }).await;
    let rooms = [house.room.clone(), house.another(2).await];
    for (many, most) in [(1, 120), (2, 122 + 2)] {
        let door = format!("bonus{many}");
        let mut came_in = 0;
        for second in 0..100 {
            for person in 0..8 {
                let room = &rooms[person % many];
                let name = format!("{second}-{person}");
                came_in +=
                    i32::from(matches!(room.enter(&door, &name, None, at(second)).await.unwrap(), Entry::In { .. }));
            }
        }
        assert!((100..=most).contains(&came_in), "{came_in} came in through {many} processes");
    }
}

/// Each process lets in fewer than the limit: together they still keep to it.
#[tokio::test]
async fn processes_that_each_let_in_few_share_the_limit() {
    let house = House::open(Limit { at_once: 20, per_minute: 60, minutes: 1 }).await;
    let mut rooms = vec![house.room.clone()];
    for seed in 2..5 {
        rooms.push(house.another(seed).await);
    }
    let mut came_in = 0;
    for second in 0..100 {
        for (number, room) in rooms.iter().enumerate() {
            let name = format!("{second}-{number}");
            came_in +=
                i32::from(matches!(room.enter("bonus", &name, None, at(second)).await.unwrap(), Entry::In { .. }));
        }
    }
    // What each may have let in within a second that the others did not know of comes on top.
    assert!((100..=120 + 4).contains(&came_in), "{came_in} came in");
}

/// Six people who come one after the other, six hundred times: whoever came first is first as often as anybody else.
#[tokio::test]
async fn each_order_of_the_draw_is_as_likely_as_any_other() {
    const TIMES: u32 = 600;
    let house = House::seeded(Limit { at_once: 1, per_minute: 60, minutes: 60 }, 2_026).await;
    let people = ["a", "b", "c", "d", "e", "f"];
    let mut seen = [[0_u32; 6]; 6];
    for door in 0..TIMES {
        let door = door.to_string();
        for person in people {
            house.room.take_place(&door, person, Some(at(0)), at(-1)).await.unwrap();
        }
        for (person, row) in people.iter().zip(&mut seen) {
            let nth = turn(house.room.place(&door, person, at(0)).await.unwrap());
            row[usize::try_from(nth).unwrap()] += 1;
        }
    }
    // 25 degrees of freedom: a fair draw goes beyond 52.6 once in a thousand times. The seed makes it always the same.
    let expected = f64::from(TIMES) / 6.0;
    let distance: f64 = seen.iter().flatten().map(|many| (f64::from(*many) - expected).powi(2) / expected).sum();
    assert!(distance < 52.6, "{distance}: {seen:?}");
}

/// What people do at a door.
#[derive(Debug, Clone, Copy)]
enum Deed {
    /// Asks for a place, perhaps once more.
    Take,
    /// Looks at the place.
    Look,
    /// Tries to get in.
    Try,
}

fn deeds() -> impl Strategy<Value = Vec<(u8, Deed, bool, i64)>> {
    let deed = prop_oneof![Just(Deed::Take), Just(Deed::Look), Just(Deed::Try)];
    prop::collection::vec((0_u8..12, deed, any::<bool>(), 0_i64..3), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Whatever people do, in however many windows and at whichever process: one place each that never moves, those of
    /// before the opening first, the others in the order in which they first asked, and never more at once than the
    /// limit.
    #[test]
    fn nobody_gains_by_insisting(deeds in deeds()) {
        tokio::runtime::Runtime::new().unwrap().block_on(insist(deeds));
    }
}

async fn insist(deeds: Vec<(u8, Deed, bool, i64)>) {
    let house = House::open(Limit { at_once: 2, per_minute: 60, minutes: 60 }).await;
    let rooms = [house.room.clone(), house.another(2).await];
    // The house is full, so that everybody waits.
    for person in ["x", "y"] {
        house.room.take_place("bonus", person, Some(at(0)), at(-31)).await.unwrap();
    }
    let (mut now, mut came) = (-30, BTreeMap::new());
    let mut turns = BTreeMap::new();
    for (person, deed, which, pause) in deeds {
        now += pause;
        let (name, room) = (person.to_string(), &rooms[usize::from(which)]);
        let place = match deed {
            Deed::Take => {
                let order = came.len();
                came.entry(name.clone()).or_insert((0 <= now, order));
                room.take_place("bonus", &name, Some(at(0)), at(now)).await.unwrap()
            }
            Deed::Look => room.place("bonus", &name, at(now)).await.unwrap(),
            Deed::Try if now < 0 || !came.contains_key(&name) => continue,
            Deed::Try => {
                let place = room.place("bonus", &name, at(now)).await.unwrap();
                let up = place.is_some_and(|place| place.is_up(at(now)));
                let entry = room.enter("bonus", &name, None, at(now)).await.unwrap();
                assert!(!up || matches!(entry, Entry::In { .. }), "{name}: a turn that has come lets in");
                continue;
            }
        };
        assert_eq!(place.is_some(), came.contains_key(&name));
        if let Some(turn) = place.and_then(|place| place.turn) {
            assert_eq!(*turns.entry(name).or_insert(turn), turn, "a turn never moves");
        }
    }
    let mut order = Vec::new();
    for (name, (late, nth)) in &came {
        let place = rooms[0].place("bonus", name, at(now.max(0))).await.unwrap().unwrap();
        order.push((place.turn.unwrap(), *late, *nth));
    }
    order.sort_unstable();
    assert!(order.is_sorted_by_key(|(_, late, _)| *late), "first who came before the opening: {order:?}");
    let late: Vec<_> = order.iter().filter(|(_, late, _)| *late).map(|(_, _, nth)| nth).collect();
    assert!(late.is_sorted(), "then by coming: {order:?}");
    let later: Vec<_> = order.iter().map(|(turn, ..)| *turn).filter(|turn| at(now.max(0)) < *turn).collect();
    assert_eq!(later.iter().collect::<BTreeSet<_>>().len(), later.len(), "one at a time");
}
