//! The program on a PostgreSQL of its own, which may be killed, too; and the way there from SQLite, and back.

use std::{fs, path::Path, process::Command, thread};

use database::testing::Server;

use crate::{
    backup::{shown, told, with_keys},
    client::Client,
    killed::{book, log_agrees_with_book, numbers_have_no_holes, receipts_survive},
    program::{Program, run, stderr, stdout},
    world::root,
};

/// A server with an empty database.
fn server() -> (Server, String) {
    let server = Server::start(&["max_connections=60"]).expect("PostgreSQL starts");
    let url = server.create("sportello").expect("the database is made");
    (server, url)
}

fn on(data: &Path, url: &str) -> Program {
    Program::start_with(data, &root(), &[("SPORTELLO_DATABASE", Path::new(url))])
}

#[test]
fn whoever_holds_a_receipt_finds_it_again_though_program_and_server_were_killed() {
    let data = tempfile::tempdir().expect("a folder");
    let (mut server, url) = server();
    let mut both = true;
    receipts_survive(on(data.path(), &url), |program| {
        if both {
            program.kill();
        }
        server.kill();
        server.start_again().expect("the server comes back");
        if both {
            program.start_again();
        }
        both = false;
    });
    numbers_have_no_holes(data.path(), &url);
}

#[test]
fn two_programs_on_one_server_give_no_number_twice_and_leave_none_out() {
    let data = tempfile::tempdir().expect("a folder");
    let (_server, url) = server();
    let programs = [on(data.path(), &url), on(data.path(), &url)];
    let people = ["chiara", "elena", "giorgio", "francesca", "maria", "paolo", "sofia", "teresa"];
    let hands: Vec<_> = people
        .iter()
        .zip(programs.iter().cycle())
        .map(|(handle, program)| {
            let (handle, url) = ((*handle).to_owned(), program.url.clone());
            thread::spawn(move || {
                let client = Client::new(&url);
                client.log_in(&handle);
                client.apply("assegno-unico").number()
            })
        })
        .collect();
    let mut numbers: Vec<_> = hands.into_iter().map(|hand| hand.join().expect("a receipt")).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 8, "no number twice");
    // Whoever asks the other program finds the same case.
    let client = Client::new(&programs[1].url);
    client.log_in("chiara");
    assert!(!client.get("/pratiche").words().contains("Non hai"));
    drop(programs);
    numbers_have_no_holes(data.path(), &url);
    let mut letters: Vec<_> = book(&url).into_iter().filter(|act| act.kind == "letter-issued").collect();
    let issued = letters.len();
    letters.dedup_by_key(|act| act.case);
    assert_eq!(letters.len(), issued, "one letter each, whoever composed it");
}

/// Files an application and gives its number, its receipt's place and its proof.
fn apply(program: &Program, handle: &str) -> (u64, String, String) {
    let client = Client::new(&program.url);
    client.log_in(handle);
    let receipt = client.apply("assegno-unico");
    let case = receipt.place.strip_suffix("/ricevuta").expect("a receipt").to_owned();
    let proof = client.get(&format!("{case}/prova/1"));
    assert_eq!(proof.status, 200, "{}", proof.words());
    (receipt.number(), receipt.place, proof.body)
}

/// Moves the book; gives the lines of the proof that speak of tables, with digests.
fn moved(from: &str, to: &str) -> Vec<String> {
    let output = run(&["migrate", "--from", from, "--to", to]);
    let told = stdout(&output);
    assert!(output.status.success(), "{told}{}", stderr(&output));
    assert!(told.contains("✓ Tutto è uguale") && !told.contains('✗'), "{told}");
    assert!(told.contains("ultimo punto di controllo firmato") && told.contains("✓ Libro degli atti:"), "{told}");
    let lines: Vec<_> = told.lines().filter(|line| line.contains(" righe  ")).map(str::to_owned).collect();
    assert!(lines.len() > 20, "{told}");
    lines
}

