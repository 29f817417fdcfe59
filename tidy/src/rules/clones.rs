use crate::{Fault, Tree};

/// In pieces so that this file does not find itself.
const COMPILED_IN: &str = concat!("env!(\"CARGO_MANIFEST", "_DIR\")");

/// A test asks at run time where its room stands: clones may share a target directory, and a binary that was built in
/// another clone would read that one's files.
pub fn asked_at_run_time(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".rs") {
        let tests =
            if path.contains("/tests/") { 0 } else { text.lines().take_while(|line| *line != "#[cfg(test)]").count() };
        for (line, number) in text.lines().zip(1..).skip(tests) {
            if line.contains(COMPILED_IN) {
                faults.push(Fault::new(path, number, "ask at run time: tidy::room() or tidy::house()"));
            }
        }
    }
    faults
}
