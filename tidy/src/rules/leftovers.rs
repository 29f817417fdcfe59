use crate::{Fault, Tree};

/// Marks of unfinished or private work, in pieces so that this file does not find itself.
const MARKS: [(&str, &str); 7] = [
    (concat!("TO", "DO"), "finish it, or file an issue"),
    (concat!("FIX", "ME"), "fix it, or file an issue"),
    (concat!("XX", "X "), "say what you mean"),
    (concat!("/ro", "ot/"), "a path of somebody's machine"),
    (concat!("/ho", "me/"), "a path of somebody's machine"),
    (concat!("#[", "ignore"), "a test that does not run is no test"),
    (concat!("lorem ", "ipsum"), "write what people are to read"),
];

/// Nothing unfinished is committed.
pub fn none(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for suffix in [".rs", ".md", ".toml", ".html", ".css", ".mjs", ".js", ".sql", "Makefile"] {
        for (path, number, line) in tree.lines(suffix) {
            for (mark, mend) in MARKS {
                if line.contains(mark) && !path.ends_with("package-lock.json") {
                    faults.push(Fault::new(path, number, format!("`{mark}`: {mend}")));
                }
            }
        }
    }
    faults
}
