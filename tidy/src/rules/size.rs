use crate::{Fault, Tree};

/// No Rust file is longer.
const FILE_LINES: usize = 500;
/// No function is longer, from its signature to its closing brace.
const FUNCTION_LINES: usize = 70;

/// The ratchet: what was longer when the rule came, with its length. Entries shrink and go; none is added.
const LONGER_TODAY: [(&str, usize); 0] = [];

/// Files up to 500 lines.
pub fn files(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".rs") {
        let allowed = LONGER_TODAY.iter().find(|(file, _)| *file == path).map_or(FILE_LINES, |(_, lines)| *lines);
        let lines = text.lines().count();
        if lines > allowed {
            faults.push(Fault::new(path, 0, format!("{lines} lines, at most {allowed}: part it by what it is about")));
        }
    }
    faults
}

/// Functions up to 70 lines. Relies on rustfmt: a function's closing brace has the indentation of its `fn`.
pub fn functions(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".rs") {
        let lines: Vec<&str> = text.lines().collect();
        for (start, line) in lines.iter().enumerate().filter(|(_, line)| opens_function(line)) {
            let indent = line.len() - line.trim_start().len();
            let closing = format!("{}}}", " ".repeat(indent));
            let length = lines[start..].iter().take_while(|line| **line != closing).count() + 1;
            let one_line = line.trim_end().ends_with(['}', ';']);
            if !one_line && length > FUNCTION_LINES {
                let message = format!("a function of {length} lines, at most {FUNCTION_LINES}: give its parts names");
                faults.push(Fault::new(path, start + 1, message));
            }
        }
    }
    faults
}

fn opens_function(line: &str) -> bool {
    let words = line.trim_start();
    let after_visibility = words.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
    let bare = after_visibility.trim_start_matches("const ").trim_start_matches("async ");
    bare.starts_with("fn ")
}
