use std::{fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::iban::place_value;

/// A personal fiscal code (codice fiscale, D.M. 23/12/1976): sixteen characters, check letter verified, as it was
/// issued. Two people who would share a code get an *omocode*, in which digits are replaced by letters:
/// [`FiscalCode::canonical`] gives the form with digits, which is **not** the same person's code.
///
/// Never infer an age from it: the year has two digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FiscalCode(String);

/// What is wrong with a typed fiscal code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FiscalCodeError {
    /// Not sixteen characters of the right kind in the right places.
    #[error(
        "a fiscal code has sixteen characters: six letters, two digits, a letter, two digits, a letter, three digits, a letter"
    )]
    Shape,
    /// The ninth character is not a month letter (ABCDEHLMPRST), or the day is not 1-31 or 41-71.
    #[error("the date inside the fiscal code does not exist")]
    Date,
    /// The sixteenth letter does not agree with the others.
    #[error("the last letter of the fiscal code does not agree with the others: a character was mistyped")]
    CheckLetter,
}

/// The sex recorded at the registry office, as the code encodes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sex {
    /// Female: 40 is added to the day.
    F,
    /// Male.
    M,
}

/// Surname and given name as the registry office writes them, accents included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonName {
    /// Cognome.
    pub surname: String,
    /// Nome.
    pub given: String,
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.given, self.surname)
    }
}

const MONTH_LETTERS: &[u8; 12] = b"ABCDEHLMPRST";
/// The letters that stand for 0-9 in an omocode.
const OMOCODE_LETTERS: &[u8; 10] = b"LMNPQRSTUV";
/// Places of digits, 0-based; an omocode replaces them from the last to the first.
const DIGIT_PLACES: [usize; 7] = [6, 7, 9, 10, 12, 13, 14];

impl FiscalCode {
    /// The code that the tax office computes from a person's data, before any omocode.
    ///
    /// `place` is the Belfiore code of the municipality or country of birth (`H501` is Rome).
    ///
    /// # Errors
    /// [`FiscalCodeError::Shape`] when `place` is not a letter and three digits.
    pub fn encode(name: &PersonName, born: Date, sex: Sex, place: &str) -> Result<Self, FiscalCodeError> {
        let day = born.day() + if sex == Sex::F { 40 } else { 0 };
        let month = char::from(MONTH_LETTERS[usize::from(born.month().unsigned_abs()) - 1]);
        let year = born.year().rem_euclid(100);
        let body =
            format!("{}{}{year:02}{month}{day:02}{place}", surname_letters(&name.surname), given_letters(&name.given));
        if body.len() != 15 {
            return Err(FiscalCodeError::Shape);
        }
        format!("{body}{}", check_letter(body.as_bytes())).parse()
    }

    /// As issued, upper case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same code with the letters of an omocode turned back into digits and its check letter recomputed.
    #[must_use]
    pub fn canonical(&self) -> String {
        let body = with_digits(self.0.as_bytes());
        let check = check_letter(&body[..15]);
        body[..15].iter().map(|byte| char::from(*byte)).chain([check]).collect()
    }

    /// Whether digits were replaced by letters because another person has the same plain code.
    #[must_use]
    pub fn is_omocode(&self) -> bool {
        DIGIT_PLACES.iter().any(|place| !self.0.as_bytes()[*place].is_ascii_digit())
    }

    /// The omocode number `variant` (1 to 127) of this code: bit *k* replaces the *k*-th digit from the right.
    ///
    /// # Panics
    /// When `variant` is above 127.
    #[must_use]
    pub fn omocode(&self, variant: u8) -> Self {
        assert!(variant < 128, "there are 127 omocodes of a code");
        let mut body = with_digits(self.0.as_bytes());
        for (bit, place) in DIGIT_PLACES.iter().rev().enumerate() {
            if variant >> bit & 1 == 1 {
                body[*place] = OMOCODE_LETTERS[usize::from(body[*place] - b'0')];
            }
        }
        body[15] = check_letter(&body[..15]) as u8;
        Self(body.iter().map(|byte| char::from(*byte)).collect())
    }

    /// The birthday inside the code: last two digits of the year, month, day. The century is not in it.
    #[must_use]
    pub fn birthday(&self) -> (u8, u8, u8) {
        let plain = with_digits(self.0.as_bytes());
        let year = (plain[6] - b'0') * 10 + (plain[7] - b'0');
        let month = MONTH_LETTERS.iter().position(|letter| *letter == plain[8]).unwrap_or(0);
        (year, u8::try_from(month + 1).unwrap_or(1), day_field(&plain) % 40)
    }

