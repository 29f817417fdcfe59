use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A number in a protocol register (art. 53 D.P.R. 445/2000): yearly, from 1, without holes. Displayed as on paper:
/// `0000123/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProtocolNumber {
    /// From 1.
    pub number: i64,
    /// The year of the register, in Italian time.
    pub year: i16,
}

impl ProtocolNumber {
    /// As part of the name of a file, which cannot hold a slash: `0000123-2026`.
    #[must_use]
    pub fn in_file_name(self) -> String {
        format!("{}-{}", self.digits(), self.year)
    }

    /// Without its year, at least seven digits (art. 57 D.P.R. 445/2000): `0000123`.
    #[must_use]
    pub fn digits(self) -> String {
        format!("{:07}", self.number)
    }
}

impl fmt::Display for ProtocolNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.digits(), self.year)
    }
}

/// Why a text is no protocol number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a protocol number: write for example 0000123/2026")]
pub struct ProtocolNumberError;

impl FromStr for ProtocolNumber {
    type Err = ProtocolNumberError;

    /// Reads `0000123/2026`, also without the zeros.
    fn from_str(text: &str) -> Result<Self, ProtocolNumberError> {
        let (number, year) = text.trim().split_once('/').ok_or(ProtocolNumberError)?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(number) || !digits(year) || year.len() != 4 {
            return Err(ProtocolNumberError);
        }
        let (number, year) = (number.parse().ok(), year.parse().ok());
        number.zip(year).map(|(number, year)| Self { number, year }).ok_or(ProtocolNumberError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn it_is_written_as_on_paper_and_as_in_a_file_name() {
        let first = ProtocolNumber { number: 123, year: 2026 };
        assert_eq!((first.to_string().as_str(), first.in_file_name().as_str()), ("0000123/2026", "0000123-2026"));
        assert_eq!(ProtocolNumber { number: 12_345_678, year: 2026 }.to_string(), "12345678/2026");
        for wrong in ["", "123", "/2026", "123/26", "-1/2026", "1/2/2026", "uno/2026", "99999999999999999999/2026"] {
            assert_eq!(wrong.parse::<ProtocolNumber>(), Err(ProtocolNumberError), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_read_back(number in 1i64.., year in 1000i16..=9999) {
            let one = ProtocolNumber { number, year };
            prop_assert_eq!(one.to_string().parse(), Ok(one));
        }
    }
}
