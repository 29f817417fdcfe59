/// A place in a text, as editors show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextPlace<'t> {
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// The whole line, without its end.
    pub source: &'t str,
}

/// Where the byte `offset` of `text` lies; at the start of the text when no character begins there.
#[must_use]
pub fn text_place(text: &str, offset: usize) -> TextPlace<'_> {
    let before = text.get(..offset).unwrap_or("");
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().map_or(0, |start| start.chars().count());
    let from_one = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
    TextPlace { line: from_one(line), column: from_one(column), source: text.lines().nth(line).unwrap_or("") }
}

/// The known word that a mistyped one most resembles, if it is near enough to be meant.
#[must_use]
pub fn nearest<'k>(typed: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let near = typed.chars().count() / 3 + 1;
    let scored = known.into_iter().map(|word| (edits(typed, word), word));
    scored.filter(|(edits, _)| *edits <= near).min().map(|(_, word)| word)
}

/// How many letters must be added, removed or changed to make one word of the other (Levenshtein's distance). Letters
/// beyond the eightieth of `from` are not looked at: nobody mistypes words of that length.
#[must_use]
pub fn edits(from: &str, to: &str) -> usize {
    let target: Vec<char> = to.chars().collect();
    let mut costs: Vec<usize> = (0..=target.len()).collect();
    for (row, letter) in from.chars().take(80).enumerate() {
        let mut diagonal = std::mem::replace(&mut costs[0], row + 1);
        for (column, other) in target.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *other);
            diagonal = costs[column + 1];
            costs[column + 1] = changed.min(diagonal + 1).min(costs[column] + 1);
        }
    }
    costs[target.len()]
}

/// For searching: lower case without accents, only letters, digits and `/` (of protocol numbers), words parted by single
/// spaces. What is stored and what is asked are folded alike.
#[must_use]
pub fn fold(text: &str) -> String {
    let kept = |letter: char| if letter.is_alphanumeric() || letter == '/' { plain(letter) } else { ' ' };
    let letters = text.chars().flat_map(char::to_lowercase).filter(|letter| !is_combining(*letter));
    let plain: String = letters.map(kept).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text for the inside of an XML element or attribute. What XML cannot hold at all (control characters) becomes a blank:
/// people paste such things.
#[must_use]
pub fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

/// Accents that some keyboards send behind their letter.
fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// Letters of the languages of Europe that have a plain sister.
fn plain(letter: char) -> char {
    const SISTERS: [(&str, char); 14] = [
        ("àáâãäåāăą", 'a'),
        ("çčć", 'c'),
        ("đď", 'd'),
        ("èéêëēęě", 'e'),
        ("ğ", 'g'),
        ("ìíîïīı", 'i'),
        ("ł", 'l'),
        ("ñńň", 'n'),
        ("òóôõöøō", 'o'),
        ("ř", 'r'),
        ("šśşș", 's'),
        ("ťţț", 't'),
        ("ùúûüūů", 'u'),
        ("ýÿ", 'y'),
    ];
    SISTERS.iter().find(|(family, _)| family.contains(letter)).map_or(letter, |(_, plain)| *plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let place = text_place("però\nè così", "però\nè ".len());
        assert_eq!((place.line, place.column, place.source), (2, 3, "è così"));
        assert_eq!(text_place("", 7), TextPlace { line: 1, column: 1, source: "" });
    }

    #[test]
    fn a_near_word_is_found_and_a_far_one_is_not() {
        assert_eq!(nearest("nmae", ["name", "state"]), Some("name"));
        assert_eq!(nearest("x", ["name", "state"]), None);
        assert_eq!((edits("isee", "ise"), edits("", "abc"), edits("abc", "abc")), (1, 3, 0));
    }

    #[test]
    fn searching_ignores_accents_capitals_and_signs() {
        assert_eq!(fold("  Noè D'Èsempio, 0000012/2026 "), "noe d esempio 0000012/2026");
        assert_eq!(fold("%_Łukasz"), "lukasz");
        assert_eq!(fold("İstanbul e\u{300}"), "istanbul e");
    }

    #[test]
    fn markup_in_values_stays_text() {
        assert_eq!(escape_xml(r#"<a b="c">&'"#), "&lt;a b=&quot;c&quot;&gt;&amp;&apos;");
        assert_eq!(escape_xml("a\u{0}b\u{ffff}\n"), "a b  ");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,60}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn every_offset_has_a_place(text in "\\PC{0,60}", offset in 0_usize..100) {
            prop_assert!(text_place(&text, offset).line >= 1);
        }
    }
}
