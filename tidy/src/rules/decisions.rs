use std::collections::BTreeMap;

use crate::{Fault, Tree};

/// `docs/decisions/0007-title.md`: four digits, each once.
pub fn unique(tree: &Tree) -> Vec<Fault> {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    let mut faults = Vec::new();
    for path in tree.0.keys().filter_map(|path| path.strip_prefix("docs/decisions/").map(|name| (path, name))) {
        let (path, name) = path;
        if name == "README.md" {
            continue;
        }
        let number = name.get(..4).filter(|number| number.bytes().all(|digit| digit.is_ascii_digit()));
        match number {
            None => faults.push(Fault::new(path, 0, "begin the file's name with four digits: 0007-title.md")),
            Some(number) => {
                if let Some(other) = seen.insert(number, path) {
                    faults.push(Fault::new(path, 0, format!("number {number} is taken by {other}: use the next one")));
                }
            }
        }
    }
    faults
}
