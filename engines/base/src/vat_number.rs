use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// An Italian VAT number (partita IVA): eleven digits, the last a Luhn check.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VatNumber(String);

/// What is wrong with a VAT number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VatNumberError {
    /// Not eleven digits.
    #[error("a VAT number has eleven digits")]
    Shape,
    /// The last digit does not agree with the others.
    #[error("the last digit of the VAT number does not agree with the others")]
    CheckDigit,
}

impl VatNumber {
    /// The number whose first ten digits are the last ten of `body`, check digit computed: for sample worlds and tests.
    #[must_use]
    pub fn with_check_digit(body: u64) -> Self {
        let body = format!("{:010}", body % 10_000_000_000);
        let check = (10 - luhn_sum(&body) % 10) % 10;
        Self(format!("{body}{check}"))
    }

    /// Eleven digits, no country prefix.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for VatNumber {
    type Err = VatNumberError;

    fn from_str(typed: &str) -> Result<Self, VatNumberError> {
        let text = typed.trim().trim_start_matches("IT").to_owned();
        if text.len() != 11 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(VatNumberError::Shape);
        }
        if luhn_sum(&text).is_multiple_of(10) { Ok(Self(text)) } else { Err(VatNumberError::CheckDigit) }
    }
}

fn luhn_sum(digits: &str) -> u32 {
    digits.bytes().enumerate().map(|(place, byte)| luhn(u32::from(byte - b'0'), place)).sum()
}

fn luhn(digit: u32, place: usize) -> u32 {
    let doubled = digit * 2;
    match (place.is_multiple_of(2), doubled > 9) {
        (true, _) => digit,
        (false, true) => doubled - 9,
        (false, false) => doubled,
    }
}

impl fmt::Display for VatNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for VatNumber {
    type Error = VatNumberError;
    fn try_from(text: String) -> Result<Self, VatNumberError> {
        text.parse()
    }
}

impl From<VatNumber> for String {
    fn from(number: VatNumber) -> Self {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes_the_check_digit() {
        assert_eq!(VatNumber::with_check_digit(764_352_056).as_str(), "07643520567");
        for body in [0, 9, 5_000_000_019, 9_999_999_999] {
            let number = VatNumber::with_check_digit(body);
            assert_eq!(number.as_str().parse(), Ok(number));
        }
    }

    #[test]
    fn checks_shape_and_digit() {
        assert!("07643520567".parse::<VatNumber>().is_ok());
        assert_eq!("07643520568".parse::<VatNumber>(), Err(VatNumberError::CheckDigit));
        assert_eq!("0764352056".parse::<VatNumber>(), Err(VatNumberError::Shape));
    }
}
