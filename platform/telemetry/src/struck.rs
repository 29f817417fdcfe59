//! Personal data has no place in the log. Whoever writes a line keeps to that; what has the shape of a fiscal code, an
//! IBAN or an e-mail address is struck out all the same.

use std::{
    borrow::Cow,
    io::{self, Write},
    ops::Range,
};

const FISCAL_CODE: &str = "[codice fiscale]";
const IBAN: &str = "[IBAN]";
const EMAIL: &str = "[e-mail]";

/// Writes every line without what has the shape of personal data.
#[derive(Debug)]
pub struct Struck<W>(pub W);

impl<W: Write> Write for Struck<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        // A line of the log is written at once: nothing is cut in two here.
        self.0.write_all(struck(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The text without fiscal codes, IBANs and e-mail addresses.
#[must_use]
pub fn struck(text: &str) -> Cow<'_, str> {
    let mut found = found(text).peekable();
    if found.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let (mut clean, mut written) = (String::with_capacity(text.len()), 0);
    for (place, instead) in found {
        clean.push_str(&text[written..place.start]);
        clean.push_str(instead);
        written = place.end;
    }
    clean.push_str(&text[written..]);
    Cow::Owned(clean)
}

fn found(text: &str) -> impl Iterator<Item = (Range<usize>, &'static str)> + '_ {
    words(text).filter_map(|place| {
        let word = &text[place.clone()];
        if let Some((name, domain)) = word.split_once('@') {
            return (!name.is_empty() && domain.contains('.')).then_some((place, EMAIL));
        }
        let (within, instead) = kind(word)?;
        Some((place.start + within.start..place.start + within.end, instead))
    })
}

/// What may belong together: letters and digits of ASCII; dots, dashes and the like only around an `@`.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let of_address = |c: char| c.is_ascii_alphanumeric() || "@.-_+".contains(c);
    let bare = |c: char| c.is_ascii_alphanumeric();
    pieces(text, 0, of_address).flat_map(move |place| {
        let whole = &text[place.clone()];
        let whole_at_once = whole.contains('@');
        let parts = (!whole_at_once).then(|| pieces(whole, place.start, bare));
        whole_at_once.then_some(place).into_iter().chain(parts.into_iter().flatten())
    })
}

/// The longest pieces of `text` of which every character is `in_piece`, as places counted from `from`.
fn pieces(text: &str, from: usize, in_piece: impl Fn(char) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let begin = rest + text[rest..].find(&in_piece)?;
        let end = text[begin..].find(|c| !in_piece(c)).map_or(text.len(), |length| begin + length);
        rest = end;
        Some(from + begin..from + end)
    })
}

/// How many characters may stick to the front or the end: what is left of an escape sequence, such as `\n` or a colour.
const STUCK: usize = 4;

fn kind(word: &str) -> Option<(Range<usize>, &'static str)> {
    let starts = 0..=STUCK.min(word.len());
    let windows = starts.clone().filter(|_| word.len() <= 16 + STUCK).map(|start| start..start + 16);
    let code =
        windows.filter(|place| place.end <= word.len()).find(|place| is_fiscal_code(&word.as_bytes()[place.clone()]));
    let iban = || starts.map(|start| start..word.len()).find(|place| is_iban(&word[place.clone()]));
    code.map(|place| (place, FISCAL_CODE)).or_else(|| iban().map(|place| (place, IBAN)))
}

fn is_iban(word: &str) -> bool {
    word.len() >= 15 && word.parse::<base::Iban>().is_ok()
}

/// Six letters, two digits, a letter, two digits, a letter, three digits, a letter; letters may stand for the digits of
/// codes that two people would share. The check character is not asked for: a mistyped code is a person's, too.
fn is_fiscal_code(word: &[u8]) -> bool {
    let digit = |c: u8| c.is_ascii_digit() || b"LMNPQRSTUV".contains(&c.to_ascii_uppercase());
    let is_letter = [0, 1, 2, 3, 4, 5, 8, 11, 15];
    word.len() == 16
        && word.iter().enumerate().all(
            |(place, c)| {
                if is_letter.contains(&place) { c.is_ascii_alphabetic() } else { digit(*c) }
            },
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_has_the_shape_of_personal_data_is_struck_out() {
        for (line, clean) in [
            ("di RSSMRA80A01H501U, ieri", "di [codice fiscale], ieri"),
            ("path=/persone/rssmra80a01h501u?x", "path=/persone/[codice fiscale]?x"),
            ("RSSMRA80A01H501U.pdf", "[codice fiscale].pdf"),
            ("omocodia RSSMRA80A01H50MN", "omocodia [codice fiscale]"),
            ("su IT60X0542811101000000123456.", "su [IBAN]."),
            ("{\"error\":\"righe\\nRSSMRA80A01H501U\"}", "{\"error\":\"righe\\n[codice fiscale]\"}"),
            ("\u{1b}[3mIT60X0542811101000000123456\u{1b}[0m", "\u{1b}[3m[IBAN]\u{1b}[0m"),
            ("scrivi a anna.rossi@esempio.example", "scrivi a [e-mail]"),
        ] {
            assert_eq!(struck(line), clean);
        }
    }

    #[test]
    fn what_operators_need_is_left() {
        for line in [
            "request{id=0a1b2c3d4e5f http.route=/pratiche/{id}} status=200",
            "digest 3f9a0c6b8e2d4f6a8c0e1b3d5f7a9c1e3b5d7f9a1c3e5b7d9f1a3c5e7b9d1f3a",
            "0199a5c2-7b1e-7c3d-9a5b-1c2d3e4f5a6b",
            "postgres://sportello@/tmp/socket",
            "IT60X0542811101000000123457 fails its check",
        ] {
            assert_eq!(struck(line), line);
        }
    }

    proptest! {
        #[test]
        fn nothing_panics_and_the_rest_stays(before in "\\PC{0,40}", after in "\\PC{0,40}") {
            let line = format!("{before} RSSMRA80A01H501U {after}");
            let clean = struck(&line).into_owned();
            prop_assert!(!clean.contains("RSSMRA80A01H501U"));
            let mut written = Vec::new();
            Struck(&mut written).write_all(line.as_bytes()).unwrap();
            prop_assert_eq!(written, clean.into_bytes());
        }
    }
}
