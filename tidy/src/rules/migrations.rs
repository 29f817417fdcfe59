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
