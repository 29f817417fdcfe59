use crate::{Fault, Tree};

/// Words that only one engine understands, and the common way to say it.
const ONE_SIDED: [(&str, &str); 12] = [
    ("AUTOINCREMENT", "take identifiers from base::new_id"),
    ("SERIAL", "take identifiers from base::new_id"),
    ("JSONB", "TEXT"),
    ("BYTEA", "{blob}"),
    (" BLOB", "{blob}"),
    ("TIMESTAMP", "TEXT in RFC 3339, UTC"),
    ("DATETIME", "TEXT in RFC 3339, UTC"),
    ("BOOLEAN", "BIGINT, 0 or 1"),
    ("INTEGER", "BIGINT"),
    ("PRAGMA", "settings belong to platform/database"),
    ("WITHOUT ROWID", "leave it out"),
    ("STRICT", "leave it out"),
];

/// A step is one text that both engines take, or a pair `NAME.sqlite.sql` and `NAME.postgres.sql`.
pub fn both_dialects(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".sql").filter(|(path, _)| path.contains("/migrations/")) {
        if let Some(stem) = path.strip_suffix(".sqlite.sql") {
            faults.extend(missing(tree, path, &format!("{stem}.postgres.sql")));
        } else if let Some(stem) = path.strip_suffix(".postgres.sql") {
            faults.extend(missing(tree, path, &format!("{stem}.sqlite.sql")));
        } else {
            faults.extend(one_sided(path, text));
        }
    }
    faults
}

fn missing(tree: &Tree, path: &str, sibling: &str) -> Option<Fault> {
    let message = format!("this step exists in one dialect only: write {sibling}");
    (!tree.0.contains_key(sibling)).then(|| Fault::new(path, 0, message))
}

fn one_sided(path: &str, text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        let line = line.split("--").next().unwrap_or("").to_uppercase();
        for (word, mend) in ONE_SIDED {
            if line.contains(word) {
                faults.push(Fault::new(path, number, format!("`{}` is one engine's word: {mend}", word.trim())));
            }
        }
    }
    faults
}

/// Steps that were applied before the rule was there.
const BEFORE_THE_RULE: [&str; 2] =
    ["capabilities/cases/migrations/0002_clock_and_audit.sql", "capabilities/registry/migrations/0002_declared.sql"];
/// What takes away something that the version before may read.
const CONTRACTS: [&str; 3] = ["DROP TABLE", "DROP COLUMN", "RENAME "];
/// Begins the comment that names the release which stopped reading it: `-- contract: 0.2.0 stopped reading …`.
const PROMISE: &str = "-- contract: ";

/// Steps run while processes of the version before still serve: they add, and take away only what a release, named in
/// the step and told in the changelog, has stopped reading.
pub fn expand_then_contract(tree: &Tree) -> Vec<Fault> {
    let changelog = tree.0.get("CHANGELOG.md").map_or("", String::as_str);
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".sql").filter(|(path, _)| path.contains("/migrations/")) {
        if BEFORE_THE_RULE.contains(&path) || text.lines().any(|line| keeps_promise(line, changelog)) {
            continue;
        }
        for (line, number) in text.lines().zip(1..) {
            let line = line.split("--").next().unwrap_or("").to_uppercase();
            if CONTRACTS.iter().any(|word| line.contains(word)) {
                let mend = "the version before may still read it: wait a release, then write above it \
                            `-- contract: 0.2.0 stopped reading it`, with a release of the changelog";
                faults.push(Fault::new(path, number, mend));
            }
            if line.contains("ADD COLUMN") && line.contains("NOT NULL") && !line.contains("DEFAULT") {
                let mend = "the version before writes rows without it: give the column a DEFAULT";
                faults.push(Fault::new(path, number, mend));
            }
        }
    }
    faults
}

fn keeps_promise(line: &str, changelog: &str) -> bool {
    let release = line.trim().strip_prefix(PROMISE).and_then(|rest| rest.split_whitespace().next());
    release.is_some_and(|release| {
        let told = |heading: &str| heading.trim_matches(['[', ']']) == release;
        changelog.lines().filter_map(|line| line.strip_prefix("## ")?.split_whitespace().next()).any(told)
    })
}
