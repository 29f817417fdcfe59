use crate::{Fault, Tree, literals::strings};

/// Every line of a literal is looked at: a statement may begin behind a line break or a comment.
const STATEMENTS: [&str; 9] = [
    "SELECT ",
    "INSERT INTO",
    "UPDATE ",
    "DELETE FROM",
    "CREATE TABLE",
    "ALTER TABLE",
    "DROP TABLE",
    "PRAGMA ",
    "WITH RECURSIVE",
];

/// SQL in capabilities and in the app's rooms stands in `store.rs` or below `store/`. Rules of law are SQL too, but
/// they live in `services/`; `platform/database` owns the schema history.
pub fn in_stores(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".rs").filter(|(path, _)| concerned(path)) {
        for (line, literal) in strings(text) {
            let begins = |line: &str| STATEMENTS.iter().any(|statement| line.trim_start().starts_with(statement));
            if literal.lines().any(begins) {
                faults.push(Fault::new(path, line, "SQL outside store.rs: move it there and give it a name"));
            }
        }
    }
    faults
}

fn concerned(path: &str) -> bool {
    let shelf = path.starts_with("capabilities/") || path.starts_with("platform/") || path.starts_with("app/");
    let owner = path.ends_with("/store.rs") || path.contains("/store/") || path.starts_with("platform/database/src/");
    shelf && !owner && !path.contains("/tests/")
}
