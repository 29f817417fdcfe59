//! The house is tidy; and each rule is seen to fail on a tree that breaks it.

use std::path::Path;

use tidy::{Fault, Tree, rules};

#[test]
fn the_house_is_tidy() {
    // Asked for at run time: a target directory that several clones share may hold a binary built in another one.
    let folder = std::env::var("CARGO_MANIFEST_DIR").expect("cargo says where tidy stands");
    let root = Path::new(&folder).parent().expect("tidy stands in the root");
    let tree = Tree::read(root).expect("the tree can be read");
    let faults: Vec<String> = rules::ALL
        .iter()
        .flat_map(|(name, rule)| rule(&tree).into_iter().map(move |fault| format!("{fault}\n    ({name})")))
        .collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

fn tree(files: &[(&str, &str)]) -> Tree {
    Tree(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
}

fn broken(rule: &str, files: &[(&str, &str)]) -> Vec<Fault> {
    let (_, check) = rules::ALL.iter().find(|(name, _)| *name == rule).expect("a rule of the house");
    check(&tree(files))
}

fn places(faults: &[Fault]) -> Vec<(&str, usize)> {
    faults.iter().map(|fault| (fault.file.as_str(), fault.line)).collect()
}

#[test]
fn upward_dependencies_are_refused() {
    let manifest = "[dependencies]\nbase.workspace = true\nweb.workspace = true\n";
    let files = [
        ("engines/rules/Cargo.toml", manifest),
        ("engines/base/Cargo.toml", ""),
        (
            "platform/web/Cargo.toml",
            "[dependencies]\nrules.workspace = true\n[dev-dependencies]\nletters.workspace = true\n",
        ),
        ("capabilities/letters/Cargo.toml", "[dependencies]\ncases.workspace = true\nnotary.workspace = true\n"),
        ("capabilities/notary/Cargo.toml", ""),
        ("capabilities/cases/Cargo.toml", "[dependencies]\nletters.workspace = true\n"),
    ];
    let faults = broken("dependencies point one way", &files);
    let expected = [
        ("capabilities/cases/Cargo.toml", 2),
        ("capabilities/letters/Cargo.toml", 3),
        ("engines/rules/Cargo.toml", 3),
        ("platform/web/Cargo.toml", 2),
    ];
    assert_eq!(places(&faults), expected);
}

#[test]
fn an_engine_that_reads_a_file_is_refused() {
    let faults = broken(
        "engines do no input or output",
        &[
            ("engines/rules/src/lib.rs", "fn f() {\n    std::fs::read(\"x\");\n}"),
            ("engines/rules/tests/it/main.rs", "std::fs"),
        ],
    );
    assert_eq!(places(&faults), [("engines/rules/src/lib.rs", 2)]);
}

#[test]
fn sql_outside_a_store_is_refused() {
    let text = "let sql = \"SELECT id FROM cases\";";
    let files = [("capabilities/cases/src/pages/ask.rs", text), ("capabilities/cases/src/store/book.rs", text)];
    assert_eq!(places(&broken("SQL lives in store.rs", &files)), [("capabilities/cases/src/pages/ask.rs", 1)]);
}

#[test]
fn a_migration_in_one_dialect_is_refused() {
    let files = [
        ("platform/web/migrations/0001_a.sql", "CREATE TABLE a (id INTEGER);"),
        ("platform/web/migrations/0002_b.sqlite.sql", ""),
        ("platform/web/migrations/0003_c.sql", "CREATE TABLE c (id BIGINT, bytes {blob});"),
    ];
    let faults = broken("a migration speaks both dialects", &files);
    assert_eq!(
        places(&faults),
        [("platform/web/migrations/0001_a.sql", 1), ("platform/web/migrations/0002_b.sqlite.sql", 0)]
    );
}

#[test]
fn growth_past_the_ratchets_is_refused() {
    let long_file = "\n".repeat(501);
    let long_function = format!("impl A {{\n    pub async fn f() {{\n{}    }}\n}}\n", "        g();\n".repeat(70));
    let files = [("app/src/a.rs", long_file.as_str()), ("app/src/b.rs", long_function.as_str())];
    assert_eq!(places(&broken("files stay short", &files)), [("app/src/a.rs", 0)]);
    assert_eq!(places(&broken("functions stay short", &files)), [("app/src/b.rs", 2)]);
}

#[test]
fn a_decision_number_used_twice_is_refused() {
    let files = [("docs/decisions/0001-a.md", ""), ("docs/decisions/0001-b.md", ""), ("docs/decisions/x.md", "")];
    assert_eq!(broken("decision numbers are unique", &files).len(), 2);
}

#[test]
fn unexplained_dependencies_rooms_off_the_map_and_leftovers_are_refused() {
    let manifest = "[workspace.dependencies]\nserde = \"1\"\ntoml = \"1\" # declared data\nbase = { path = \"x\" }\n";
    assert_eq!(places(&broken("every dependency has its sentence", &[("Cargo.toml", manifest)])), [("Cargo.toml", 2)]);
    let rooms = broken("every room is on the map", &[("engines/base/Cargo.toml", ""), ("ARCHITECTURE.md", "")]);
    assert_eq!(rooms.len(), 2);
    let mark = concat!("// TO", "DO later");
    assert_eq!(places(&broken("nothing is left over", &[("app/src/a.rs", mark)])), [("app/src/a.rs", 1)]);
}

#[test]
fn a_word_missing_in_one_language_is_found() {
    let files = [
        ("platform/web/words/it.toml", "[menu]\nservices = \"Servizi\""),
        ("platform/web/words/en.toml", "[menu]\nservices = \"Services\"\nextra = \"x\""),
    ];
    let faults = broken("the languages say the same", &files);
    assert_eq!(places(&faults), [("platform/web/words/en.toml", 0), ("platform/web/words/de.toml", 0)]);
}
