//! A SQLite file on a disk without space, or that somebody else holds.

use std::time::{Duration, Instant};

use database::{Database, params};

use crate::{client::Page, world::World};

/// SQLite's own limit on pages, as large as it gets.
const UNLIMITED: i64 = 0x3fff_ffff;

/// From now on the database file may not grow: there is one writing connection, which is told so.
fn fill_the_disk(world: &World) {
    let pages = world.block_on(async {
        let mut tx = world.database().begin().await?;
        tx.row("PRAGMA page_count", params![]).await?.map_or(Ok(0), |row| row.int("page_count"))
    });
    allow_pages(world, pages.expect("the size of the file"));
}

fn allow_pages(world: &World, pages: i64) {
    let told = world.block_on(async {
        let mut tx = world.database().begin().await?;
        tx.row(&format!("PRAGMA max_page_count = {pages}"), params![]).await?;
        tx.commit().await
    });
    told.expect("the limit is set");
}

fn refused(page: &Page, status: u16, title: &str) {
    assert_eq!((page.status, page.title().as_str()), (status, title), "{}", page.words());
    assert!(page.header("content-type").starts_with("text/html") && !page.words().contains("database"));
}

#[test]
fn on_a_full_disk_nothing_is_half_written_and_reading_goes_on() {
    let world = World::new();
    let (chiara, elena) = (world.person("chiara"), world.person("elena"));
    let (hers, other) = (chiara.confirmation("assegno-unico"), elena.confirmation("assegno-unico"));
    for (client, form) in [(&chiara, &hers), (&elena, &other)] {
        // Each time: a connection that met a full disk may be replaced, and the new one would not know of it.
        fill_the_disk(&world);
        refused(&client.post(form), 507, "Per ora non possiamo registrare nulla");
    }
    assert!(world.book().is_empty());
    assert_eq!(chiara.get("/servizi/assegno-unico").status, 200);
    assert!(chiara.get("/pratiche").words().contains("Non hai"), "{}", chiara.get("/pratiche").words());
    allow_pages(&world, UNLIMITED);
    let receipt = chiara.post(&hers);
    assert_eq!((receipt.status, receipt.number()), (200, 1));
    assert_eq!(elena.post(&other).number(), 2);
}

#[test]
fn a_letter_that_finds_the_disk_full_is_issued_once_there_is_space() {
    let world = World::new();
    let chiara = world.person("chiara");
    let receipt = chiara.apply("assegno-unico");
    fill_the_disk(&world);
    let case = world.book()[0].case;
    assert_eq!(chiara.get(&receipt.place).status, 200, "what was acknowledged can be read");
    allow_pages(&world, UNLIMITED);
    let kinds: Vec<_> = world.acts_of(case, 2).into_iter().map(|act| act.kind).collect();
    assert_eq!(kinds, ["submitted", "letter-issued"]);
}

#[test]
fn while_somebody_else_holds_the_database_people_are_asked_to_come_back() {
    let world = World::new();
    let chiara = world.person("chiara");
    let form = chiara.confirmation("assegno-unico");
    let other = world.block_on(Database::open(world.database_url())).expect("a second program on the same file");
    let held = world.block_on(other.begin()).expect("it takes the right to write");
    let began = Instant::now();
    let busy = chiara.post(&form);
    assert!(began.elapsed() < Duration::from_secs(12), "it took {:?}", began.elapsed());
    refused(&busy, 503, "C’è molto traffico in questo momento");
    assert_eq!(busy.header("retry-after"), "5");
    assert_eq!(chiara.get("/servizi/assegno-unico").status, 200, "reading goes on");
    world.block_on(async {
        drop(held);
        other.close().await;
    });
    assert_eq!(chiara.post(&form).number(), 1);
}
