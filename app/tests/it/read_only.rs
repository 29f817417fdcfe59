//! The switch to read-only: everything can be read, nothing is taken, nothing typed is lost.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::{
    client::{Client, Form},
    program::{Program, run, stderr, stdout},
    world::{World, root},
};

/// Turns the switch as the command does, and lets the time pass within which it is noticed.
fn turn(world: &World, on: bool) {
    let turned = world.block_on(async {
        let mut tx = world.database().begin().await?;
        web::read_only::switch(&mut tx, on, "2026-11-21T10:00:00Z".parse().expect("an instant")).await?;
        tx.commit().await
    });
    turned.expect("the switch is turned");
    world.advance(Duration::from_secs(3));
}

#[test]
fn reading_goes_on_and_what_was_typed_is_sent_when_it_is_over() {
    let world = World::new();
    let (noe, anna) = (world.person("noe"), world.officer("anna.ferri"));
    world.person("chiara").apply("assegno-unico");
    let case = world.book()[0].case;
    let page = noe.get("/servizi/assegno-unico/domanda");
    let (place, typed) = (page.place.clone(), page.form("/pagamento").with("iban", "IT60X0542811101000000123456"));

    turn(&world, true);
    let refused = noe.post(&typed);
    assert_eq!((refused.status, refused.header("retry-after")), (503, "300"));
    assert_eq!(refused.title(), "Per ora il sito si può solo consultare");
    assert!(refused.body.contains("value=\"IT60X0542811101000000123456\""), "what he typed is on the page");
    let taken = anna.post(&Form { action: format!("/ufficio/pratiche/{case}/prendi"), fields: Vec::new() });
    assert_eq!(taken.status, 503);
    assert_eq!(world.book().iter().filter(|act| act.kind == "taken").count(), 0);

    let chiara = world.person("chiara"); // whoever is not logged in can log in
    for place in ["/pratiche", &format!("/pratiche/{case}/ricevuta"), "/verifica", "/servizi/naspi"] {
        let page = chiara.get(place);
        assert_eq!(page.status, 200, "{place}");
        assert!(page.body.contains("Sola lettura: per ora non si può inviare nulla"), "{place} says so");
    }
    assert_eq!(chiara.get(&format!("/pratiche/{case}/prova/1")).status, 200, "a proof");
    assert_eq!(world.officer("anna.ferri").get(&format!("/ufficio/pratiche/{case}")).status, 200);
    let health: Value = serde_json::from_str(&chiara.get("/salute/pronto").body).expect("JSON");
    assert_eq!(health["read_only"], true, "{health}");
    assert_eq!(chiara.post_from("https://altrove.example", &typed).status, 403, "no page sends on what others made up");

    turn(&world, false);
    let again = Form { action: place, fields: refused.form("/pagamento").fields };
    let saved = noe.post(&again);
    assert!(saved.place.ends_with("/riepilogo"), "{} {}", saved.place, saved.words());
    assert!(!saved.body.contains("Sola lettura"));
}

#[test]
fn the_command_reaches_a_running_program() {
    let data = tempfile::tempdir().expect("a folder");
    let folder = data.path().display().to_string();
    let program = Program::start(data.path(), &root());
    let turn = |switch: &str| {
        let output = run(&["read-only", switch, "--data", &folder]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        stdout(&output)
    };
    let visitor = Client::new(&program.url);
    let wait_for = |on: bool| {
        let began = Instant::now();
        while visitor.get("/servizi").body.contains("Sola lettura:") != on {
            assert!(began.elapsed() < Duration::from_secs(20), "it is not noticed");
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    assert!(turn("status").contains("spenta"));
    assert!(turn("on").contains("Sola lettura accesa dal"));
    wait_for(true);
    assert!(turn("status").contains("accesa dal"));
    assert!(turn("off").contains("di nuovo inviare"));
    wait_for(false);
}

#[test]
fn where_there_is_no_book_none_is_made() {
    let place = tempfile::tempdir().expect("a folder");
    let mistyped = place.path().join("sbagliata");
    for switch in ["status", "on", "off"] {
        let refused = run(&["read-only", switch, "--data", &mistyped.display().to_string()]);
        assert_eq!(refused.status.code(), Some(1), "{switch}");
        assert!(stderr(&refused).contains("non c’è nessun libro degli atti"), "{switch}: {}", stderr(&refused));
        assert!(!mistyped.exists(), "{switch} left something behind");
    }
}
