use std::ops::Range;

use base::Language;
use frostem::{Algorithm, Stemmer};

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Lower case, without accents.
    pub word: String,
    /// What is left without its ending: the key of the index.
    pub stem: String,
    /// Where it stands in the text.
    pub span: Range<usize>,
}

/// Words without meaning of their own, already folded.
const STOP_WORDS: [&[&str]; 3] = [
    &[
        "a", "ad", "al", "alla", "alle", "ai", "agli", "allo", "anche", "che", "chi", "ci", "come", "con", "cosa",
        "da", "dal", "dalla", "dei", "del", "della", "delle", "dello", "degli", "di", "e", "ed", "gli", "ha", "ho",
        "i", "il", "in", "io", "l", "la", "le", "lo", "ma", "mi", "mio", "mia", "nel", "nella", "non", "o", "per",
        "piu", "quando", "quanto", "se", "si", "sono", "su", "sul", "sulla", "ti", "tra", "un", "una", "uno", "d",
        "dell", "all", "nell",
    ],
    &[
        "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "for", "from", "how", "i", "if", "in", "is",
        "it", "me", "my", "not", "of", "on", "or", "that", "the", "this", "to", "we", "what", "when", "which", "who",
        "with", "you", "your",
    ],
    &[
        "aber", "als", "am", "an", "auf", "aus", "bei", "das", "dass", "dem", "den", "der", "des", "die", "durch",
        "ein", "eine", "einem", "einen", "einer", "es", "fur", "hat", "ich", "im", "in", "ist", "mein", "meine", "mit",
        "nach", "nicht", "oder", "sie", "sind", "um", "und", "uns", "von", "was", "wenn", "wer", "wie", "wir", "zu",
        "zum", "zur",
    ],
];

/// The words of a text that mean something, in order.
pub(crate) fn analyse(text: &str, language: Language) -> Vec<Token> {
    let stemmer = Stemmer::new(match language {
        Language::Italian => Algorithm::Italian,
        Language::English => Algorithm::English,
        Language::German => Algorithm::German,
    });
    let tokens = words(text).filter_map(|span| {
        let word = fold(text.get(span.clone())?);
        let meaningless = STOP_WORDS[language as usize].contains(&word.as_str());
        (!meaningless).then(|| Token { stem: stemmer.stem(&word).into_owned(), word, span })
    });
    tokens.collect()
}

fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        let (start, _) = rest.find(|(_, letter)| letter.is_alphanumeric())?;
        while rest.next_if(|(_, letter)| letter.is_alphanumeric()).is_some() {}
        Some(start..rest.peek().map_or(text.len(), |(end, _)| *end))
    })
}

/// Lower case without accents: people leave them out, above all on telephones.
pub(crate) fn fold(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for letter in word.chars().flat_map(char::to_lowercase) {
        match letter {
            'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' => folded.push('a'),
            'è' | 'é' | 'ê' | 'ë' => folded.push('e'),
            'ì' | 'í' | 'î' | 'ï' => folded.push('i'),
            'ò' | 'ó' | 'ô' | 'ö' | 'õ' => folded.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => folded.push('u'),
            'ç' => folded.push('c'),
            'ñ' => folded.push('n'),
            'ß' => folded.push_str("ss"),
            // Accents that travel apart from their letter (NFD), as some systems write them.
            '\u{0300}'..='\u{036f}' => {}
            other => folded.push(other),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        analyse(text, Language::Italian).into_iter().map(|token| token.stem).collect()
    }

    #[test]
    fn number_gender_accents_and_articles_do_not_matter() {
        assert_eq!(stems("le procedure telematiche"), stems("Procedura telematica"));
        assert_eq!(stems("l’attività"), stems("ATTIVITA"));
        assert_eq!(stems("disabilità"), stems("disabilita\u{300}"));
        assert_eq!(stems("e il di"), Vec::<String>::new());
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "però l’età";
        let tokens = analyse(text, Language::Italian);
        let found: Vec<&str> = tokens.iter().map(|token| &text[token.span.clone()]).collect();
        assert_eq!(found, ["però", "età"]);
    }
}
