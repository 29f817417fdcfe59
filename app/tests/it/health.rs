//! What operators' programs are told: alive, ready, and why not.

use std::{
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use database::params;
use serde_json::Value;

use crate::{
    client::{Client, Page},
    program::Program,
    world::{World, root},
};

fn json(page: &Page) -> Value {
    assert_eq!(page.header("content-type"), "application/json", "{}", page.body);
    serde_json::from_str(&page.body).expect("it is JSON")
}

/// Asks until the readiness page says so: what needed the database is told anew every five seconds.
fn await_status(client: &Client, status: u16, what: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let page = client.get("/salute/pronto");
        let told = json(&page);
        if page.status == status && what(&told) {
            return told;
        }
        assert!(began.elapsed() < Duration::from_secs(20), "not {status}: {told:#}");
        thread::sleep(Duration::from_millis(100));
    }
}

fn task<'a>(told: &'a Value, name: &str) -> &'a Value {
    let mut tasks = told["tasks"].as_array().expect("a list").iter();
    tasks.find(|task| task["name"] == name).unwrap_or(&Value::Null)
}

#[test]
fn a_program_that_does_its_work_says_so_and_names_nobody() {
    let world = World::new();
    let visitor = world.visitor();
    world.person("chiara").apply("assegno-unico");
    let told = await_status(&visitor, 200, |told| {
        ["composer", "letters", "notary", "queue"].iter().all(|name| task(told, name)["seconds_since_success"].is_u64())
    });
    assert_eq!((told["status"].as_str(), told["database"].as_str()), (Some("ready"), Some("writable")));
    assert!(told["disk_free_mib"].is_u64() && !told.to_string().contains("hiara"), "{told}");
    let alive = visitor.get("/salute");
    assert_eq!((alive.status, json(&alive)["status"].as_str()), (200, Some("alive")));
}

#[test]
fn a_follower_that_fails_is_told_until_it_works_again() {
    let world = World::new();
    let visitor = world.visitor();
    let rename = |from: &str, to: &str| {
        world.block_on(async {
            let mut tx = world.database().begin().await?;
            tx.execute(&format!("ALTER TABLE {from} RENAME TO {to}"), params![]).await?;
            tx.commit().await
        })
    };
    rename("letters_due", "elsewhere").expect("the table is moved away");
    world.person("chiara").apply("assegno-unico");
    let told = await_status(&visitor, 503, |told| task(told, "letters")["failures_in_a_row"].as_u64() >= Some(3));
    assert_eq!(told["status"], "not-ready");
    assert_eq!(visitor.get("/salute").status, 200, "a restart would not help");
    rename("elsewhere", "letters_due").expect("the table is back");
    await_status(&visitor, 200, |told| task(told, "letters")["failures_in_a_row"] == 0);
}

/// A disk that fails on demand: while the file `fault` exists, every `fsync` of the program answers EIO.
fn failing_disk(folder: &Path) -> PathBuf {
    let (source, library) = (folder.join("failing_disk.c"), folder.join("failing_disk.so"));
    std::fs::write(&source, include_str!("failing_disk.c")).expect("it is written");
    let compiled = Command::new("cc").args(["-shared", "-fPIC", "-O1", "-o"]).args([&library, &source]).status();
    assert!(compiled.expect("a C compiler, which SQLite needs too").success());
    library
}

#[test]
fn after_a_failed_fsync_nothing_is_acknowledged_until_the_program_is_started_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (library, fault) = (failing_disk(folder.path()), folder.path().join("fault"));
    let data = folder.path().join("data");
    let mut program = Program::start_with(&data, &root(), &[("LD_PRELOAD", &library), ("FAILING_DISK", &fault)]);
    let client = Client::new(&program.url);
    client.log_in("chiara");
    let form = client.confirmation("assegno-unico");
    await_status(&client, 200, |_| true);

    std::fs::write(&fault, "").expect("the disk fails");
    let refused = client.post(&form);
    std::fs::remove_file(&fault).expect("and says that all is well again");
    let title = "Le registrazioni sono sospese per un guasto";
    assert_eq!((refused.status, refused.title().as_str()), (503, title), "{}", refused.words());
    let again = client.post(&form);
    assert_eq!((again.status, again.title().as_str()), (503, title), "the next fsync may lie: {}", again.words());
    assert_eq!(client.get("/pratiche").status, 200, "reading goes on");
    let told = await_status(&client, 503, |told| told["database"] == "broken");
    assert_eq!(told["status"], "not-ready");

    program.kill();
    program.start_again();
    let receipt = client.post(&form);
    assert_eq!((receipt.status, receipt.number()), (200, 1), "{}", receipt.words());
    await_status(&client, 200, |_| true);
}
