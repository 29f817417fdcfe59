//! Texts as people compare them: one blank is like many, a straight apostrophe like a curly one.

/// Blanks collapsed to one space, apostrophes straight.
pub(crate) fn plain(text: &str) -> String {
    let straight: String = text.chars().map(|c| if c == '\u{2019}' || c == '\u{2bc}' { '\'' } else { c }).collect();
    straight.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first `longest` characters, with an ellipsis where something was cut off.
pub(crate) fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// `«a», «b», «c»`, the first twelve without repetition.
pub(crate) fn listed<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let mut shown: Vec<String> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        let quoted = format!("«{}»", shortened(text, 70));
        if !shown.contains(&quoted) {
            shown.push(quoted);
        }
    }
    let more = shown.len().saturating_sub(12);
    shown.truncate(12);
    match (shown.is_empty(), more) {
        (true, _) => "nessuno".to_owned(),
        (false, 0) => shown.join(", "),
        (false, more) => format!("{} e altri {more}", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_compared_as_people_read_them() {
        assert_eq!(plain("914,30\u{a0}€\n  l’assegno"), "914,30 € l'assegno");
        assert_eq!(shortened("perché", 4), "perc…");
        assert_eq!(listed(["a", "b", "a", ""].into_iter()), "«a», «b»");
        assert_eq!(listed([].into_iter()), "nessuno");
    }
}