#[test]
fn a_book_goes_over_to_postgresql_and_back_and_the_program_goes_on() {
    let (data, back) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let (_server, url) = server();
    let file = format!("sqlite:{}", data.path().join("sportello.db").display());

    let mut program = Program::start(data.path(), &root());
    let (first, place, proof) = apply(&program, "chiara");
    let used = run(&["migrate", "--from", &file, "--to", &url]);
    assert!(!used.status.success() && stderr(&used).contains("aperto da un altro programma"), "{}", stderr(&used));
    let (second, ..) = apply(&program, "elena");
    assert!(second > first);
    program.kill();
    let there = moved(&file, &url);
    let again = run(&["demo", "--port", "0", "--data", &data.path().display().to_string()]);
    assert!(!again.status.success() && stderr(&again).contains("è stato trasferito"), "{}", stderr(&again));

    let copy = back.path().join("copia").display().to_string();
    let copied = run(&["backup", "--data", &data.path().display().to_string(), "--to", &copy]);
    assert!(!copied.status.success() && stderr(&copied).contains("è stato trasferito"), "{}", stderr(&copied));

    let mut program = on(data.path(), &url);
    let client = Client::new(&program.url);
    client.log_in("chiara");
    assert_eq!(client.get(&place).number(), first, "a receipt of before");
    let (third, ..) = apply(&program, "giorgio");
    assert!(third > second, "the register goes on");
    program.kill();
    log_agrees_with_book(data.path(), &url);

    fs::create_dir(back.path().join("keys")).expect("a folder");
    for key in fs::read_dir(data.path().join("keys")).expect("the keys").flatten() {
        fs::copy(key.path(), back.path().join("keys").join(key.file_name())).expect("it is copied");
    }
    fs::write(back.path().join("dimostrazione.txt"), "").expect("it is marked");
    let file = format!("sqlite:{}", back.path().join("sportello.db").display());
    let home = moved(&url, &file);
    assert_eq!(there.len(), home.len());
    let program = Program::start(back.path(), &root());
    assert!(apply(&program, "sofia").0 > third);
    let kept = back.path().join("prova.json");
    fs::write(&kept, proof).expect("it is written");
    let folder = back.path().display().to_string();
    let checked = run(&["verify", &kept.display().to_string(), "--data", &folder]);
    assert_eq!(checked.status.code(), Some(0), "{}", stdout(&checked));
    drop(program);
    log_agrees_with_book(back.path(), &file);
}

#[test]
fn a_book_of_somebody_else_is_no_demonstration_and_a_demonstration_is_not_served_in_production() {
    let data = tempfile::tempdir().expect("a folder");
    let (_server, url) = server();
    drop(on(data.path(), &url));
    let other = tempfile::tempdir().expect("a folder");
    let config = root().join("deploy/sportello.toml").display().to_string();
    let folder = other.path().display().to_string();
    let served = run(&["serve", "--config", &config, "--data", &folder, "--database", &url]);
    assert_eq!(served.status.code(), Some(1));
    assert!(stderr(&served).contains("persone inventate"), "{}", stderr(&served));
    let reset = run(&["demo", "--port", "0", "--reset", "--data", &folder, "--database", &url]);
    assert!(!reset.status.success() && stderr(&reset).contains("crea un database nuovo"), "{}", stderr(&reset));
}

/// The steps by which operators divide the largest table, as docs/operations/capacity.md gives them.
fn partitioning() -> String {
    let page = fs::read_to_string(root().join("docs/operations/capacity.md")).expect("the page");
    let (_, rest) = page.split_once("```sql\n").expect("the page has the steps");
    rest.split_once("```").expect("they end").0.to_owned()
}

#[test]
fn the_largest_table_can_be_divided_and_everything_goes_on() {
    let (data, copies) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let (server, url) = server();
    let program = on(data.path(), &url);
    let (first, place, _) = apply(&program, "chiara");
    drop(program);
    let divided = Command::new(server.program("psql"))
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &url, "-c", &partitioning()])
        .output()
        .expect("psql runs");
    assert!(divided.status.success(), "{}", stderr(&divided));
    let program = on(data.path(), &url);
    let client = Client::new(&program.url);
    client.log_in("chiara");
    assert_eq!(client.get(&place).number(), first, "a receipt of before");
    assert!(apply(&program, "elena").0 > first);
    let copy = shown(&copies.path().join("copia"));
    let (made, text) = told(&["backup", "--data", &shown(data.path()), "--database", &url, "--to", &copy]);
    assert!(made, "{text}");
    drop(program);
    log_agrees_with_book(data.path(), &url);
}

#[test]
fn a_copy_of_a_server_is_restored_into_a_file_and_into_another_server() {
    let (data, copies) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let (server, url) = server();
    let program = on(data.path(), &url);
    let (number, place, _) = apply(&program, "chiara");
    let copy = shown(&copies.path().join("copia"));
    let (made, text) = told(&["backup", "--data", &shown(data.path()), "--database", &url, "--to", &copy]);
    assert!(made, "{text}");
    drop(program);

    let home = with_keys(data.path());
    let (restored, text) = told(&["restore", "--data", &shown(home.path()), "--from", &copy]);
    assert!(restored && text.contains("✓ Atti, registro e ogni tabella"), "{text}");
    let other = server.create("altro").expect("the database is made");
    let (restored, text) = told(&["restore", "--data", &shown(data.path()), "--database", &other, "--from", &copy]);
    assert!(restored && text.contains("✓ Riletto dal server"), "{text}");
    let (twice, text) = told(&["restore", "--data", &shown(data.path()), "--database", &other, "--from", &copy]);
    assert!(!twice && text.contains("non è vuota"), "{text}");
    for program in [Program::start(home.path(), &root()), on(data.path(), &other)] {
        let client = Client::new(&program.url);
        client.log_in("chiara");
        assert_eq!(client.get(&place).number(), number, "a receipt of before");
        assert!(apply(&program, "sofia").0 > number);
    }
}
