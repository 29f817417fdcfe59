//! One step from any earlier version: a book as a release left it, opened with today's program.
//!
//! Each release adds a folder to `releases/` and its name to [`RELEASES`]; nothing there is ever changed.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use database::{Database, Migration, Param, testing::TestDatabase};
use flate2::read::GzDecoder;
use serde_json::{Map, Value};
use tokio::runtime::Runtime;

use crate::{
    backup::with_keys,
    client::Client,
    killed::{book, log_agrees_with_book},
    program::{Program, run, stderr, stdout},
    world::root,
};

/// The releases, and who had filed an application each.
const RELEASES: [(&str, &[&str]); 1] = [("0.1.0", &["nadia", "attilio"])];

fn releases() -> PathBuf {
    root().join("app/tests/it/releases")
}

/// All rows of a fixture.
fn lines(release: &str) -> Vec<(String, Map<String, Value>)> {
    let file = fs::File::open(releases().join(release).join("book.jsonl.gz")).expect("the fixture");
    let lines = BufReader::new(GzDecoder::new(file)).lines();
    lines.map(|line| row(&line.expect("text"))).collect()
}

/// A row of a fixture.
fn row(line: &str) -> (String, Map<String, Value>) {
    let mut line: Map<String, Value> = serde_json::from_str(line).expect("a row");
    let (Some(Value::String(table)), Some(Value::Object(row))) = (line.remove("table"), line.remove("row")) else {
        panic!("a line names a table and its values")
    };
    (table, row)
}

fn param(value: &Value) -> Param {
    match value {
        Value::String(text) => Param::Text(Some(text.clone())),
        Value::Number(number) => Param::Int(number.as_i64()),
        Value::Object(bytes) => {
            let text = bytes["base64"].as_str().expect("base64");
            Param::Blob(Some(BASE64_STANDARD.decode(text).expect("base64")))
        }
        _ => Param::Text(None),
    }
}

/// The steps of the schema as the release had them; tests end, so may their texts never.
fn steps(lines: &[(String, Map<String, Value>)]) -> Vec<Migration> {
    let kept = |row: &Map<String, Value>, column: &str| -> &'static str {
        Box::leak(row[column].as_str().expect("text").to_owned().into_boxed_str())
    };
    let history = lines.iter().filter(|(table, _)| table == "schema_history");
    history.map(|(_, row)| Migration { name: kept(row, "name"), sql: kept(row, "sql") }).collect()
}

/// Puts every row in place. What is NULL is left out: PostgreSQL would want to know of what type it is.
async fn fill(database: &Database, lines: &[(String, Map<String, Value>)]) -> database::Result<()> {
    let mut tx = database.begin().await?;
    // Steps write first rows, such as counters: the release has its own.
    let mut tables: Vec<_> = lines.iter().map(|(table, _)| table.as_str()).collect();
    tables.dedup();
    for table in tables.iter().rev().filter(|table| **table != "schema_history") {
        tx.execute(&format!("DELETE FROM \"{table}\""), &[]).await?;
    }
    for (table, row) in lines.iter().filter(|(table, _)| table != "schema_history") {
        let known: Vec<_> = row.iter().filter(|(_, value)| !value.is_null()).collect();
        let columns: Vec<_> = known.iter().map(|(column, _)| format!("\"{column}\"")).collect();
        let places: Vec<_> = (1..=known.len()).map(|place| format!("${place}")).collect();
        let sql = format!("INSERT INTO \"{table}\" ({}) VALUES ({})", columns.join(", "), places.join(", "));
        let values: Vec<_> = known.iter().map(|(_, value)| param(value)).collect();
        tx.execute(&sql, &values).await?;
    }
    tx.commit().await
}

/// A data folder and a database as the release left them.
fn as_left_by(release: &str) -> (tempfile::TempDir, TestDatabase) {
    let lines = lines(release);
    let data = with_keys(&releases().join(release));
    let database = Runtime::new().expect("a runtime").block_on(async {
        let fresh = TestDatabase::migrated(&steps(&lines)).await;
        let database = Database::open(fresh.url()).await.expect("it opens");
        fill(&database, &lines).await.expect("every row is taken");
        database.close().await;
        fresh
    });
    (data, database)
}

/// The demonstration serves its own SQLite file, and any PostgreSQL.
fn start(data: &Path, database: &TestDatabase) -> (Program, String) {
    match database.url().strip_prefix("sqlite:") {
        Some(path) => {
            let own = data.join("sportello.db");
            fs::copy(path, &own).expect("the book is put in place");
            (Program::start(data, &root()), format!("sqlite:{}", own.display()))
        }
        None => {
            let environment = [("SPORTELLO_DATABASE", Path::new(database.url()))];
            (Program::start_with(data, &root(), &environment), database.url().to_owned())
        }
    }
}

#[test]
fn every_release_is_opened_in_one_step_and_every_receipt_stays_verifiable() {
    for (release, people) in RELEASES {
        let (data, database) = as_left_by(release);
        let (mut program, url) = start(data.path(), &database);
        let filed: Vec<_> = book(&url).into_iter().filter(|act| act.kind == "submitted").collect();
        assert_eq!(filed.len(), people.len(), "{release}: who applied is known");
        for handle in people {
            receipt_is_verifiable(&program.url, handle, data.path(), &filed);
        }
        let elena = Client::new(&program.url);
        elena.log_in("elena");
        elena.apply("assegno-unico");
        let anna = Client::new(&program.url);
        anna.log_in_officer("anna.ferri");
        assert_eq!(anna.get("/ufficio/pratiche").status, 200);
        assert!(program.end().success(), "{}", program.told());
        let now = book(&url).into_iter().filter(|act| act.kind == "submitted").count();
        assert_eq!(now, filed.len() + 1, "the book goes on");
        log_agrees_with_book(data.path(), &url);
    }
}

/// The receipt shows its number, and its proof is genuine.
fn receipt_is_verifiable(url: &str, handle: &str, data: &Path, filed: &[acts::Act]) {
    let person = Client::new(url);
    person.log_in(handle);
    let places = filed.iter().map(|act| format!("/pratiche/{}", act.case));
    let own: Vec<_> = places.filter(|place| person.get(place).status == 200).collect();
    assert_eq!(own.len(), 1, "{handle} finds the own case and no other");
    let receipt = person.get(&format!("{}/ricevuta", own[0]));
    assert!(receipt.status == 200 && receipt.number() >= 1, "{handle}: {}", receipt.words());
    let proof = data.join(format!("prova-{handle}.json"));
    fs::write(&proof, person.get(&format!("{}/prova/1", own[0])).body).expect("it is written");
    let checked = run(&["verify", &proof.display().to_string(), "--data", &data.display().to_string()]);
    assert_eq!(checked.status.code(), Some(0), "{handle}: {}{}", stdout(&checked), stderr(&checked));
}

#[test]
fn the_oldest_release_is_here_with_a_schema_that_needs_steps() {
    let lines = lines(RELEASES[0].0);
    let (then, now) = (steps(&lines), sportello::migrations());
    assert!(then.len() < now.len(), "{} steps then, {} now", then.len(), now.len());
    for step in then {
        assert!(now.iter().any(|own| own.name == step.name && own.sql == step.sql), "{} was changed since", step.name);
    }
}
