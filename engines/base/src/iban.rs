use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Bank coordinates (ISO 13616), normalised: upper case, no spaces. Italian and San Marino ones also have their
/// national check character (CIN) verified, because mod 97 alone accepts coordinates that no Italian bank can have.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Iban(String);

/// What is wrong with bank coordinates; the words for people are in the forms' dictionaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IbanError {
    /// Not two letters, two digits and 11 to 30 letters or digits.
    #[error("an IBAN is two letters, two digits and 11 to 30 letters or digits")]
    Shape,
    /// Italian coordinates have 27 characters.
    #[error("an Italian IBAN has 27 characters")]
    Length,
    /// The two check digits after the country do not agree (ISO 7064 mod 97-10).
    #[error("the check digits of the IBAN do not agree: a character was mistyped or swapped")]
    CheckDigits,
    /// The fifth character, the Italian CIN, does not agree with bank, branch and account.
    #[error("the fifth character (CIN) does not agree with bank, branch and account")]
    NationalCheck,
}

/// Values of characters in odd places, shared by the CIN of bank coordinates and by the fiscal code.
const ODD: [u32; 36] = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, // digits 0-9
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23, // A-Z
];

impl Iban {
    /// Italian coordinates with their check characters computed: for sample worlds and tests.
    ///
    /// Takes the last five digits of `bank` (ABI) and `branch` (CAB) and the last twelve of `account`.
    #[must_use]
    pub fn italian(bank: u32, branch: u32, account: u64) -> Self {
        let rest = format!("{:05}{:05}{:012}", bank % 100_000, branch % 100_000, account % 1_000_000_000_000);
        let cin = char::from(b'A' + u8::try_from(cin_value(rest.as_bytes())).unwrap_or(0));
        let check = 98 - mod_97(format!("IT00{cin}{rest}").as_bytes());
        Self(format!("IT{check:02}{cin}{rest}"))
    }

    /// The country's two letters.
    #[must_use]
    pub fn country(&self) -> &str {
        &self.0[..2]
    }

    /// The bank (ABI) and branch (CAB) of Italian coordinates.
    #[must_use]
    pub fn bank_and_branch(&self) -> Option<(&str, &str)> {
        (self.country() == "IT").then(|| (&self.0[5..10], &self.0[10..15]))
    }

    /// Without spaces, as stored and sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last four characters, the rest hidden: enough to recognise one's own account.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{} •••• {}", &self.0[..4], &self.0[self.0.len() - 4..])
    }
}

impl FromStr for Iban {
    type Err = IbanError;

    fn from_str(typed: &str) -> Result<Self, IbanError> {
        let text: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_uppercase();
        let bytes = text.as_bytes();
        let shape = (15..=34).contains(&bytes.len())
            && bytes[..2].iter().all(u8::is_ascii_uppercase)
            && bytes[2..4].iter().all(u8::is_ascii_digit)
            && bytes[4..].iter().all(u8::is_ascii_alphanumeric);
        if !shape {
            return Err(IbanError::Shape);
        }
        let italian = matches!(&text[..2], "IT" | "SM");
        if italian && text.len() != 27 {
            return Err(IbanError::Length);
        }
        if mod_97(bytes) != 1 {
            return Err(IbanError::CheckDigits);
        }
        if italian && !national_check_agrees(&bytes[4..]) {
            return Err(IbanError::NationalCheck);
        }
        Ok(Self(text))
    }
}

fn mod_97(iban: &[u8]) -> u32 {
    let rotated = iban[4..].iter().chain(&iban[..4]);
    rotated.fold(0, |rest, byte| {
        let value = char::from(*byte).to_digit(36).unwrap_or(0);
        (rest * if value > 9 { 100 } else { 10 } + value) % 97
    })
}

/// CIN: letter, five digits of bank, five of branch, twelve letters or digits of account.
fn national_check_agrees(bban: &[u8]) -> bool {
    let (cin, rest) = (bban[0], &bban[1..]);
    let digits = rest[..10].iter().all(u8::is_ascii_digit);
    digits && u32::from(cin).checked_sub(u32::from(b'A')) == Some(cin_value(rest))
}

/// The place in the alphabet of the letter that belongs to bank, branch and account.
fn cin_value(rest: &[u8]) -> u32 {
    rest.iter().enumerate().map(|(place, byte)| place_value(*byte, place)).sum::<u32>() % 26
}

/// What a character counts in the sums of check letters: of fiscal codes and of Italian account coordinates alike.
pub(crate) fn place_value(byte: u8, place: usize) -> u32 {
    let value = char::from(byte).to_digit(36).unwrap_or(0);
    if place.is_multiple_of(2) {
        ODD[value as usize]
    } else if value > 9 {
        value - 10
    } else {
        value
    }
}

impl fmt::Display for Iban {
    /// In groups of four, as banks print it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, character) in self.0.chars().enumerate() {
            if place > 0 && place.is_multiple_of(4) {
                f.write_str(" ")?;
            }
            write!(f, "{character}")?;
        }
        Ok(())
    }
}

impl TryFrom<String> for Iban {
    type Error = IbanError;
    fn try_from(text: String) -> Result<Self, IbanError> {
        text.parse()
    }
}

impl From<Iban> for String {
    fn from(iban: Iban) -> Self {
        iban.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GOOD: &str = "IT60X0542811101000000123456";

    #[test]
    fn reads_good_coordinates() {
        let iban: Iban = " it60 x054 2811 1010 0000 0123 456 ".parse().unwrap();
        assert_eq!(iban.bank_and_branch(), Some(("05428", "11101")));
        assert_eq!(iban.to_string(), "IT60 X054 2811 1010 0000 0123 456");
        assert_eq!(iban.masked(), "IT60 •••• 3456");
        assert!("DE89370400440532013000".parse::<Iban>().is_ok());
    }

    #[test]
    fn tells_what_is_wrong() {
        let error = |text: &str| text.parse::<Iban>().unwrap_err();
        assert_eq!(error("IT61X0542811101000000123456"), IbanError::CheckDigits);
        assert_eq!(error("IT60X054281110100000012345"), IbanError::Length);
        assert_eq!(error("ciao"), IbanError::Shape);
        // Right by mod 97, impossible at any Italian bank.
        assert_eq!(error("IT64Y0542811101000000123456"), IbanError::NationalCheck);
    }

    #[test]
    fn computes_the_check_characters() {
        assert_eq!(Iban::italian(5428, 11101, 123_456).as_str(), GOOD);
    }

    proptest! {
        #[test]
        fn computed_coordinates_are_valid(bank: u32, branch: u32, account: u64) {
            let iban = Iban::italian(bank, branch, account);
            prop_assert_eq!(iban.as_str().parse(), Ok(iban.clone()));
        }

        #[test]
        fn one_wrong_digit_is_always_found(place in 2usize..27, digit in 0u8..10) {
            let mut bytes = GOOD.as_bytes().to_vec();
            prop_assume!(bytes[place].is_ascii_digit() && bytes[place] != b'0' + digit);
            bytes[place] = b'0' + digit;
            prop_assert!(String::from_utf8(bytes).unwrap().parse::<Iban>().is_err());
        }

        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,40}") {
            let _ = text.parse::<Iban>();
        }
    }
}
