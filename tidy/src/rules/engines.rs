use crate::{Fault, Tree};

/// What an engine may not touch, and what to do instead.
const FORBIDDEN: [(&str, &str); 12] = [
    ("std::fs", "take text, give text; files are the app's"),
    ("std::net", "engines do not talk to the network"),
    ("std::env", "take it as a parameter"),
    ("std::process", "engines start nothing"),
    ("std::time", "take a base::Clock or a date"),
    ("Instant::now", "take a base::Clock"),
    ("SystemTime", "take a base::Clock"),
    ("Timestamp::now", "take a base::Clock"),
    ("Zoned::now", "take a base::Clock"),
    ("tokio", "engines are synchronous"),
    ("sqlx", "engines know no database"),
    ("rand::", "take a base::Chance or a seed"),
];

/// No file, network, clock, database or chance in the sources of engines (their tests and examples may).
pub fn pure(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, number, line) in tree.lines(".rs") {
        if !path.starts_with("engines/") || !path.contains("/src/") || line.trim_start().starts_with("//") {
            continue;
        }
        for (word, mend) in FORBIDDEN {
            if line.contains(word) {
                faults.push(Fault::new(path, number, format!("`{word}` in an engine: {mend}")));
            }
        }
    }
    faults
}
