use std::collections::BTreeSet;

use base::Language;

use super::analyse::analyse;

/// A piece of a text found by a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    /// The words.
    pub text: String,
    /// Whether they are what was looked for.
    pub found: bool,
}

/// Characters of a snippet, before it is widened to whole words.
const WIDTH: usize = 190;
/// How much of them stands before the first word found.
const BEFORE: usize = 60;

/// The part of `text` in which the words with these stems first occur, cut into fragments; its beginning otherwise.
pub(crate) fn snippet(text: &str, stems: &BTreeSet<String>, language: Language) -> Vec<Fragment> {
    let found: Vec<_> = analyse(text, language).into_iter().filter(|token| stems.contains(&token.stem)).collect();
    let first = found.first().map_or(0, |token| token.span.start);
    let start = if first <= BEFORE { 0 } else { word_start(text, first - BEFORE) };
    let end = word_end(text, start + WIDTH);
    let mut fragments = Vec::new();
    let mut push = |piece: &str, found: bool| {
        if !piece.is_empty() {
            fragments.push(Fragment { text: piece.to_owned(), found });
        }
    };
    push(if start == 0 { "" } else { "… " }, false);
    let mut at = start;
    for token in found.iter().filter(|token| start <= token.span.start && token.span.end <= end) {
        push(&text[at..token.span.start], false);
        push(&text[token.span.clone()], true);
        at = token.span.end;
    }
    push(text[at..end].trim_end(), false);
    push(if end == text.len() { "" } else { " …" }, false);
    fragments
}

/// The first start of a word from `offset` on.
fn word_start(text: &str, offset: usize) -> usize {
    let offset = (offset..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    text[offset..].find(' ').map_or(offset, |blank| offset + blank + 1)
}

/// The end of the word at `offset`.
fn word_end(text: &str, offset: usize) -> usize {
    let offset = (offset.min(text.len())..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    text[offset..].find(' ').map_or(text.len(), |blank| offset + blank)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_for_is_marked_in_its_surroundings() {
        let long = format!("{} le procedure telematiche {}", "già detto ".repeat(30), "è così ".repeat(60));
        let stems = analyse("procedura", Language::Italian).into_iter().map(|token| token.stem).collect();
        let fragments = snippet(&long, &stems, Language::Italian);
        assert_eq!(fragments[0].text, "… ");
        assert!(fragments.iter().any(|fragment| fragment.found && fragment.text == "procedure"), "{fragments:?}");
        assert_eq!(fragments.last().map(|fragment| fragment.text.as_str()), Some(" …"));
        assert_eq!(snippet("", &stems, Language::Italian), []);
    }
}
