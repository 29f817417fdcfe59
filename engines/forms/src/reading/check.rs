//! Whether a value is one that a question takes. Typed, prefilled and stored answers all pass here.

use base::{Date, Language};
use rules::{Value, shown_money};

use crate::{DateBound, Files, Kind, declared::MAX_CHARACTERS, problem::Problem};

/// Whether `value` is an answer of this kind within its bounds. [`Value::Null`] always is: who must answer is another
/// matter.
pub(crate) fn check(kind: &Kind, value: &Value, today: Date) -> Result<(), Problem> {
    match (kind, value) {
        (_, Value::Null) => Ok(()),
        (Kind::Number { min, max }, Value::Int(number)) => within(number, min, max, i64::to_string),
        (Kind::Money { min, max }, Value::Dec(amount)) => {
            within(amount, min, max, |amount| shown_money(*amount, Language::Italian))
        }
        (Kind::Date { min, max }, Value::Date(day)) => date(*day, *min, *max, today),
        (Kind::YesNo, Value::Bool(_)) | (Kind::Declaration { .. }, Value::Bool(true)) => Ok(()),
        (Kind::Declaration { .. }, Value::Bool(false)) => Err(Problem::NotAccepted),
        (kind, Value::Text(text)) => check_text(kind, text),
        _ => Err(Problem::Unusable),
    }
}

fn check_text(kind: &Kind, text: &str) -> Result<(), Problem> {
    match kind {
        Kind::Text { max_length, pattern } => {
            let fits = pattern.as_ref().is_none_or(|mask| matches_mask(mask, text));
            short(text, *max_length).and(if fits {
                Ok(())
            } else {
                Err(Problem::Pattern(pattern.clone().unwrap_or_default()))
            })
        }
        Kind::LongText { max_length } => short(text, *max_length),
        Kind::Choice(options) => accept(options.iter().any(|option| option.value == text), Problem::NotAnOption),
        Kind::Choices(options) => {
            let known = text.split(',').all(|value| options.iter().any(|option| option.value == value));
            accept(known, Problem::NotAnOption)
        }
        Kind::FiscalCode => text.parse::<base::FiscalCode>().map(drop).map_err(Problem::FiscalCode),
        Kind::Iban => text.parse::<base::Iban>().map(drop).map_err(Problem::Iban),
        Kind::Email => accept(base::is_email(text), Problem::Email),
        Kind::Phone => accept(is_phone(text), Problem::Phone),
        Kind::PostalCode => accept(text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()), Problem::PostalCode),
        Kind::Attachment(files) => check_files(files, text),
        _ => Err(Problem::Unusable),
    }
}

fn accept(right: bool, problem: Problem) -> Result<(), Problem> {
    if right { Ok(()) } else { Err(problem) }
}

fn short(text: &str, max: usize) -> Result<(), Problem> {
    let max = max.min(MAX_CHARACTERS);
    accept(text.chars().count() <= max, Problem::TooLong(max))
}

fn within<T: PartialOrd>(value: &T, min: &T, max: &T, show: impl Fn(&T) -> String) -> Result<(), Problem> {
    if value < min {
        return Err(Problem::TooSmall(show(min)));
    }
    accept(value <= max, Problem::TooLarge(show(max)))
}

fn date(day: Date, min: Option<DateBound>, max: Option<DateBound>, today: Date) -> Result<(), Problem> {
    let (first, last) = (min.map(|bound| bound.day(today)), max.map(|bound| bound.day(today)));
    match (first, last) {
        (Some(first), _) if day < first => Err(Problem::TooEarly(first)),
        (_, Some(last)) if last < day => Err(Problem::TooLate(last)),
        _ => Ok(()),
    }
}

/// `9` a digit, `A` a letter, `*` either, anything else itself.
fn matches_mask(mask: &str, text: &str) -> bool {
    let fits = |(wanted, given): (char, char)| match wanted {
        '9' => given.is_ascii_digit(),
        'A' => given.is_ascii_alphabetic(),
        '*' => given.is_ascii_alphanumeric(),
        other => other == given,
    };
    mask.chars().count() == text.chars().count() && mask.chars().zip(text.chars()).all(fits)
}

fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (6..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

fn check_files(files: &Files, text: &str) -> Result<(), Problem> {
    let ids: Vec<&str> = text.split(',').collect();
    if files.max_count < ids.len() {
        return Err(Problem::TooManyFiles(files.max_count));
    }
    let plain =
        |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    accept(ids.iter().all(plain), Problem::NotAFile)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;

    #[test]
    fn masks_fit_whole_texts() {
        assert!(matches_mask("AA999AA", "FX123ZZ"));
        assert!(!matches_mask("AA999AA", "FX123Z"));
        assert!(matches_mask("n. *9", "n. x1"));
    }

    #[test]
    fn bounds_speak_as_people_write() {
        let kind = Kind::Money { min: Decimal::ZERO, max: Decimal::from(1000) };
        let today = Date::constant(2026, 1, 1);
        assert_eq!(
            check(&kind, &Value::Dec(Decimal::from(1001)), today),
            Err(Problem::TooLarge("1.000,00\u{a0}€".into()))
        );
        assert_eq!(check(&kind, &Value::Bool(true), today), Err(Problem::Unusable));
        assert_eq!(check(&kind, &Value::Null, today), Ok(()));
    }
}