    /// Whether somebody born on this day, in whatever century, can have this code.
    #[must_use]
    pub fn fits(&self, born: Date) -> bool {
        let (year, month, day) = self.birthday();
        let as_written = |number: i8| u8::try_from(number).unwrap_or(0);
        born.year().rem_euclid(100) == i16::from(year)
            && as_written(born.month()) == month
            && as_written(born.day()) == day
    }

    /// The latest day up to `today` on which somebody with this code can have been born: of the centuries that it does not
    /// say the present one, where that has come so far.
    ///
    /// ```
    /// let code: base::FiscalCode = "DMSMRA80A41H501R".parse()?;
    /// assert_eq!(code.born_at_latest("2026-11-21".parse().unwrap()), Some("1980-01-01".parse().unwrap()));
    /// # Ok::<(), base::FiscalCodeError>(())
    /// ```
    #[must_use]
    pub fn born_at_latest(&self, today: Date) -> Option<Date> {
        let (year, month, day) = self.birthday();
        let century = today.year() - today.year().rem_euclid(100);
        let on = |century: i16| {
            Date::new(century + i16::from(year), i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        };
        on(century).filter(|born| *born <= today).or_else(|| on(century - 100))
    }

    /// Whether somebody of this surname can have this code: its first three letters come from it.
    ///
    /// ```
    /// let code: base::FiscalCode = "DMSMRA80A41H501R".parse()?;
    /// assert!(code.is_of_surname("Dimostrativa") && !code.is_of_surname("Prova"));
    /// # Ok::<(), base::FiscalCodeError>(())
    /// ```
    #[must_use]
    pub fn is_of_surname(&self, surname: &str) -> bool {
        !letters(surname).is_empty() && self.0.starts_with(&surname_letters(surname))
    }

    /// The sex that the day encodes.
    #[must_use]
    pub fn sex(&self) -> Sex {
        if day_field(&with_digits(self.0.as_bytes())) > 40 { Sex::F } else { Sex::M }
    }
}

impl FromStr for FiscalCode {
    type Err = FiscalCodeError;

