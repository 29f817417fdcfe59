//! `kill -9`: whatever was acknowledged is there afterwards, once.

use std::{collections::BTreeMap, fs, path::Path, thread, time::Duration};

use acts::Act;
use database::Database;
use stories::{Runner, Story};
use tokio::runtime::Runtime;

use crate::{
    client::Client,
    program::{Program, run, stdout},
    world::root,
};

/// Where the tour is interrupted: the sentence, and what is looked at again afterwards.
const KILLS: [(&str, &str); 5] = [
    // Acknowledged, while the letter is still being composed.
    ("Legge \"Domanda inviata\"", "Ricarica la pagina\nLegge \"Domanda inviata\"\n"),
    ("Controlla che prova.json contenga \"submitted\"", "Scarica \"Scarica la prova\" come intatta.json\n"),
    ("Legge \"La pratica è in carico a te.\"", "Ricarica la pagina\nLegge \"In lavorazione\"\n"),
    ("Legge \"Domanda accolta\"", "Ricarica la pagina\nLegge \"Accolta\"\n"),
    ("Legge \"La domanda è accolta\"", "Ricarica la pagina\nLegge \"La domanda è accolta\"\nLegge \"{P}\"\n"),
];

/// The tour with a kill after each of these sentences.
fn interrupted_tour() -> Story {
    let (_, text) = stories::all()[0];
    let with_kills = KILLS.iter().fold(text.to_owned(), |text, (sentence, then)| {
        assert_eq!(text.matches(&format!("\n{sentence}\n")).count(), 1, "the tour says once: {sentence}");
        text.replace(&format!("\n{sentence}\n"), &format!("\n{sentence}\nRiavvia il programma\n{then}"))
    });
    Story::parse("tour.txt, interrotta", &with_kills).unwrap_or_else(|error| panic!("{error}"))
}

fn in_folder(data: &Path) -> String {
    format!("sqlite:{}", data.join("sportello.db").display())
}

pub fn book(url: &str) -> Vec<Act> {
    let read = async {
        let database = Database::open(url).await?;
        let acts = acts::after(&mut database.read().await?, 0, 1000).await;
        database.close().await;
        acts
    };
    Runtime::new().expect("a runtime").block_on(read).expect("the book can be read")
}

pub fn log_agrees_with_book(data: &Path, url: &str) {
    let checked = run(&["verify", "--book", "--data", &data.display().to_string(), "--database", url]);
    assert!(checked.status.success(), "{}", stdout(&checked));
}

#[test]
fn the_tour_goes_on_after_every_kill() {
    let data = tempfile::tempdir().expect("a folder");
    let program = Program::start(data.path(), &root());
    let mut runner = Runner::new(&program.url.clone(), program);
    let walked = runner.run(&interrupted_tour(), &mut |_| {});
    assert!(walked.is_ok(), "{}", walked.map(|_| ()).unwrap_err());

    let proof = data.path().join("intatta.json");
    fs::write(&proof, runner.file("intatta.json").expect("the tour keeps its proof")).expect("it is written");
    drop(runner);
    let folder = data.path().display().to_string();
    let checked = run(&["verify", &proof.display().to_string(), "--data", &folder]);
    assert_eq!(checked.status.code(), Some(0), "{}", stdout(&checked));
    log_agrees_with_book(data.path(), &in_folder(data.path()));

    let told: Vec<_> =
        book(&in_folder(data.path())).iter().map(|act| format!("{} {}", act.kind, act.text("letter"))).collect();
    let mut sorted = told.clone();
    sorted.sort_unstable();
    let once = ["granted ", "letter-issued accoglimento", "letter-issued ricevuta", "submitted ", "taken "];
    assert_eq!(sorted, once, "{told:?}");
}

#[test]
fn whoever_holds_a_receipt_finds_it_again_and_numbers_have_no_holes() {
    let data = tempfile::tempdir().expect("a folder");
    let program = Program::start(data.path(), &root());
    receipts_survive(program, |program| {
        program.kill();
        program.start_again();
    });
    numbers_have_no_holes(data.path(), &in_folder(data.path()));
}

/// Eight people send their application, four at once, while `fault` happens to the program or to what it stands on.
pub fn receipts_survive(mut program: Program, mut fault: impl FnMut(&mut Program)) {
    let people = ["chiara", "elena", "giorgio", "francesca", "maria", "paolo", "sofia", "teresa"];
    let mut acknowledged = BTreeMap::new();
    for (round, pair) in people.chunks(4).enumerate() {
        let ready: Vec<_> = pair.iter().map(|handle| (*handle, ready(&program.url, handle))).collect();
        let hands: Vec<_> = ready
            .into_iter()
            .map(|(handle, (client, form))| {
                thread::spawn(move || {
                    let receipt = client
                        .try_post(&form)
                        .ok()
                        .filter(|page| page.status == 200 && page.place.ends_with("/ricevuta"))?;
                    Some((handle, (client, receipt.place.clone(), receipt.number())))
                })
            })
            .collect();
        // Later in the second round, so that both moments are met: before and after the first answers.
        thread::sleep(Duration::from_millis(40 + 120 * round as u64));
        fault(&mut program);
        acknowledged.extend(hands.into_iter().filter_map(|hand| hand.join().expect("the hand returns")));
    }
    for (handle, (client, place, number)) in &acknowledged {
        let again = client.get(place);
        assert_eq!((again.status, again.number()), (200, *number), "{handle}");
    }
    // Who had no answer sends the form again: one case each, whatever had become of the first.
    for handle in people {
        let client = Client::new(&program.url);
        client.log_in(handle);
        if client.get("/pratiche").words().contains("Non hai") {
            client.apply("assegno-unico");
        }
    }
}

pub fn numbers_have_no_holes(data: &Path, url: &str) {
    let submitted: Vec<_> = book(url).into_iter().filter(|act| act.kind == "submitted").collect();
    let numbers: Vec<_> = submitted.iter().filter_map(|act| act.field("protocol")["number"].as_i64()).collect();
    assert_eq!(numbers.len(), 8, "{numbers:?}");
    assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "in the order of the book: {numbers:?}");
    // Letters that go out take numbers of the same register.
    let registered = register(url);
    assert_eq!(registered, (1..=registered.len() as i64).collect::<Vec<_>>());
    assert!(numbers.iter().all(|number| registered.contains(number)), "{numbers:?}");
    log_agrees_with_book(data, url);
}

/// The numbers that the register has given.
fn register(url: &str) -> Vec<i64> {
    let read = async {
        let database = Database::open(url).await?;
        let rows = database.read().await?.rows("SELECT number FROM protocol_entries ORDER BY number", &[]).await?;
        database.close().await;
        rows.iter().map(|row| row.int("number")).collect::<database::Result<Vec<_>>>()
    };
    Runtime::new().expect("a runtime").block_on(read).expect("the register can be read")
}

fn ready(url: &str, handle: &str) -> (Client, crate::client::Form) {
    let client = Client::new(url);
    client.log_in(handle);
    let form = client.confirmation("assegno-unico");
    (client, form)
}
