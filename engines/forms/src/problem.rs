use base::{Date, FiscalCodeError, IbanError, Sex, Translated};
use serde::{Deserialize, Serialize};

use crate::Path;

/// What is wrong with an answer, in words for the person who gave it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The answer, or the group.
    pub path: Path,
    /// A stable name for tests and statistics: `required`, `not-a-date`, `iban-check-digits`…
    pub code: String,
    /// What is wrong and how to mend it.
    pub text: Translated,
}

/// Everything that can be wrong with one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    Required,
    ChoiceRequired,
    NotAccepted,
    NotADate,
    TooEarly(Date),
    TooLate(Date),
    NotWhole,
    NotMoney,
    TooSmall(String),
    TooLarge(String),
    TooLong(usize),
    Pattern(String),
    NotAnOption,
    FiscalCode(FiscalCodeError),
    Iban(IbanError),
    Email,
    Phone,
    PostalCode,
    TooManyFiles(usize),
    NotAFile,
    TooFewRows(usize),
    TooManyRows(usize),
    /// The same person stands twice in a list.
    Double,
    /// The fiscal code holds another birthday: last two digits of the year, month, day.
    OtherBirthday((u8, u8, u8)),
    /// The fiscal code holds another birthday than a registry.
    CodeOfAnother((u8, u8, u8)),
    /// The fiscal code holds another sex.
    OtherSex(Sex),
    /// A registry gave a value of another kind.
    Unusable,
}

impl Problem {
    /// The same where the code alone can be mended.
    pub fn of_code(self) -> Self {
        if let Self::OtherBirthday(birthday) = self { Self::CodeOfAnother(birthday) } else { self }
    }

    pub fn at(self, path: Path) -> FieldError {
        FieldError { path, code: self.code().to_owned(), text: self.text() }
    }

    /// Whether the text was not understood, so that the question's own `error` text fits better.
    pub const fn is_about_form(&self) -> bool {
        !matches!(
            self,
            Self::Required | Self::ChoiceRequired | Self::NotAccepted | Self::TooFewRows(_) | Self::TooManyRows(_)
        )
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::Required | Self::ChoiceRequired => "required",
            Self::NotAccepted => "not-accepted",
            Self::NotADate => "not-a-date",
            Self::TooEarly(_) => "too-early",
            Self::TooLate(_) => "too-late",
            Self::NotWhole => "not-a-whole-number",
            Self::NotMoney => "not-money",
            Self::TooSmall(_) => "too-small",
            Self::TooLarge(_) => "too-large",
            Self::TooLong(_) => "too-long",
            Self::Pattern(_) => "pattern",
            Self::NotAnOption => "not-an-option",
            Self::FiscalCode(FiscalCodeError::Shape) => "fiscal-code-shape",
            Self::FiscalCode(FiscalCodeError::Date) => "fiscal-code-date",
            Self::FiscalCode(FiscalCodeError::CheckLetter) => "fiscal-code-check-letter",
            Self::Iban(IbanError::Shape) => "iban-shape",
            Self::Iban(IbanError::Length) => "iban-length",
            Self::Iban(IbanError::CheckDigits) => "iban-check-digits",
            Self::Iban(IbanError::NationalCheck) => "iban-national-check",
            Self::Email => "not-an-email",
            Self::Phone => "not-a-phone",
            Self::PostalCode => "not-a-postal-code",
            Self::TooManyFiles(_) => "too-many-files",
            Self::NotAFile => "not-a-file",
            Self::TooFewRows(_) => "too-few",
            Self::Double => "double",
            Self::OtherBirthday(_) | Self::CodeOfAnother(_) => "fiscal-code-birthday",
            Self::OtherSex(_) => "fiscal-code-sex",
            Self::TooManyRows(_) => "too-many",
            Self::Unusable => "unusable",
        }
    }
}
