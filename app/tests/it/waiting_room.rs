//! The day when everybody comes: who waits, for how long, and what nobody gains.

use std::{path::Path, thread, time::Duration};

use database::testing::Server;
use waiting::Limit;

use crate::{
    client::{Client, Form, Page},
    program::Program,
    world::{World, root},
};

/// One at once, then one each minute.
const NARROW: Limit = Limit { at_once: 1, per_minute: 1, minutes: 30 };
const ROOM: &str = "/servizi/assegno-unico/attesa";
const MINUTE: Duration = Duration::from_secs(60);

fn take(client: &Client, room: &str) -> Page {
    client.post(&Form { action: room.to_owned(), fields: Vec::new() })
}

/// What the page says of one's turn.
fn told(page: &Page) -> String {
    let words = page.words();
    let from = words.find("Tocca a te").unwrap_or_else(|| panic!("no turn: {words}"));
    words[from..].chars().take(45).collect()
}

#[test]
fn past_the_limit_people_wait_for_a_time_that_holds_and_nobody_gains_by_insisting() {
    let mut world = World::crowded(NARROW);
    let (chiara, elena, giorgio) = (world.person("chiara"), world.person("elena"), world.person("giorgio"));
    let confirmation = chiara.confirmation("assegno-unico");

    let sent_away = elena.get("/servizi/assegno-unico/domanda");
    assert_eq!(sent_away.place, ROOM, "{}", sent_away.words());
    let forced =
        Form { action: "/servizi/assegno-unico/domanda/invia".into(), fields: vec![("sp.chiave".into(), "k".into())] };
    assert_eq!(elena.post(&forced).place, ROOM, "nobody slips past the page");
    let first = take(&elena, ROOM);
    assert!(first.words().contains("Tocca a te il 21 novembre 2026, ore 11:01"), "{}", first.words());
    assert!(first.words().contains("Prima di te non entra nessun altro"), "{}", first.words());
    let second = take(&giorgio, ROOM);
    assert!(told(&second).contains("11:02") && second.words().contains("entra circa 1 persona"), "{}", second.words());

    // Reloads, a second window, another device.
    for client in [&elena, &elena, &world.person("elena")] {
        assert_eq!(told(&client.get(ROOM)), told(&first));
        assert_eq!(told(&take(client, ROOM)), told(&first));
    }
    // All else is open: drafts, other services, the desk, and whoever was in before.
    assert_eq!(elena.get("/servizi/assegno-unico/domanda/figli?modifica=1").title(), "I figli");
    assert_eq!(elena.get("/servizi/sala-civica/domanda").place, "/servizi/sala-civica/domanda/festa");
    assert_eq!(world.officer("anna.ferri").get("/ufficio/pratiche").status, 200);
    assert!(chiara.post(&confirmation).place.ends_with("/ricevuta"), "she was in before");
    assert_eq!(chiara.get("/pratiche").status, 200);

    world.restart();
    let elena = world.person("elena");
    assert_eq!(told(&elena.get(ROOM)), told(&first), "the place survives");
    assert_eq!(elena.get("/servizi/assegno-unico/domanda").place, ROOM);
    world.advance(MINUTE);
    let up = elena.get(ROOM);
    assert!(up.words().contains("Tocca a te Puoi entrare fino al 21 novembre 2026, ore 11:31"), "{}", up.words());
    elena.apply("assegno-unico");
}

