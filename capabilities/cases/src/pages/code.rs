//! Codes that people read and type: who has one has what it opens.

use base::Chance;
use sha2::{Digest, Sha256};

/// Without letters that look like digits (Crockford).
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Signs that are drawn, of five bits each: a hundred bits, which nobody guesses, so that a quick digest is enough.
const DRAWN: usize = 20;
/// Signs in a group, as people read them.
const GROUP: usize = 7;

/// A fresh code, without marks between groups.
pub fn fresh(chance: &dyn Chance) -> String {
    let bytes = chance.bytes::<DRAWN>();
    let drawn: String = bytes.iter().map(|byte| char::from(SIGNS[usize::from(byte & 31)])).collect();
    let check = check(drawn.as_bytes());
    drawn + &check.to_string()
}

/// In groups, as it is read and written down: `ABCDEFG-HJKMNPQ-RSTVWXY`.
pub fn shown(code: &str) -> String {
    let signs: Vec<char> = code.chars().collect();
    signs.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// The code that was meant, however it was typed; `None` for what cannot be one: one wrong sign is noticed.
pub fn read(typed: &str) -> Option<String> {
    let plain = typed.chars().filter(|sign| !sign.is_whitespace() && !matches!(sign, '-' | '–' | '.'));
    let meant = plain.map(|sign| match sign.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        sign => sign,
    });
    let code: String = meant.take(DRAWN + 2).collect();
    let known = code.len() == DRAWN + 1 && code.bytes().all(|sign| SIGNS.contains(&sign));
    (known && code.ends_with(check(&code.as_bytes()[..DRAWN]))).then_some(code)
}

/// What the table keeps of a code.
pub fn digest(code: &str) -> String {
    hex::encode(Sha256::digest(format!("sportello/codice/v1\n{code}")))
}

/// Odd weights: no other sign in one place gives the same.
fn check(drawn: &[u8]) -> char {
    let value = |sign: &u8| SIGNS.iter().position(|one| one == sign).unwrap_or(0);
    let sum: usize = drawn.iter().enumerate().map(|(place, sign)| (2 * place + 1) * value(sign)).sum();
    char::from(SIGNS[sum % SIGNS.len()])
}

#[cfg(test)]
mod tests {
    use base::SeededChance;

    use super::*;

    #[test]
    fn a_code_is_known_however_it_is_typed() {
        let code = fresh(&SeededChance::new(1));
        assert_eq!(code.len(), 21);
        assert_eq!(read(&shown(&code)), Some(code.clone()));
        assert_eq!(read(&format!(" {} ", shown(&code).to_lowercase().replace('0', "o").replace('1', "l"))), Some(code));
    }

    #[test]
    fn one_wrong_sign_is_noticed() {
        let code = fresh(&SeededChance::new(2));
        for place in 0..code.len() {
            for sign in SIGNS {
                let mut other = code.clone().into_bytes();
                other[place] = *sign;
                let other = String::from_utf8(other).expect("letters and digits");
                assert_eq!(read(&other).is_some(), other == code, "{other}");
            }
        }
        assert_eq!((read(""), read(&code[1..]), read(&format!("{code}0"))), (None, None, None));
    }

    #[test]
    fn two_codes_differ() {
        let chance = SeededChance::new(3);
        assert_ne!(fresh(&chance), fresh(&chance));
        assert_ne!(digest("A"), digest("B"));
    }
}
