/// The string literals of a Rust file: the line on which each begins, and its text as written between the quotes.
/// Comments, characters and lifetimes are passed over. Relies on the file being valid Rust.
pub fn strings(source: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = next(&source[at..]) {
        match step {
            Step::Pass(bytes) => at += bytes,
            Step::Literal { opening, text, closing } => {
                let start = at + opening;
                let line = 1 + source[..start].matches('\n').count();
                found.push((line, &source[start..start + text]));
                at = start + text + closing;
            }
        }
    }
    found
}

/// What begins here, in bytes.
enum Step {
    Pass(usize),
    Literal { opening: usize, text: usize, closing: usize },
}

fn next(rest: &str) -> Option<Step> {
    let first = rest.chars().next()?;
    let step = match first {
        '/' if rest.starts_with("//") => Step::Pass(rest.find('\n').unwrap_or(rest.len())),
        '/' if rest.starts_with("/*") => Step::Pass(rest.find("*/").map_or(rest.len(), |end| end + 2)),
        '"' => plain(rest),
        '\'' => Step::Pass(character(rest)),
        _ if first.is_alphabetic() || first == '_' => word(rest),
        _ => Step::Pass(first.len_utf8()),
    };
    Some(step)
}

/// `"…"`, with backslashes that protect what follows.
fn plain(rest: &str) -> Step {
    let mut protected = false;
    let ends = |c: char| {
        let end = c == '"' && !protected;
        protected = c == '\\' && !protected;
        end
    };
    let text = rest[1..].find(ends).unwrap_or(rest.len() - 1);
    Step::Literal { opening: 1, text, closing: usize::from(1 + text < rest.len()) }
}

/// A name; or the prefix of a raw string, `r#"…"#`.
fn word(rest: &str) -> Step {
    let name = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let hashes = rest[name..].bytes().take_while(|byte| *byte == b'#').count();
    let opening = name + hashes + 1;
    if !matches!(&rest[..name], "r" | "br" | "cr") || !rest[name + hashes..].starts_with('"') {
        return Step::Pass(name);
    }
    let closing = format!("\"{}", "#".repeat(hashes));
    let text = rest[opening..].find(&closing).unwrap_or(rest.len() - opening);
    Step::Literal { opening, text, closing: closing.len().min(rest.len() - opening - text) }
}

/// `'a'`, `'\n'`, or the mark of a lifetime.
fn character(rest: &str) -> usize {
    let mut chars = rest.char_indices().skip(1);
    match (chars.next(), chars.next()) {
        (Some((_, '\\')), Some((escaped, _))) => {
            let after = escaped + 1;
            rest[after..].find('\'').map_or(rest.len(), |end| after + end + 1)
        }
        (Some(_), Some((end, '\''))) => end + 1,
        _ => 1,
    }
}
