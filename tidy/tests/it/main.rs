//! The house is tidy; and each rule is seen to fail on a tree that breaks it.

use tidy::{Fault, Tree, rules};

#[test]
fn the_house_is_tidy() {
    let tree = Tree::read(&tidy::house()).expect("the tree can be read");
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
fn no_way_of_writing_an_upward_dependency_is_overlooked() {
    for manifest in [
        "[dependencies.web]\nworkspace = true\n",
        "[build-dependencies]\nweb.workspace = true\n",
        "[target.'cfg(unix)'.dependencies]\nweb = { workspace = true }\n",
        "[target.'cfg(unix)'.build-dependencies.web]\npath = \"../../platform/web\"\n",
        "[dependencies]\npages = { package = \"web\", path = \"../../platform/web\" }\n",
        "[dependencies]\n\"web\" = { workspace = true }\n",
        "[dependencies]\nseiten.workspace = true\n",
    ] {
        let root = "[workspace.dependencies]\nseiten = { package = \"web\", path = \"platform/web\" }\n";
        let files = [("Cargo.toml", root), ("engines/rules/Cargo.toml", manifest), ("platform/web/Cargo.toml", "")];
        let faults = broken("dependencies point one way", &files);
        assert_eq!(faults.len(), 1, "{manifest}");
        assert!(manifest.lines().nth(faults[0].line - 1).is_some_and(|line| line.contains("e")), "{manifest}");
    }
    let harmless =
        "[dependencies.base]\nworkspace = true\n[target.'cfg(unix)'.dev-dependencies]\nweb.workspace = true\n";
    let files =
        [("engines/rules/Cargo.toml", harmless), ("engines/base/Cargo.toml", ""), ("platform/web/Cargo.toml", "")];
    assert!(broken("dependencies point one way", &files).is_empty());
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
fn sql_of_several_lines_is_refused_wherever_it_begins_and_comments_are_not() {
    let text = "// \"SELECT a\"\nfn f<'a>() {\n    let quote = '\"';\n    let a = \"\n        SELECT id\n    \";\n\
                \x20   let b = r#\"-- all\nUPDATE \"cases\" SET x = 1\"#;\n    let c = \"say \\\"SELECT \\\" aloud\";\n}\n";
    let place = "capabilities/cases/src/pages/ask.rs";
    assert_eq!(places(&broken("SQL lives in store.rs", &[(place, text)])), [(place, 4), (place, 7)]);
}

#[test]
fn a_test_that_reads_the_clone_in_which_it_was_built_is_refused() {
    let named = concat!("env!(\"CARGO_MANIFEST", "_DIR\")");
    let in_source = format!("const A: &str = {named};\n#[cfg(test)]\nmod tests {{\n    const B: &str = {named};\n}}\n");
    let files = [("app/src/a.rs", in_source.as_str()), ("app/tests/it/b.rs", named)];
    let faults = broken("tests read the clone that they stand in", &files);
    assert_eq!(places(&faults), [("app/src/a.rs", 4), ("app/tests/it/b.rs", 1)]);
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
fn a_migration_that_takes_from_the_version_before_is_refused_unless_a_release_stopped_reading() {
    let files = [
        ("CHANGELOG.md", "# Changes\n\n## 0.2.0 (2027)\n"),
        ("platform/web/migrations/0001_a.sql", "DROP INDEX b;\nALTER TABLE a DROP COLUMN b;"),
        ("platform/web/migrations/0002_b.sql", "-- contract: 0.2.0 stopped reading it.\nDROP TABLE a;"),
        ("platform/web/migrations/0003_c.sql", "-- contract: 0.3.0 stopped reading it.\nDROP TABLE a;"),
        ("platform/web/migrations/0004_d.sql", "ALTER TABLE a RENAME TO b; -- a comment"),
        ("platform/web/migrations/0005_e.sql", "ALTER TABLE a ADD COLUMN b TEXT NOT NULL;"),
        ("platform/web/migrations/0006_f.sql", "ALTER TABLE a ADD COLUMN b TEXT NOT NULL DEFAULT '';"),
        ("capabilities/registry/migrations/0002_declared.sql", "DROP TABLE registries;"),
    ];
    let faults = broken("a migration leaves the version before at work", &files);
    let expected = [("0001_a", 2), ("0003_c", 2), ("0004_d", 1), ("0005_e", 1)];
    assert_eq!(places(&faults).len(), expected.len());
    for ((path, line), (name, expected)) in places(&faults).into_iter().zip(expected) {
        assert!(path.ends_with(&format!("{name}.sql")) && line == expected, "{path}:{line}");
    }
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
    let tables = "[workspace.dependencies.serde]\nversion = \"1\"\n[workspace.dependencies.toml] # declared data\nversion = \"1\"\n";
    assert_eq!(places(&broken("every dependency has its sentence", &[("Cargo.toml", tables)])), [("Cargo.toml", 1)]);
    let room = "[dependencies]\nserde.workspace = true\nrand = \"1\"\n";
    let files = [("engines/base/Cargo.toml", room)];
    assert_eq!(places(&broken("every dependency has its sentence", &files)), [("engines/base/Cargo.toml", 3)]);
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

#[test]
fn a_form_that_anybody_could_send_is_refused() {
    let bare = "<p>\n<form method=\"post\" action=\"/x\">{{ field }}</form>\n";
    let named = bare.replace("{{ field }}", "{{ page.opener() }}{{ field }}");
    let two = format!("{named}<form class=\"a\" method=\"post\"></form>");
    let files = [("capabilities/cases/src/a.html", bare), ("capabilities/cases/src/b.html", two.as_str())];
    let faults = broken("forms say who opened them", &files);
    assert_eq!(places(&faults), [("capabilities/cases/src/a.html", 2), ("capabilities/cases/src/b.html", 3)]);
}

#[test]
fn a_handler_that_reads_no_form_is_refused() {
    let take = "pub async fn take(desk: Desk, Path(id): Path<String>) -> Answer {}\n";
    let routes = format!("fn routes() {{ route(\"/x\", post(take)).route(\"/y\", post(office::give)) }}\n{take}");
    let give = "/// Gives.\npub async fn give(desk: Desk, _: Posted) -> Answer {}\nasync fn take(x: u8) -> u8 {}\n";
    let files = [
        ("capabilities/cases/src/lib.rs", routes.as_str()),
        ("capabilities/cases/src/office.rs", give),
        ("capabilities/letters/src/lib.rs", take),
    ];
    let faults = broken("who answers a form reads it", &files);
    assert_eq!(places(&faults), [("capabilities/cases/src/lib.rs", 2)]);
}