#[test]
fn whoever_is_there_at_the_opening_is_drawn_and_the_page_is_still() {
    let world = World::crowded(NARROW);
    let room = "/servizi/contributo-affitto/attesa";
    let people = ["chiara", "elena", "giorgio", "francesca", "maria", "sofia", "teresa"];
    let enter = |handle: &str| {
        let person = world.person(handle);
        let page = person.get("/servizi/contributo-affitto/domanda");
        person.post(&page.form("/domanda/affitto").with("canone", "6000"));
        person
    };
    people.iter().for_each(|handle| drop(enter(handle)));
    let early = world.person("chiara");
    assert!(take(&early, room).place.ends_with("/riepilogo"), "days before there is nothing to wait for");

    world.advance(Duration::from_secs((9 * 24 + 21) * 3_600 + 45 * 60)); // a quarter of an hour before
    let waiting: Vec<Client> = people[..6].iter().map(|handle| world.person(handle)).collect();
    for client in &waiting {
        let page = client.get("/servizi/contributo-affitto/domanda");
        assert!(page.words().contains("Vai alla sala d’attesa"), "{} {}", page.place, page.words());
        let page = take(client, room);
        assert!(page.words().contains("si sorteggia l’ordine fra tutti quelli che sono già qui"), "{}", page.words());
    }
    let still = waiting[0].get(room);
    assert!(
        still.header("refresh").is_empty() && !still.body.contains("http-equiv") && !still.body.contains("<script")
    );
    assert_eq!(waiting[0].get(&format!("{room}?da-sola=1")).header("refresh"), "60", "only for who asks for it");

    world.advance(15 * MINUTE);
    let late = take(&world.person("teresa"), room);
    let minute = |page: &Page| match told(page).split("ore 09:").nth(1) {
        Some(rest) => rest[..2].parse::<u32>().expect("minutes"),
        None => 0, // it is their turn now
    };
    let turns: Vec<u32> = waiting.iter().map(|client| minute(&client.get(room))).collect();
    let mut sorted = turns.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, [0, 1, 2, 3, 4, 5]);
    assert_ne!(turns, sorted, "not in the order of coming (by the seed of this test)");
    assert_eq!(minute(&late), 6);
    let first = turns.iter().position(|turn| *turn == 0).expect("somebody is first");
    assert!(waiting[first].apply("contributo-affitto").place.ends_with("/ricevuta"));
}

#[test]
fn who_waits_when_the_window_closes_does_not_lose_it() {
    let world = World::crowded(NARROW);
    let room = "/servizi/contributo-affitto/attesa";
    world.advance(Duration::from_secs(24 * 24 * 3_600 + 59 * 60)); // 15 December 2026, 11:59
    let (chiara, elena) = (world.person("chiara"), world.person("elena"));
    for person in [&chiara, &elena] {
        let page = person.get("/servizi/contributo-affitto/domanda");
        person.post(&page.form("/domanda/affitto").with("canone", "6000"));
    }
    assert!(take(&elena, room).place == room);
    world.advance(2 * MINUTE);
    assert!(chiara.get("/servizi/contributo-affitto/domanda").words().contains("Si poteva confermare"));
    elena.apply("contributo-affitto");
}

#[test]
fn two_programs_on_one_server_have_one_room() {
    let data = tempfile::tempdir().expect("a folder");
    let server = Server::start(&["max_connections=60"]).expect("PostgreSQL starts");
    let url = server.create("sportello").expect("the database is made");
    let set = [
        ("SPORTELLO_DATABASE", Path::new(&url)),
        ("SPORTELLO_ADMISSIONS_AT_ONCE", Path::new("1")),
        ("SPORTELLO_ADMISSIONS_PER_MINUTE", Path::new("1")),
    ];
    let one = Program::start_with(data.path(), &root(), &set);
    let other = Program::start_with(data.path(), &root(), &set);
    let client = |program: &Program, handle: &str| {
        let client = Client::new(&program.url);
        client.log_in(handle);
        client
    };
    client(&one, "chiara").confirmation("assegno-unico");
    let elena = client(&other, "elena");
    assert_eq!(elena.get("/servizi/assegno-unico/domanda").place, ROOM, "the other program knows of her");
    let (on_one, on_other) = (client(&one, "elena"), elena);
    let hands = [on_one.clone(), on_other.clone()].map(|client| thread::spawn(move || told(&take(&client, ROOM))));
    let turns = hands.map(|hand| hand.join().expect("a turn"));
    assert_eq!(turns[0], turns[1], "one place, though taken at both");
    assert_eq!(told(&on_one.get(ROOM)), told(&on_other.get(ROOM)));
}
