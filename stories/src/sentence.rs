//! The words of a step: bare, or between quotation marks.

/// A word of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Token {
    /// A bare word.
    Word(String),
    /// What stood between quotation marks.
    Text(String),
}

impl Token {
    /// The word itself.
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Word(text) | Self::Text(text) => text,
        }
    }

    /// With `{NAME}` replaced by what was remembered. A name that nothing remembered stays as it is written: pages may
    /// contain braces.
    pub(crate) fn filled(&self, value_of: impl Fn(&str) -> Option<String>) -> Self {
        let mut text = self.text().to_owned();
        for name in placeholders(&text) {
            if let Some(value) = value_of(&name) {
                text = text.replace(&format!("{{{name}}}"), &value);
            }
        }
        match self {
            Self::Word(_) => Self::Word(text),
            Self::Text(_) => Self::Text(text),
        }
    }
}

/// Splits a line at blanks, outside `"…"` and `«…»`; commas after a quotation are left out.
pub(crate) fn tokens(line: &str) -> Result<Vec<Token>, (String, String)> {
    let mut found = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let closing = match first {
            '"' => Some('"'),
            '«' => Some('»'),
            _ => None,
        };
        if let Some(closing) = closing {
            let inside = &rest[first.len_utf8()..];
            let end = inside.find(closing).ok_or_else(unclosed)?;
            found.push(Token::Text(inside[..end].to_owned()));
            rest = inside[end + closing.len_utf8()..].trim_start_matches(',').trim_start();
        } else {
            let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
            found.push(Token::Word(rest[..end].to_owned()));
            rest = rest[end..].trim_start();
        }
    }
    Ok(found)
}

fn unclosed() -> (String, String) {
    ("le virgolette non si chiudono".to_owned(), "Chiudi le virgolette nella stessa riga: \"…\" oppure «…»".to_owned())
}

/// The names written in braces, capital letters and digits only.
pub(crate) fn placeholders(text: &str) -> Vec<String> {
    let pieces = text.split('{').skip(1).filter_map(|piece| piece.split_once('}').map(|(name, _)| name));
    let is_name = |name: &&str| !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit());
    pieces.filter(is_name).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotations_are_one_word() {
        let read = tokens("Compila \"Nome e cognome\" con «D'Èsempio»").expect("well formed");
        let words: Vec<_> = read.iter().map(Token::text).collect();
        assert_eq!(words, ["Compila", "Nome e cognome", "con", "D'Èsempio"]);
        assert!(tokens("Legge \"senza fine").is_err());
    }

    #[test]
    fn remembered_names_are_filled_in_and_values_are_not_read_again() {
        let token = Token::Text("protocollo {P} e {p}".to_owned());
        let filled = token.filled(|name| (name == "P").then(|| "{Q}".to_owned()));
        assert_eq!(filled.text(), "protocollo {Q} e {p}");
    }
}
