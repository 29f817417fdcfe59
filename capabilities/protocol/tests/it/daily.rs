use base::{Clock, Date, Language};
use database::params;
use jiff::SignedDuration;
use protocol::{Officer, annul, audit_days, change, files_before, verify_file};

use crate::house::{House, OFFICE, at, register};

const LATE: (Date, i64) = (Date::constant(9999, 1, 1), 0);

async fn files(house: &House) -> Vec<(String, i64, i64)> {
    let mut tx = house.database.read().await.unwrap();
    let mut files = files_before(&mut tx, OFFICE, LATE, 100).await.unwrap();
    files.reverse();
    files.into_iter().map(|file| (file.day.to_string(), file.entries, file.changes)).collect()
}

fn day(text: &str, entries: i64, changes: i64) -> (String, i64, i64) {
    (text.to_owned(), entries, changes)
}

#[tokio::test]
async fn every_day_has_its_register_also_those_on_which_the_program_was_off() {
    let house = House::new().await;
    assert_eq!(house.daily().make_due().await.unwrap(), 0, "nothing was ever registered");
    house.register().await;
    let entry = house.register().await;
    assert_eq!(house.daily().make_due().await.unwrap(), 0, "the day is not over");
    house.clock.advance(SignedDuration::from_hours(24 * 4));
    house.register().await;
    let ugo = Officer { id: "ugo".to_owned(), name: "Ugo Prova".to_owned() };
    let mut tx = house.database.begin().await.unwrap();
    assert!(annul(&mut tx, &entry.protocol, ("Errore", "Det. 1"), &ugo, house.clock.now()).await.unwrap());
    assert!(!annul(&mut tx, &entry.protocol, ("Errore", "Det. 1"), &ugo, house.clock.now()).await.unwrap());
    let to = protocol::Changed::Classification("1.2".to_owned());
    change(&mut tx, &entry, &to, &ugo, house.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    house.clock.advance(SignedDuration::from_hours(24));

    assert_eq!(house.daily().make_due().await.unwrap(), 5);
    assert_eq!(house.daily().make_due().await.unwrap(), 0, "never twice");
    let expected = [
        day("2026-03-02", 2, 0),
        day("2026-03-03", 0, 0),
        day("2026-03-04", 0, 0),
        day("2026-03-05", 0, 0),
        day("2026-03-06", 1, 2),
    ];
    assert_eq!(files(&house).await, expected);
    let mut tx = house.database.read().await.unwrap();
    let trusted = house.seal.certificate();
    assert_eq!(audit_days(&mut tx, trusted, Language::Italian).await.unwrap(), Vec::<String>::new());
    let bytes = protocol::day_bytes(&mut tx, OFFICE, Date::constant(2026, 3, 6), 1).await.unwrap().unwrap();
    let told = verify_file(&bytes, trusted, Language::English);
    assert!(told.sound && told.text.contains("day 2026-03-06, part 1 of 1, 1 registrations"), "{}", told.text);
}

#[tokio::test]
async fn two_processes_make_each_register_once() {
    let house = House::new().await;
    house.register().await;
    house.clock.advance(SignedDuration::from_hours(24 * 3));
    let (one, other) = (house.daily(), house.daily());
    let (one, other) = tokio::join!(one.make_due(), other.make_due());
    assert!(one.is_ok() && other.is_ok());
    assert_eq!(files(&house).await.len(), 3);
    let mut tx = house.database.read().await.unwrap();
    assert_eq!(audit_days(&mut tx, house.seal.certificate(), Language::Italian).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn nothing_is_registered_in_a_day_that_is_closed() {
    let house = House::new().await;
    house.clock.set(at("2026-12-31T12:00:00Z"));
    house.register().await;
    house.clock.set(at("2027-01-01T08:00:00Z"));
    assert_eq!(house.daily().make_due().await.unwrap(), 1);
    // A transaction that read the clock just before midnight, or a clock that was set back.
    let mut tx = house.database.begin().await.unwrap();
    let late = register(&mut tx, OFFICE, at("2026-12-31T22:59:59Z")).await;
    tx.commit().await.unwrap();
    assert_eq!((late.protocol.year, late.protocol.number, late.registered_at), (2027, 1, at("2026-12-31T23:00:00Z")));
    let mut tx = house.database.read().await.unwrap();
    let closed = protocol::entries(&mut tx, OFFICE, 2026).await.unwrap();
    assert_eq!(closed.len(), 1);
    assert_eq!(tx.number("SELECT last AS n FROM protocol_registers WHERE year = 2026", &[]).await.unwrap(), 1);
}

#[tokio::test]
async fn one_changed_byte_is_found_and_so_is_a_missing_day() {
    let house = House::new().await;
    house.register().await;
    house.clock.advance(SignedDuration::from_hours(24 * 4));
    house.daily().make_due().await.unwrap();
    let mut tx = house.database.begin().await.unwrap();
    let second = Date::constant(2026, 3, 3);
    let mut bytes = protocol::day_bytes(&mut tx, OFFICE, second, 1).await.unwrap().unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let sql = "UPDATE protocol_days SET bytes = $1 WHERE day = $2";
    tx.execute(sql, params![bytes.as_slice(), second]).await.unwrap();
    let trusted = house.seal.certificate();
    assert!(!verify_file(&bytes, trusted, Language::Italian).sound);
    let faults = audit_days(&mut tx, trusted, Language::Italian).await.unwrap();
    assert!(faults.len() == 1 && faults[0].contains("2026-03-03"), "{faults:?}");
    tx.execute("DELETE FROM protocol_days WHERE day = $1", params![second]).await.unwrap();
    let faults = audit_days(&mut tx, trusted, Language::Italian).await.unwrap();
    assert!(faults.iter().any(|fault| fault.contains("ne manca uno")), "{faults:?}");
}
