//! What a person typed must come out of a letter letter by letter: it never becomes a heading, a link or a script.

/// `text` as Markdown that reads back as exactly this text, on one line.
///
/// CommonMark 6.1: any ASCII punctuation may be escaped by a backslash, and then has no other meaning. Line ends
/// become spaces, because a blank line would start a new paragraph and an indented one a block of code.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            ' ' | '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                if !out.ends_with(' ') && !out.is_empty() {
                    out.push(' ');
                }
            }
            c if invisible(c) => {}
            c if c.is_ascii_punctuation() => out.extend(['\\', c]),
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end_matches(' ').len());
    out
}

/// Several lines, each escaped, kept apart by hard line breaks.
pub(crate) fn escaped_lines(text: &str) -> String {
    let lines = text.lines().map(escaped).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\\\n")
}

/// Controls, and the marks that reorder the text around them: with these one could make an amount read backwards.
fn invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn punctuation_loses_its_meaning_and_lines_their_ends() {
        assert_eq!(escaped("# *a*\n\n    <b>"), r"\# \*a\* \<b\>");
        assert_eq!(escaped("  è così  "), "è così");
        assert_eq!(escaped("12\u{a0}€"), "12\u{a0}€", "the no-break space of an amount stays");
        assert_eq!(escaped("a\u{202e}b\u{0}c"), "abc");
        assert_eq!(escaped_lines("via *Roma*\n\n1. Nord"), "via \\*Roma\\*\\\n1\\. Nord");
    }
}
