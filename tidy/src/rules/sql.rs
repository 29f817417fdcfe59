use crate::{Fault, Tree};

const STATEMENTS: [&str; 6] = ["SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "CREATE TABLE", "WITH RECURSIVE"];

/// SQL in capabilities and in the app's rooms stands in `store.rs` or below `store/`. Rules of law are SQL too, but
/// they live in `services/`; `platform/database` owns the schema history.
pub fn in_stores(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, number, line) in tree.lines(".rs") {
        if !concerned(path) {
            continue;
        }
        let quoted = line.split('"').skip(1).step_by(2);
        if quoted.into_iter().any(|text| STATEMENTS.iter().any(|statement| text.trim_start().starts_with(statement))) {
            faults.push(Fault::new(path, number, "SQL outside store.rs: move it there and give it a name"));
        }
    }
    faults
}

fn concerned(path: &str) -> bool {
    let shelf = path.starts_with("capabilities/") || path.starts_with("platform/") || path.starts_with("app/");
    let owner = path.ends_with("/store.rs") || path.contains("/store/") || path.starts_with("platform/database/src/");
    shelf && !owner && !path.contains("/tests/")
}
