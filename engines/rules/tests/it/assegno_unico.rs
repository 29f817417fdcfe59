//! The assegno unico as published: every worked example, and the table that its amounts come from.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::LazyLock};

use rules::{Program, Sources, run_example};

#[path = "../../examples/assegno_unico_table/amounts.rs"]
mod amounts;

fn folder() -> PathBuf {
    tidy::house().join("services/assegno-unico")
}

pub fn read(path: &str) -> String {
    fs::read_to_string(folder().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The law, read once for all tests.
pub static LAW: LazyLock<Program> = LazyLock::new(|| {
    let tables = BTreeMap::from([("tabelle/importi.csv".to_owned(), read("tabelle/importi.csv"))]);
    Program::parse(&Sources { file: "rules.md", text: &read("rules.md"), tables: &tables }).unwrap_or_else(|wrong| {
        let told: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        panic!("{}", told.join("\n\n"))
    })
});

#[test]
fn the_table_is_what_the_generator_makes() {
    assert!(amounts::csv() == read("tabelle/importi.csv"), "regenerate it: the command is in its head");
}

#[test]
fn every_example_holds() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(folder().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        count += 1;
        match run_example(&LAW, &text) {
            Ok(outcome) if outcome.mismatches.is_empty() => {}
            Ok(outcome) => wrong.push(format!("{}: {:?}", path.display(), outcome.mismatches)),
            Err(error) => wrong.push(format!("{}: {error}", path.display())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 26, "only {count} examples were found");
}