    fn from_str(typed: &str) -> Result<Self, FiscalCodeError> {
        let text: String = typed.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_uppercase();
        let bytes = text.as_bytes();
        if bytes.len() != 16 || !bytes.iter().enumerate().all(|(place, byte)| fits(place, *byte)) {
            return Err(FiscalCodeError::Shape);
        }
        let plain = with_digits(bytes);
        let day = day_field(&plain);
        if !MONTH_LETTERS.contains(&bytes[8]) || !(matches!(day, 1..=31) || matches!(day, 41..=71)) {
            return Err(FiscalCodeError::Date);
        }
        if check_letter(&bytes[..15]) != char::from(bytes[15]) {
            return Err(FiscalCodeError::CheckLetter);
        }
        Ok(Self(text))
    }
}

fn fits(place: usize, byte: u8) -> bool {
    if DIGIT_PLACES.contains(&place) {
        byte.is_ascii_digit() || OMOCODE_LETTERS.contains(&byte)
    } else {
        byte.is_ascii_uppercase()
    }
}

fn with_digits(code: &[u8]) -> [u8; 16] {
    let mut plain = [0; 16];
    plain.copy_from_slice(&code[..16]);
    for place in DIGIT_PLACES {
        if let Some(digit) = OMOCODE_LETTERS.iter().position(|letter| *letter == plain[place]) {
            plain[place] = b'0' + u8::try_from(digit).unwrap_or(0);
        }
    }
    plain
}

fn day_field(plain: &[u8; 16]) -> u8 {
    (plain[9] - b'0') * 10 + (plain[10] - b'0')
}

fn check_letter(body: &[u8]) -> char {
    let sum: u32 = body.iter().enumerate().map(|(place, byte)| place_value(*byte, place)).sum();
    char::from(b'A' + u8::try_from(sum % 26).unwrap_or(0))
}

/// Plain upper-case letters of a name: accents dropped (`È` is E), apostrophes and spaces left out.
fn letters(name: &str) -> Vec<char> {
    name.to_uppercase().chars().flat_map(unaccented).filter(char::is_ascii_uppercase).collect()
}

fn unaccented(letter: char) -> Vec<char> {
    let plain = match letter {
        'À' | 'Á' | 'Â' | 'Ã' | 'Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'Ä' | 'Æ' => "AE",
        'Ç' | 'Č' | 'Ć' => "C",
        'Đ' | 'Ď' => "D",
        'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ę' | 'Ě' => "E",
        'Ğ' => "G",
        'Ì' | 'Í' | 'Î' | 'Ï' | 'Ī' | 'İ' => "I",
        'Ł' => "L",
        'Ñ' | 'Ń' | 'Ň' => "N",
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ø' | 'Ő' => "O",
        'Ö' | 'Œ' => "OE",
        'Ř' => "R",
        'Š' | 'Ś' | 'Ş' | 'Ș' => "S",
        'Ť' | 'Ț' => "T",
        'Ù' | 'Ú' | 'Û' | 'Ū' | 'Ů' | 'Ű' => "U",
        'Ü' => "UE",
        'Ý' | 'Ÿ' => "Y",
        'Ž' | 'Ź' | 'Ż' => "Z",
        other => return vec![other],
    };
    plain.chars().collect()
}

fn is_vowel(letter: char) -> bool {
    matches!(letter, 'A' | 'E' | 'I' | 'O' | 'U')
}

fn three(letters: impl Iterator<Item = char>) -> String {
    letters.chain(std::iter::repeat('X')).take(3).collect()
}

fn surname_letters(surname: &str) -> String {
    let (vowels, consonants): (Vec<_>, Vec<_>) = letters(surname).into_iter().partition(|letter| is_vowel(*letter));
    three(consonants.into_iter().chain(vowels))
}

/// With four or more consonants the second is skipped.
fn given_letters(given: &str) -> String {
    let (vowels, mut consonants): (Vec<_>, Vec<_>) = letters(given).into_iter().partition(|letter| is_vowel(*letter));
    if consonants.len() > 3 {
        consonants.remove(1);
    }
    three(consonants.into_iter().chain(vowels))
}

impl fmt::Display for FiscalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for FiscalCode {
    type Error = FiscalCodeError;
    fn try_from(text: String) -> Result<Self, FiscalCodeError> {
        text.parse()
    }
}

impl From<FiscalCode> for String {
    fn from(code: FiscalCode) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn code(surname: &str, given: &str, born: Date, sex: Sex, place: &str) -> String {
        let name = PersonName { surname: surname.to_owned(), given: given.to_owned() };
        FiscalCode::encode(&name, born, sex, place).unwrap().to_string()
    }

    #[test]
    fn encodes_the_published_examples() {
        assert_eq!(code("Verdi", "Gianfranco", date(1955, 7, 4), Sex::M, "D612"), "VRDGFR55L04D612V");
        assert_eq!(code("Bianchi", "Anna", date(1990, 8, 9), Sex::F, "Z404"), "BNCNNA90M49Z404C");
        assert_eq!(code("Òdo", "Èva", date(1969, 10, 14), Sex::F, "H501"), "DOOVEA69R54H501Y");
    }

    #[test]
    fn accepts_omocodes_and_refuses_mistakes() {
        let omocode: FiscalCode = "RSSMRA80T10H5L1U".parse().unwrap();
        assert!(omocode.is_omocode());
        assert_eq!(omocode.canonical(), "RSSMRA80T10H501J");
        assert_eq!("RSSMRAULTMLHRLMD".parse::<FiscalCode>().unwrap().canonical(), "RSSMRA80T10H501J");
        assert_eq!("RSSMRA80T10H501M".parse::<FiscalCode>(), Err(FiscalCodeError::CheckLetter));
        assert_eq!("RSSMRA80T10H5O1J".parse::<FiscalCode>(), Err(FiscalCodeError::Shape));
        assert_eq!("RSSMRA80X10H501J".parse::<FiscalCode>(), Err(FiscalCodeError::Date));
    }

    #[test]
    fn all_127_omocodes_are_valid_and_lead_back() {
        let plain: FiscalCode = "RSSMRA80T10H501J".parse().unwrap();
        for variant in 1..128 {
            let omocode = plain.omocode(variant);
            assert_eq!(omocode.as_str().parse::<FiscalCode>().as_ref(), Ok(&omocode));
            assert_eq!(omocode.canonical(), "RSSMRA80T10H501J");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,20}") {
            let _ = text.parse::<FiscalCode>();
        }
    }
}
